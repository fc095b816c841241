"""What people do is taken before the echo of what we said ourselves."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.slack.delivery import rush as rush_module
from bot.slack.delivery.rush import Rush
from bot.slack.echoes import PeopleFirst

OURS = "B0HANDOFF"


def told(text: str, *, bot_id: str | None = None) -> str:
    """An event that tells of a message, as it comes over the connection."""
    message = {"type": "message", "text": text, **({"bot_id": bot_id} if bot_id else {})}
    return json.dumps({"type": "events_api", "envelope_id": text, "payload": {"event": message}})


PRESS = json.dumps({"type": "interactive", "envelope_id": "press", "payload": {"view": {"bot_id": OURS}}})
ECHO, SECOND_ECHO = told("echo", bot_id=OURS), told("second", bot_id=OURS)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rush_module, "LONGEST_WAIT", 60)


async def all_of(queue: PeopleFirst) -> list[str]:
    return [queue.get_nowait() for _ in range(queue.qsize())]


async def test_an_echo_that_comes_in_a_rush_is_taken_after_it() -> None:
    rush = Rush()
    queue = PeopleFirst(rush, OURS)
    with rush.on():
        for message in (ECHO, SECOND_ECHO, PRESS):
            await queue.put(message)
        assert await all_of(queue) == [PRESS]
    assert await asyncio.wait_for(queue.get(), 1) == ECHO
    assert await asyncio.wait_for(queue.get(), 1) == SECOND_ECHO


async def test_where_nobody_waits_an_echo_is_taken_at_once() -> None:
    queue = PeopleFirst(Rush(), OURS)
    await queue.put(ECHO)
    assert await all_of(queue) == [ECHO]


@pytest.mark.parametrize(
    "message",
    [
        told("of a person"),
        told("of another app", bot_id="B0OTHER"),
        told(f'a person who types "events_api" and "{OURS}"'),
    ],
)
async def test_what_others_say_waits_for_nothing(message: str) -> None:
    rush = Rush()
    queue = PeopleFirst(rush, OURS)
    with rush.on():
        await queue.put(message)
        assert await all_of(queue) == [message]


async def test_a_rush_without_end_keeps_no_echo_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rush_module, "LONGEST_WAIT", 0.01)
    rush = Rush()
    queue = PeopleFirst(rush, OURS)
    with rush.on():
        await queue.put(ECHO)
        assert await asyncio.wait_for(queue.get(), 1) == ECHO


async def test_who_is_not_known_by_one_id_waits_for_no_echo() -> None:
    rush = Rush()
    queue = PeopleFirst(rush, "")
    with rush.on():
        await queue.put(told("echo", bot_id=OURS))
        assert len(await all_of(queue)) == 1
