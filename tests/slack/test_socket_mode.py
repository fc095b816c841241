"""Socket Mode: what is under way is answered before the end, and a connection that is lost is replaced and said."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from bot.sandbox import Fault
from bot.slack import socket_mode
from tests.slack_world import World, agency, live

pytestmark = pytest.mark.only_on("sqlite")


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    async with agency(database_url) as built:
        yield built


async def test_what_is_under_way_is_answered_before_the_connection_ends(world: World) -> None:
    world.slack.faults.add(Fault("views.open", "slow", seconds=0.3))
    async with live(world):
        command = asyncio.create_task(world.ana.command("acme", "/ask"))
        async with asyncio.timeout(10):
            while not world.slack._api.in_progress:  # noqa: ASYNC110 (the stand-in counts, and sets no event)
                await asyncio.sleep(0.005)
    assert (await command).error is None


async def test_an_answer_that_comes_after_the_connection_has_ended_is_a_line_in_the_log(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(socket_mode, "ANSWER_SECONDS", 0.05)
    watched = watched_handlers(monkeypatch)
    world.slack.faults.add(Fault("views.open", "slow", seconds=0.3))
    async with live(world):
        command = asyncio.create_task(world.ana.command("acme", "/ask"))
        async with asyncio.timeout(10):
            while not world.slack._api.in_progress:  # noqa: ASYNC110 (the stand-in counts, and sets no event)
                await asyncio.sleep(0.005)
        under_way = set(watched[0]._under_way)
    await asyncio.gather(*under_way)
    command.cancel()
    await asyncio.gather(command, return_exceptions=True)
    assert "an answer came after its connection had ended" in caplog.text
    assert not [record for record in caplog.records if record.exc_info]


async def test_why_slack_ends_a_connection_is_said_where_somebody_has_to_act(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async with live(world):
        await world.slack.disconnect("link_disabled")
        await world.slack.connected()
        assert (await world.ana.command("acme", "/handoff", "help")).error is None
    assert "switched Socket Mode off" in caplog.text


async def test_a_connection_that_its_client_does_not_replace_is_replaced_and_said(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(socket_mode, "WATCH_SECONDS", 0.05)
    watched = watched_handlers(monkeypatch)
    with caplog.at_level(logging.INFO):
        async with live(world):
            await world.ana.command("acme", "/handoff", "help")
            (handler,) = watched
            # Nobody looks after it any more, and it is gone.
            handler.client.current_session_monitor.cancel()
            handler.client.message_receiver.cancel()
            await handler.client.current_session.close()
            async with asyncio.timeout(10):
                while "1 of 1 connections are open" not in caplog.text:  # noqa: ASYNC110 (it is the log we wait for)
                    await asyncio.sleep(0.01)
            assert (await world.ana.command("acme", "/handoff", "help")).error is None
    assert "0 of 1 connections are open" in caplog.text


async def test_a_connection_on_which_nothing_arrives_any_more_is_replaced(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half open: a router forgot the connection, so nobody closes it and what Slack sends is lost."""
    monkeypatch.setattr(socket_mode, "PING_SECONDS", 0.2)
    watched = watched_handlers(monkeypatch)
    async with live(world):
        await world.ana.command("acme", "/handoff", "help")
        (handler,) = watched
        deaf = handler.client.current_session
        deaf._response.connection.transport.pause_reading()
        async with asyncio.timeout(10):
            while handler.client.current_session is deaf:  # noqa: ASYNC110 (the client sets no event)
                await asyncio.sleep(0.01)
        await world.slack.connected()
        assert (await world.ana.command("acme", "/handoff", "help")).error is None


def watched_handlers(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The connections that the watchdog looks after, once it does."""
    watch, watched = socket_mode._watch, list[Any]()

    async def watch_too(handlers: Sequence[Any]) -> None:
        watched.extend(handlers)
        await watch(handlers)

    monkeypatch.setattr(socket_mode, "_watch", watch_too)
    return watched
