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


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-slack-request-timestamp": "soon", "x-slack-signature": "v0=" + "0" * 64},
        {**signed(b""), "x-slack-signature": "v0="},
        {**signed(b""), "x-slack-request-timestamp": "١٢٣"},
        signed(b"", at=NOW - timedelta(minutes=6)),
    ],
)
def test_what_no_body_can_make_right_is_known_before_the_body(headers: dict[str, str]) -> None:
    with pytest.raises(Forged):
        verifier().check_headers(headers)


def test_slacks_own_example_passes() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
        b"%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    then = datetime.fromtimestamp(1531420618, UTC)
    headers = {
        "x-slack-request-timestamp": "1531420618",
        "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    }
    Verifier("8f742231b10e8888abcd99yyyzzz85a5", FrozenClock(then)).check(body, headers)


def test_a_command_may_say_payload() -> None:
    form = urlencode({"command": "/ask", "text": "my payload=is big & heavy"})
    assert (
        read_body(form.encode(), "application/x-www-form-urlencoded")["text"] == "my payload=is big & heavy"
    )


def test_an_interaction_is_the_json_in_its_field() -> None:
    form = urlencode({"payload": json.dumps({"type": "shortcut", "callback_id": "x"})})
    assert read_body(form.encode(), "application/x-www-form-urlencoded") == {
        "type": "shortcut",
        "callback_id": "x",
    }


def test_an_event_is_json() -> None:
    assert read_body(b'{"type":"url_verification"}', "application/json; charset=utf-8") == {
        "type": "url_verification"
    }


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"payload=%7B", "application/x-www-form-urlencoded"),
        (b'payload="x"', "application/x-www-form-urlencoded"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b'{"a":' * 100_000, "application/json"),
        (b'{"a":' + b"9" * 5_000 + b"}", "application/json"),
    ],
)
def test_what_cannot_be_read_is_malformed(body: bytes, kind: str) -> None:
    with pytest.raises(Malformed):
        read_body(body, kind)
