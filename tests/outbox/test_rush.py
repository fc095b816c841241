"""What nobody waits for comes after what people wait for, though not for ever."""

from __future__ import annotations

import asyncio

import pytest

from bot.slack.delivery import rush as rush_module
from bot.slack.delivery.rush import Rush


async def test_where_nobody_waits_it_goes_on_at_once() -> None:
    rush = Rush()
    with rush.on():
        pass
    await asyncio.wait_for(rush.over(), 0.1)


async def test_it_is_over_when_the_last_one_has_what_they_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rush_module, "LONGEST_WAIT", 60)
    rush = Rush()
    with rush.on():
        with rush.on():
            waiting = asyncio.create_task(rush.over())
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not waiting.done()
    await asyncio.wait_for(waiting, 1)


async def test_a_new_rush_is_waited_for_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rush_module, "LONGEST_WAIT", 60)
    rush = Rush()
    with rush.on():
        waiting = asyncio.create_task(rush.over())
        await asyncio.sleep(0)
    with rush.on():
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not waiting.done()
    await asyncio.wait_for(waiting, 1)


async def test_a_rush_without_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rush_module, "LONGEST_WAIT", 0.01)
    rush = Rush()
    with rush.on():
        await asyncio.wait_for(rush.over(), 1)
