"""The gateway against the stand-in, and against a server that misbehaves as whatever stands before Slack may."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Fault, LocalWorkspace
from bot.slack.gateway import (
    FixedLine,
    Gateway,
    GatewayError,
    NotSent,
    RateLimited,
    Refused,
    TimeLimits,
    Unclear,
)
from bot.slack.message import Message, Modal
from tests.slack_world import A_WEDNESDAY, ACME, ANA, PETE, TEAM, World

HELLO = Message("hello")
MODAL = Modal("form", "Form", ({"type": "section", "text": {"type": "plain_text", "text": "words"}},))
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
pytestmark = pytest.mark.only_on("sqlite")


@asynccontextmanager
async def answering(answer: Answer, *, seconds: float = 5.0) -> AsyncIterator[Gateway]:
    """A gateway to a server that answers every call in one way."""
    application = web.Application()
    application.router.add_route("*", "/api/{method}", answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with to_port(runner.addresses[0][1], seconds=seconds) as gateway:
            yield gateway
    finally:
        await runner.cleanup()


@asynccontextmanager
async def to_port(port: int, *, seconds: float = 5.0) -> AsyncIterator[Gateway]:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token="xoxb-test", base_url=f"http://127.0.0.1:{port}/api/", session=session, retry_handlers=[]
        )
        yield Gateway(FixedLine(client), time_limits=TimeLimits(call=seconds, view=seconds))


async def failure(call: Awaitable[Any]) -> GatewayError:
    with pytest.raises(GatewayError) as caught:
        await call
    return caught.value


# ---- what the stand-in says


@pytest.fixture
def gateway(world: World) -> Gateway:
    return world.bot.gateway(TEAM)


async def test_a_refusal_carries_its_code(gateway: Gateway) -> None:
    assert await failure(gateway.post("C0NOWHERE", HELLO)) == Refused("chat.postMessage", "channel_not_found")


async def test_refused_blocks_carry_what_slack_points_at(gateway: Gateway) -> None:
    error = await failure(gateway.post(ACME, Message("hello", ({"type": "nonsense"},))))
    assert isinstance(error, Refused)
    assert error.code == "invalid_blocks"
    assert "/blocks/0" in error.details


async def test_a_429_carries_its_seconds(gateway: Gateway, slack: LocalWorkspace) -> None:
    slack.faults.add(Fault("chat.postMessage", "ratelimited", retry_after=42))
    assert await failure(gateway.post(ACME, HELLO)) == RateLimited("chat.postMessage", 42)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Refused("users.info", "user_not_found"), "users.info was refused: user_not_found"),
        (
            Refused("views.open", "invalid_blocks", "at /blocks/0"),
            "views.open was refused: invalid_blocks (at /blocks/0)",
        ),
        (RateLimited("chat.update", 30.0), "chat.update has to wait 30 s"),
        (NotSent("auth.test", "no route"), "auth.test did not reach Slack: no route"),
        (Unclear("chat.postMessage", "broken off"), "chat.postMessage got no clear answer: broken off"),
    ],
)
def test_a_failure_is_told_in_words(error: GatewayError, sentence: str) -> None:
    assert str(error) == sentence


@pytest.mark.parametrize(
    "kind", ["http_500", "html", "reset_before", "reset_after", "error:internal_error", "error:fatal_error"]
)
async def test_a_post_that_may_have_arrived_is_unclear(
    gateway: Gateway, slack: LocalWorkspace, kind: str
) -> None:
    slack.faults.add(Fault("chat.postMessage", kind))
    error = await failure(gateway.post(ACME, HELLO))
    assert isinstance(error, Unclear)
    assert not error.may_come_late
    assert len(slack.channel(ACME).messages) == (1 if kind == "reset_after" else 0), "posted once at most"


async def test_a_post_that_takes_too_long_may_come_late(gateway: Gateway, slack: LocalWorkspace) -> None:
    gateway.time_limits = TimeLimits(call=0.05)
    slack.faults.add(Fault("chat.postMessage", "slow", seconds=0.2))
    error = await failure(gateway.post(ACME, HELLO))
    assert isinstance(error, Unclear)
    assert error.may_come_late
    await slack.settled()
    assert [message.text for message in slack.channel(ACME).messages] == ["hello"]


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
async def test_what_may_be_done_twice_is_done_again_at_once(
    gateway: Gateway, slack: LocalWorkspace, kind: str
) -> None:
    posted = await gateway.post(ACME, HELLO)
    slack.faults.add(Fault("chat.update", kind))
    await gateway.update(posted.channel_id, posted.ts, Message("changed"))
    slack.faults.add(Fault("conversations.info", kind))
    assert (await gateway.channel(ACME)).name == "acme"


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
async def test_a_modal_opens_though_the_connection_broke(world: World, kind: str) -> None:
    world.slack.faults.add(Fault("views.open", kind))
    trigger = world.slack.workspace.modals.trigger(ANA, TEAM, world.clock.now())
    view_id = await world.bot.gateway(TEAM).open(trigger.id, MODAL)
    assert world.ana.modal is not None
    assert view_id == (world.ana.modal.id if kind == "reset_before" else "")


async def test_an_expired_trigger_is_a_refusal(gateway: Gateway) -> None:
    error = await failure(gateway.open("12345.98765.abcd", MODAL))
    assert isinstance(error, Refused)
    assert "trigger" in error.code


async def test_a_look_back_finds_the_message_by_its_key(gateway: Gateway) -> None:
    await gateway.post(ACME, HELLO, key="other")
    posted = await gateway.post(ACME, HELLO, key="mine")
    page = await gateway.look_back(ACME, "mine", since=A_WEDNESDAY)
    assert (page.found, page.next_cursor) == (posted, "")
    assert (await gateway.look_back(ACME, "nobody's", since=A_WEDNESDAY)).found is None


async def test_a_look_back_finds_the_newest_messages_however_far_our_clock_is_ahead(gateway: Gateway) -> None:
    posted = await gateway.post(ACME, HELLO, key="mine")
    page = await gateway.look_back(ACME, "mine", since=A_WEDNESDAY + timedelta(hours=1))
    assert page.found == posted
    reply = await gateway.post(ACME, HELLO, key="reply", thread_ts=posted.ts)
    page = await gateway.look_back(ACME, "reply", since=A_WEDNESDAY + timedelta(hours=1), thread_ts=posted.ts)
    assert page.found == reply


# ---- what a misbehaving server says


class Says:
    """Answers every call with the same text."""

    def __init__(
        self, text: str, *, status: int = 200, content_type: str = "application/json", **headers: str
    ) -> None:
        self.text, self.status, self.content_type, self.headers = text, status, content_type, headers

    async def answer(self, _: web.Request) -> web.Response:
        return web.Response(
            text=self.text, status=self.status, content_type=self.content_type, headers=self.headers
        )

    def __str__(self) -> str:
        return f"{self.status} {self.content_type} {self.text} {' '.join(self.headers.values())}"


@pytest.mark.parametrize(
    "says",
    [
        Says("<html>Oh no</html>", content_type="text/html"),
        Says("<html>Oh no</html>", status=502, content_type="text/html"),
        Says("<html>Moved</html>", status=403, content_type="text/html"),
        Says("no json"),
        Says("no json", status=503),
        Says("ok", content_type="text/plain"),
        Says(""),
        Says("[]"),
        Says('["ok"]'),
        Says('"ok"'),
        Says('{"ok": false}'),
        Says('{"ok": false, "error": 7}'),
        Says('{"ok": false, "error": "request_timeout"}'),
        Says('{"ok": false, "error": "ratelimited_not"}', status=500),
    ],
    ids=str,
)
async def test_an_answer_that_makes_no_sense_is_unclear(says: Says) -> None:
    async with answering(says.answer) as gateway:
        assert isinstance(await failure(gateway.post(ACME, HELLO)), Unclear)


@pytest.mark.parametrize(
    ("says", "seconds"),
    [
        (Says("slow down", status=429, content_type="text/plain", **{"Retry-After": "7"}), 7),
        (Says("<html/>", status=429, content_type="text/html", **{"retry-after": "7"}), 7),
        (Says("no json", status=429, **{"Retry-After": "7"}), 7),
        (Says("{}", status=429, **{"Retry-After": "soon"}), 1),
        (Says("{}", status=429), 1),
        (Says('{"ok": false, "error": "message_limit_exceeded"}'), 1),
    ],
    ids=str,
)
async def test_a_429_is_one_whatever_its_body(says: Says, seconds: float) -> None:
    async with answering(says.answer) as gateway:
        assert await failure(gateway.post(ACME, HELLO)) == RateLimited("chat.postMessage", seconds)


async def test_a_connection_that_was_never_made_sent_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        # Bound, and nobody listens.
        async with to_port(taken.getsockname()[1]) as gateway:
            assert isinstance(await failure(gateway.post(ACME, HELLO)), NotSent)


async def test_half_an_answer_is_unclear() -> None:
    async def half(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
        await response.prepare(request)
        await response.write(b'{"ok": true')
        assert request.transport is not None
        request.transport.close()
        return response

    async with answering(half) as gateway:
        assert isinstance(await failure(gateway.post(ACME, HELLO)), Unclear)


async def test_a_server_that_never_answers_is_given_up() -> None:
    async def silent(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    async with answering(silent, seconds=0.05) as gateway:
        error = await failure(gateway.post(ACME, HELLO))
    assert error == Unclear("chat.postMessage", "TimeoutError()", may_come_late=True)


class Closing:
    """A server that answers once and closes the connection, which it had promised to keep."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lengths = [line for line in head.lower().splitlines() if line.startswith("content-length")]
        await reader.readexactly(int(lengths[0].split(":")[1]) if lengths else 0)
        self.calls.append(head.split()[1].rpartition("/")[2].partition("?")[0])
        answer = b'{"ok":true,"ts":"1.1","channel":{"id":"C1"},"view":{"id":"V1"}}'
        lines = (
            "HTTP/1.1 200 OK",
            "Content-Type: application/json",
            f"Content-Length: {len(answer)}",
            "",
            "",
        )
        writer.write("\r\n".join(lines).encode() + answer)
        await writer.drain()
        if self.connections == 1:
            # Wait for the next call on the kept connection, and hang up on it unread.
            await reader.read(1)
            writer.transport.abort()
        writer.close()


@asynccontextmanager
async def stale_connection() -> AsyncIterator[tuple[Gateway, Closing]]:
    """A gateway whose kept connection the server drops under the next call."""
    closing = Closing()
    server = await asyncio.start_server(closing.serve, "127.0.0.1", 0)
    try:
        async with to_port(server.sockets[0].getsockname()[1]) as gateway:
            await gateway.channel("C1")
            yield gateway, closing
    finally:
        server.close()


async def test_a_post_over_a_stale_connection_is_unclear_and_not_repeated() -> None:
    async with stale_connection() as (gateway, closing):
        assert isinstance(await failure(gateway.post(ACME, HELLO)), Unclear)
        assert closing.calls == ["conversations.info"]


async def test_a_modal_over_a_stale_connection_opens_over_a_new_one() -> None:
    async with stale_connection() as (gateway, closing):
        assert await gateway.open("trigger", MODAL) == "V1"
        assert closing.calls == ["conversations.info", "views.open"]


async def test_a_question_over_a_stale_connection_is_asked_over_a_new_one() -> None:
    async with stale_connection() as (gateway, closing):
        await gateway.channel("C1")
        assert closing.calls == ["conversations.info", "conversations.info"]


async def test_the_one_workspace_that_is_served_may_join_an_organisation_while_it_runs(
    gateway: Gateway, slack: LocalWorkspace, living: World
) -> None:
    sister, org = "T0SISTER", "E0ORG"
    pete = slack.workspace.members[PETE]
    slack.workspace.members[PETE] = replace(pete, team_id=sister, enterprise_id=org)
    assert (await gateway.person(PETE)).is_external

    slack.workspace.seed = replace(slack.seed, enterprise_id=org, sister_teams=(sister,))
    await slack.person(ANA).say(ACME, "The first event that Slack sends of it.")
    await living.settled()
    assert not (await gateway.person(PETE)).is_external
