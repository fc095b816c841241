"""The routes: what is not from Slack never reaches the bot, whose own checks are off because these are here."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from bot.clock import FrozenClock
from bot.web.app import build_web
from bot.web.operations import Operations
from bot.web.requests import LARGEST_BODY, Verifier
from tests.web.test_requests import NOW, SECRET, signed


class NeverAsked:
    """An app that must not be asked."""

    async def async_dispatch(self, request: Any) -> Any:
        raise AssertionError("a request that is not Slack's reached the bot")


async def post(
    body: bytes, headers: dict[str, str], *, missing: list[str] | None = None, path: str = ""
) -> int:
    """POST a body as ASGI gives it (or GET `path`), and return the status."""

    async def readiness() -> list[str]:
        return missing or []

    app: AsyncApp = NeverAsked()  # type: ignore[assignment]
    web = build_web(app, Verifier(SECRET, FrozenClock(NOW)), Operations(readiness))
    scope = {
        "type": "http",
        "method": "GET" if path else "POST",
        "path": path or "/slack/events",
        "query_string": b"",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await web(scope, receive, send)
    return int(sent[0]["status"])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(b"another body"),
        signed(b"command=/ask", secret="guessed"),
        {"x-slack-signature": "v0=\xfc"},
    ],
)
async def test_a_forged_request_is_turned_away_at_the_door(headers: dict[str, str]) -> None:
    assert await post(b"command=/ask", headers) == 401


async def test_a_body_larger_than_anything_slack_sends_is_not_read() -> None:
    assert await post(b"x" * (LARGEST_BODY + 1), signed(b"")) == 413


async def test_what_slack_signed_and_nobody_can_read_is_said_to_be_so() -> None:
    headers = {**signed(b"{"), "content-type": "application/json"}
    assert await post(b"{", headers) == 400


async def test_slacks_own_questions_are_answered_without_the_bot() -> None:
    body = b'{"type":"url_verification","challenge":"abc"}'
    assert await post(body, {**signed(body), "content-type": "application/json"}) == 200
    assert await post(b"ssl_check=1", signed(b"ssl_check=1")) == 200


async def test_alive_and_ready_are_two_things() -> None:
    assert await post(b"", {}, path="/healthz", missing=["database"]) == 200
    assert await post(b"", {}, path="/readyz", missing=["database"]) == 503
    assert await post(b"", {}, path="/readyz") == 200
