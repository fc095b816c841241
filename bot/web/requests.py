"""What Slack sends over HTTP: is it really Slack, and what does it say.

Bolt reads a form's body only when the word "payload" is not in it (a command's text may hold it), and answers a
malformed time stamp with a traceback. So both are done here, and Bolt gets the body as it gets it in Socket Mode.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from slack_sdk.signature import Clock as SdkClock
from slack_sdk.signature import SignatureVerifier

from bot.clock import Clock

# The largest thing Slack sends is a view of 250 kB with its state, form-encoded.
LARGEST_BODY = 2 * 1024 * 1024


class Forged(Exception):
    """The signature is missing, wrong or too old: it was not Slack, or not now."""


class Malformed(Exception):
    """It came from Slack, and cannot be read."""


class Verifier:
    """Checks Slack's signature: HMAC-SHA256 over the raw body, at most five minutes old."""

    def __init__(self, signing_secret: str, clock: Clock) -> None:
        self._verifier = SignatureVerifier(signing_secret, _Seconds(clock))

    def check(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Let it pass, or raise `Forged`."""
        timestamp = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        if not timestamp.isdecimal() or len(timestamp) > 12 or not signature.isascii():
            raise Forged
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            raise Forged from None
        if not self._verifier.is_valid(text, timestamp, signature):
            raise Forged


class _Seconds(SdkClock):
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock.now().timestamp()


def read_body(body: bytes, content_type: str) -> dict[str, Any]:
    """The payload: a JSON body, the form's `payload` field, or the form itself.

    Raises `Malformed`.
    """
    text = body.decode("utf-8")
    if content_type.partition(";")[0].strip().lower() == "application/json":
        return _json(text)
    form = dict(parse_qsl(text, keep_blank_values=True))
    # A slash command has fields of its own; everything else is one field.
    if "payload" in form and "command" not in form:
        return _json(form["payload"])
    return dict(form)


def _json(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        raise Malformed from None
    if not isinstance(value, dict):
        raise Malformed
    return value
