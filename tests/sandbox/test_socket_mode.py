"""Socket Mode: tickets, connections, acks, retries of events, and endings."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bot.sandbox import DeliveryFault, LocalWorkspace
from tests.sandbox.conftest import SteeredClock, a_client, a_seed
from tests.sandbox.kit import refusal
from tests.sandbox.little_app import LittleApp


class Wire:
    """A bare WebSocket, to see the very frames."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def frame(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads((await self.socket.receive(timeout=2)).data)
        return body

    async def ack(self, frame: dict[str, Any], **more: Any) -> None:
        await self.socket.send_str(json.dumps({"envelope_id": frame["envelope_id"], **more}))


@asynccontextmanager
async def wired(slack: LocalWorkspace) -> AsyncIterator[Wire]:
    async with a_client(slack, slack.seed.app_token) as client, aiohttp.ClientSession() as session:
        url = (await client.api_call("apps.connections.open"))["url"]
        async with session.ws_connect(url) as socket:
            yield Wire(socket)


async def test_a_connection_begins_with_hello(slack: LocalWorkspace) -> None:
    async with wired(slack) as first, wired(slack) as second:
        hello = await first.frame()
        assert hello["type"] == "hello"
        assert hello["num_connections"] == 1
        assert hello["connection_info"]["app_id"] == slack.seed.app_id
        assert (await second.frame())["num_connections"] == 2


async def test_a_ticket_opens_one_connection(slack: LocalWorkspace) -> None:
    async with a_client(slack, slack.seed.app_token) as client, aiohttp.ClientSession() as session:
        url = (await client.api_call("apps.connections.open"))["url"]
        async with session.ws_connect(url):
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(url)


async def test_an_eleventh_connection_is_sent_away(slack: LocalWorkspace) -> None:
    async with a_client(slack, slack.seed.app_token) as client, aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(11):
            url = (await client.api_call("apps.connections.open"))["url"]
            sockets.append(Wire(await session.ws_connect(url)))
            last = await sockets[-1].frame()
        assert last == {**last, "type": "disconnect", "reason": "too_many_websockets"}
        assert slack.socket_mode.connection_count == 10


async def test_a_payload_goes_to_one_of_the_connections(slack: LocalWorkspace) -> None:
    seen: set[int] = set()
    async with LittleApp(slack) as one, LittleApp(slack) as other:
        for _ in range(30):
            await slack.person("maya").command("C0ACME", "/ask")
            seen.add(len(one.requests))
        assert len(one.requests) + len(other.requests) == 30
        assert one.requests
        assert other.requests


async def test_an_envelope_says_what_it_is_and_whether_an_answer_is_welcome(slack: LocalWorkspace) -> None:
    async with wired(slack) as wire:
        await wire.frame()
        await slack.connected()
        under_way = slack.workspace.courier.in_background(_say(slack))
        event = await wire.frame()
        assert event["type"] == "events_api"
        assert event["accepts_response_payload"] is False
        assert (event["retry_attempt"], event["retry_reason"]) == (0, "")
        await wire.ack(event)
        await under_way
    assert slack.problems == []


async def _say(slack: LocalWorkspace) -> None:
    await slack.person("ben").say("acme-website", "Hi")


async def test_an_event_without_an_ack_is_repeated_at_once_then_after_one_and_five_minutes(
    slack: LocalWorkspace, app: LittleApp, clock: SteeredClock
) -> None:
    slack.socket_mode.ack_seconds = 0.03

    async def be_silent(payload: dict[str, Any]) -> Any:
        return LittleApp.silent

    app.listener = be_silent
    await _say(slack)
    assert [request.retry_attempt for request in app.requests] == [0, 1]
    assert app.requests[1].retry_reason == "timeout"
    await slack.tick()
    assert len(app.requests) == 2
    clock.advance(minutes=1)
    await slack.tick()
    assert [request.retry_attempt for request in app.requests] == [0, 1, 2]
    clock.advance(minutes=5)
    await slack.tick()
    clock.advance(hours=2)
    await slack.tick()
    assert [request.retry_attempt for request in app.requests] == [0, 1, 2, 3]
    assert len({request.payload["event_id"] for request in app.requests}) == 1
    assert {problem.kind for problem in slack.problems} == {"no_ack"}


async def test_an_event_waits_for_an_app_that_is_away(slack: LocalWorkspace, clock: SteeredClock) -> None:
    await _say(slack)
    async with LittleApp(slack) as app:
        clock.advance(minutes=1)
        await slack.tick()
        assert [request.retry_attempt for request in app.requests] == [2]


async def test_a_late_ack_and_an_unknown_one_are_reported(slack: LocalWorkspace) -> None:
    slack.socket_mode.ack_seconds = 0.03
    async with wired(slack) as wire:
        await wire.frame()
        await slack.connected()
        result = await slack.person("maya").command("C0ACME", "/ask")
        assert result.error == "operation_timeout"
        await wire.ack(await wire.frame())
        await wire.ack({"envelope_id": "never-sent"})
        await wire.socket.send_str("not json")
        await wire.socket.close()
        await slack.settled()
    assert [problem.kind for problem in slack.problems] == [
        "no_ack",
        "late_ack",
        "unknown_envelope",
        "bad_frame",
    ]


async def test_the_client_of_slack_sdk_survives_a_refresh(slack: LocalWorkspace, app: LittleApp) -> None:
    await slack.disconnect("warning")
    await slack.disconnect("refresh_requested")
    await slack.connected()
    assert (await slack.person("maya").command("C0ACME", "/ask")).acked


async def test_a_connection_is_warned_before_its_time_is_over(slack: LocalWorkspace) -> None:
    slack.socket_mode.connection_seconds = 0.01
    async with wired(slack) as wire:
        frames = [await wire.frame() for _ in range(3)]
    assert [frame.get("reason") for frame in frames] == [None, "warning", "refresh_requested"]


async def test_a_disabled_link_is_closed(slack: LocalWorkspace) -> None:
    async with wired(slack) as wire:
        await wire.frame()
        assert slack.faults.deliveries.disconnect is not None
        await slack.faults.deliveries.disconnect("link_disabled")
        assert (await wire.frame())["reason"] == "link_disabled"
        assert (await wire.socket.receive(timeout=2)).type in (
            aiohttp.WSMsgType.CLOSE,
            aiohttp.WSMsgType.CLOSED,
        )
        assert not slack.socket_mode.is_connected


async def test_a_connection_that_dies_fails_what_it_carried(slack: LocalWorkspace) -> None:
    async with wired(slack) as wire:
        await wire.frame()
        await slack.connected()
        under_way = slack.workspace.courier.in_background(_fail_a_command(slack))
        await wire.frame()
        await wire.socket.close()
        await under_way


async def _fail_a_command(slack: LocalWorkspace) -> None:
    result = await slack.person("maya").command("C0ACME", "/ask")
    assert result.error == "dispatch_failed"


# -- faults of deliveries ----------------------------------------------------------------------------


async def test_a_delivery_can_be_doubled_dropped_and_delayed(slack: LocalWorkspace, app: LittleApp) -> None:
    slack.faults.deliveries.add(DeliveryFault("duplicate", "event"))
    await _say(slack)
    await slack.settled()
    first, second = app.payloads("message")
    assert first["event_id"] == second["event_id"]

    slack.faults.deliveries.add(DeliveryFault("drop", "command"))
    assert (await slack.person("maya").command("C0ACME", "/ask")).error == "operation_timeout"
    slack.faults.deliveries.add(DeliveryFault("delay", "command", seconds=0.01))
    assert (await slack.person("maya").command("C0ACME", "/ask")).acked
    assert len(app.payloads("command")) == 1


async def test_deliveries_can_change_their_order(slack: LocalWorkspace, app: LittleApp) -> None:
    slack.faults.deliveries.add(DeliveryFault("reorder", "event"))
    await app.web.chat_postMessage(channel="C0ACME", text="one")
    await app.web.chat_postMessage(channel="C0ACME", text="two")
    await slack.settled()
    assert [payload["event"]["text"] for payload in app.payloads("message")] == ["two", "one"]


async def test_an_app_over_http_opens_no_socket(clock: SteeredClock) -> None:
    seed = a_seed(request_url="http://127.0.0.1:1/")
    async with LocalWorkspace(seed, clock=clock) as slack, a_client(slack, slack.seed.app_token) as client:
        assert (await refusal(client.api_call("apps.connections.open")))["error"] == "forbidden_team"
