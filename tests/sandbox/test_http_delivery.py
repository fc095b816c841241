"""Delivery over HTTP: signatures, encodings, answers, retries."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from bot.sandbox import LocalWorkspace
from bot.sandbox.delivery.http import sign
from tests.sandbox.conftest import SteeredClock, a_client, a_seed
from tests.sandbox.kit import actions, button

Answer = Callable[[web.Request], Awaitable[web.Response]]


class Receiver:
    """An app's HTTP side: keeps what came and answers as told."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], str]] = []
        self.answers: list[web.Response] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.requests.append((dict(request.headers), await request.text()))
        return self.answers.pop(0) if self.answers else web.Response()

    def header(self, name: str) -> list[str | None]:
        return [headers.get(name) for headers, _ in self.requests]


@pytest.fixture
async def receiver() -> AsyncIterator[tuple[Receiver, str]]:
    there = Receiver()
    application = web.Application()
    application.router.add_post("/slack/events", there.answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield there, f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    await runner.cleanup()


@pytest.fixture
async def slack(clock: SteeredClock, receiver: tuple[Receiver, str]) -> AsyncIterator[LocalWorkspace]:
    async with LocalWorkspace(a_seed(request_url=receiver[1]), clock=clock) as workspace:
        yield workspace


def test_the_signature_is_the_one_slack_sdk_expects() -> None:
    expected = SignatureVerifier("secret").generate_signature(timestamp="1531420618", body="a=b&c=å")
    assert sign("secret", "1531420618", "a=b&c=å".encode()) == expected


async def test_a_command_is_a_signed_form(slack: LocalWorkspace, receiver: tuple[Receiver, str]) -> None:
    there, _ = receiver
    there.answers = [web.json_response({"text": "Noted"})]
    result = await slack.person("maya").command("C0ACME", "/ask", "my payload is ready")
    assert result.response == {"text": "Noted"}
    ((headers, body),) = there.requests
    assert SignatureVerifier(slack.seed.signing_secret).is_valid_request(body, headers)
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(body)["text"] == ["my payload is ready"]
    assert slack.person("maya").ephemerals[0].text == "Noted"


async def test_a_plain_text_answer_is_shown(slack: LocalWorkspace, receiver: tuple[Receiver, str]) -> None:
    receiver[0].answers = [web.Response(text="Just words")]
    assert (await slack.person("maya").command("C0ACME", "/ask")).response == "Just words"


async def test_a_press_is_a_form_with_a_payload(
    slack: LocalWorkspace, receiver: tuple[Receiver, str]
) -> None:
    async with a_client(slack) as client:
        await client.chat_postMessage(channel="C0ACME", text="Card", blocks=[actions(button("accept"))])
    await slack.settled()
    assert (await slack.person("ben").press(slack.channel("C0ACME").messages[-1], "accept")).acked
    body = receiver[0].requests[-1][1]
    assert json.loads(parse_qs(body)["payload"][0])["type"] == "block_actions"


async def test_an_event_is_json_and_is_repeated_until_it_is_taken(
    slack: LocalWorkspace, receiver: tuple[Receiver, str], clock: SteeredClock
) -> None:
    there, _ = receiver
    there.answers = [web.Response(status=500) for _ in range(3)]
    await slack.person("ben").say("acme-website", "Hi")
    clock.advance(minutes=1)
    await slack.tick()
    clock.advance(minutes=5)
    await slack.tick()
    clock.advance(hours=1)
    await slack.tick()
    assert there.header("X-Slack-Retry-Num") == [None, "1", "2", "3"]
    assert there.header("X-Slack-Retry-Reason") == [None, "http_error", "http_error", "http_error"]
    assert there.header("Content-Type")[0] == "application/json"
    assert len({json.loads(body)["event_id"] for _, body in there.requests}) == 1


async def test_an_app_can_ask_not_to_be_told_again(
    slack: LocalWorkspace, receiver: tuple[Receiver, str]
) -> None:
    there, _ = receiver
    there.answers = [web.Response(status=404, headers={"x-slack-no-retry": "1"})]
    await slack.person("ben").say("acme-website", "Hi")
    await slack.tick()
    assert len(there.requests) == 1


async def test_a_slow_app_times_out(slack: LocalWorkspace, receiver: tuple[Receiver, str]) -> None:
    slack.http_delivery.ack_seconds = 0.0001
    result = await slack.person("maya").command("C0ACME", "/ask")
    assert result.error == "operation_timeout"


async def test_a_command_nobody_takes_fails(slack: LocalWorkspace, receiver: tuple[Receiver, str]) -> None:
    receiver[0].answers = [web.Response(status=404)]
    assert (await slack.person("maya").command("C0ACME", "/ask")).error == "dispatch_failed"
    slack.http_delivery.request_url = "http://127.0.0.1:9/"
    assert (await slack.person("maya").command("C0ACME", "/ask")).error == "dispatch_failed"


async def test_the_url_is_verified_by_a_challenge(
    slack: LocalWorkspace, receiver: tuple[Receiver, str]
) -> None:
    receiver[0].answers = [web.json_response({"challenge": "abc"}), web.Response(text="no")]
    assert await slack.http_delivery.verify_url("abc", "token")
    assert not await slack.http_delivery.verify_url("abc", "token")


async def test_the_time_of_a_signature_can_be_forged_for_tests(
    slack: LocalWorkspace, receiver: tuple[Receiver, str]
) -> None:
    slack.http_delivery.signing_time = lambda: 1.0
    await slack.person("maya").command("C0ACME", "/ask")
    headers, body = receiver[0].requests[0]
    assert not SignatureVerifier(slack.seed.signing_secret).is_valid_request(body, headers)
