"""Is it really Slack, and what does it say."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from bot.clock import FrozenClock
from bot.web.requests import Forged, Malformed, Verifier, read_body

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)


def signed(body: bytes, *, at: datetime = NOW, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"}


def verifier() -> Verifier:
    return Verifier(SECRET, FrozenClock(NOW))


def test_a_signed_request_passes() -> None:
    verifier().check(b"text=payload", signed(b"text=payload"))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-slack-request-timestamp": "soon", "x-slack-signature": "v0=abc"},
        {"x-slack-request-timestamp": "9" * 400, "x-slack-signature": "v0=abc"},
        {"x-slack-request-timestamp": str(int(NOW.timestamp())), "x-slack-signature": "v0=ü"},
        {"x-slack-request-timestamp": str(int(NOW.timestamp())), "x-slack-signature": "v0=" + "0" * 64},
        signed(b"another body"),
        signed(b"text=hi", secret="another secret"),
        signed(b"text=hi", at=NOW - timedelta(minutes=6)),
        signed(b"text=hi", at=NOW + timedelta(minutes=6)),
    ],
)
def test_a_forged_an_old_and_a_malformed_one_do_not(headers: dict[str, str]) -> None:
    with pytest.raises(Forged):
        verifier().check(b"text=hi", headers)


def test_bytes_that_are_no_text_are_forged() -> None:
    with pytest.raises(Forged):
        verifier().check(b"\xff\xfe", signed(b"\xff\xfe"))


def test_a_command_may_say_payload() -> None:
    form = urlencode({"command": "/ask", "text": "my payload=is big & heavy"})
    assert (
        read_body(form.encode(), "application/x-www-form-urlencoded")["text"] == "my payload=is big & heavy"
    )


def test_an_interaction_is_the_json_in_its_field() -> None:
    form = urlencode({"payload": json.dumps({"type": "block_actions"})})
    assert read_body(form.encode(), "application/x-www-form-urlencoded") == {"type": "block_actions"}


def test_an_event_is_json() -> None:
    assert read_body(b'{"type":"event_callback"}', "application/json; charset=utf-8") == {
        "type": "event_callback"
    }


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"payload=%7B", "application/x-www-form-urlencoded"),
        (b'payload="x"', "application/x-www-form-urlencoded"),
    ],
)
def test_what_cannot_be_read_is_malformed(body: bytes, kind: str) -> None:
    with pytest.raises(Malformed):
        read_body(body, kind)
