"""What Slack sends over HTTP: is it really Slack, and what does it say.

Bolt reads a form's body only when the word "payload" is not in it (a command's text may hold it), and answers a
malformed time stamp with a traceback. So both are done here, and Bolt gets the body as it gets it in Socket Mode.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from bot.clock import Clock
from bot.slack.shapes import is_readable

# The largest thing Slack sends is a view of 250 kB with its state, form-encoded.
LARGEST_BODY = 2 * 1024 * 1024
# A signature is as old as this at most, or as far ahead of our clock.
OLDEST_SECONDS = 5 * 60
_VERSION, _HEX = "v0=", 64


class Forged(Exception):
    """The signature is missing, wrong or too old: it was not Slack, or not now."""


class Malformed(Exception):
    """It came from Slack, and cannot be read."""


class Verifier:
    """Checks Slack's signature: HMAC-SHA256 over the raw body, at most five minutes old."""

    def __init__(self, signing_secret: str, clock: Clock) -> None:
        self._secret = signing_secret.encode()
        self._clock = clock

    def check_headers(self, headers: Mapping[str, str]) -> None:
        """Raise `Forged` for what no body can make right: then there is no need to read one."""
        timestamp = headers.get("x-slack-request-timestamp", "")
        signature = headers.get("x-slack-signature", "")
        if not (timestamp.isascii() and timestamp.isdecimal()) or len(timestamp) > 12:
            raise Forged
        if not signature.isascii() or not signature.startswith(_VERSION):
            raise Forged
        if len(signature) != len(_VERSION) + _HEX:
            raise Forged
        if abs(self._clock.now().timestamp() - int(timestamp)) > OLDEST_SECONDS:
            raise Forged

    def check(self, body: bytes, headers: Mapping[str, str]) -> None:
        """Let it pass, or raise `Forged`."""
        self.check_headers(headers)
        said = b"v0:" + headers["x-slack-request-timestamp"].encode() + b":" + body
        expected = _VERSION + hmac.digest(self._secret, said, "sha256").hex()
        if not hmac.compare_digest(expected, headers["x-slack-signature"]):
            raise Forged


def read_body(body: bytes, content_type: str) -> dict[str, Any]:
    """The payload: a JSON body, the form's `payload` field, or the form itself.

    Raises `Malformed`.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed from None
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
    except (ValueError, RecursionError):
        # Not JSON, a number of thousands of digits, or brackets without end.
        raise Malformed from None
    if not isinstance(value, dict) or not is_readable(value):
        raise Malformed
    return value
