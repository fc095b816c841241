"""One request is put together in each turn of the event loop."""

from __future__ import annotations

import asyncio
import contextlib

from bot.slack.gateway.turnstile import Turnstile


async def gone_through_by_turn(turnstile: Turnstile, people: str) -> list[str]:
    """Who goes through in each turn of the loop, until it is over; `people` come in the same turn."""
    turns = [""]

    async def go(name: str) -> None:
        await turnstile.through()
        turns[-1] += name

    tasks = [asyncio.create_task(go(name)) for name in people]
    while not all(task.done() for task in tasks):
        await asyncio.sleep(0)
        turns.append("")
    return [turn for turn in turns if turn]


async def test_who_comes_alone_goes_through_without_waiting() -> None:
    coming = Turnstile().through()
    with contextlib.suppress(StopIteration):
        coming.send(None)
        raise AssertionError("it waited")


async def test_those_who_come_together_go_one_a_turn_in_the_order_they_came() -> None:
    assert await gone_through_by_turn(Turnstile(), "abcd") == ["a", "b", "c", "d"]


async def test_once_all_are_through_the_next_need_not_wait() -> None:
    turnstile = Turnstile()
    await gone_through_by_turn(turnstile, "abc")
    await asyncio.sleep(0)
    assert await gone_through_by_turn(turnstile, "de") == ["d", "e"]


async def test_who_gives_up_keeps_nobody() -> None:
    turnstile = Turnstile()
    await turnstile.through()
    waiting = [asyncio.create_task(turnstile.through()) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.wait_for(asyncio.gather(*waiting[1:]), 1)


async def test_who_gives_up_at_the_very_turn_that_is_theirs_leaves_it_to_the_next() -> None:
    turnstile = Turnstile()
    await turnstile.through()
    waiting = [asyncio.create_task(turnstile.through()) for _ in range(2)]
    await asyncio.sleep(0)
    # Now they stand in line, and the first is told to go in the turn that comes.
    turnstile._let_next()
    waiting[0].cancel()
    await asyncio.wait_for(waiting[1], 1)
    await asyncio.wait_for(turnstile.through(), 1)
