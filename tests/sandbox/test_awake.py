"""The stand-in's patience is counted while this machine is awake."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.sandbox.delivery.awake import awake_limit


class Machine:
    """The loop's time, which jumps when this machine was asleep."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop, self._real = loop, loop.time
        self.asleep = 0.0
        loop.time = lambda: self._real() + self.asleep  # type: ignore[method-assign]

    def wake(self) -> None:
        """Give the loop its own time back."""
        del self._loop.time  # type: ignore[attr-defined]


@pytest.fixture
async def machine() -> AsyncIterator[Machine]:
    machine = Machine(asyncio.get_running_loop())
    yield machine
    machine.wake()


@pytest.fixture
def answer() -> asyncio.Event:
    return asyncio.Event()


async def test_what_takes_longer_than_the_limit_is_broken_off(answer: asyncio.Event) -> None:
    began = asyncio.get_running_loop().time()
    with pytest.raises(TimeoutError):
        async with awake_limit(0.25):
            await answer.wait()
    assert asyncio.get_running_loop().time() - began >= 0.25


async def test_an_answer_that_was_held_up_by_a_sleep_of_the_machine_is_in_time(
    machine: Machine, answer: asyncio.Event
) -> None:
    async with awake_limit(3.0):
        for _ in range(5):
            machine.asleep += 60
            await asyncio.sleep(0)
        asyncio.get_running_loop().call_soon(answer.set)
        await answer.wait()


async def test_what_is_in_time_leaves_nothing_behind(answer: asyncio.Event) -> None:
    answer.set()
    async with awake_limit(0.01):
        await answer.wait()
    # Later than the limit: nothing is broken off any more.
    await asyncio.sleep(0.02)
