"""Sixteen account managers and the project managers who answer them, each pair with one whole request after the other.

A whole request: `/ask` typed and its form sent off, the card in its channel, Accept pressed and its form sent off, and
the card redrawn as accepted.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

from bot.sandbox import ApiCall, LocalWorkspace, Person
from tests.bench.acts import PATIENCE_SECONDS, Unfinished
from tests.bench.agency import PMS, PROJECTS, am_of, channel_of, pm_of

PAIRS = PMS
TYPED = "add a newsletter sign-up by Friday ~3h"


class Pairs:
    """The pairs at their desks; each has four projects and takes them in turn, at Slack's pace for a channel."""

    def __init__(self, slack: LocalWorkspace) -> None:
        self._slack = slack
        self._calls = _Calls(slack)
        self._begun = 0

    async def together(self, times: int) -> None:
        """Each pair sees so many requests through, all pairs at once. Raises `Unfinished`."""
        turns = self._turns(times)
        await asyncio.gather(*(self._one_after_the_other(pair, turns) for pair in range(PAIRS)))

    async def in_turn(self, times: int, after_each: Callable[[int], None]) -> None:
        """The same with one request at a time; `after_each` is told whose is over and settled. Raises `Unfinished`."""
        for turn in self._turns(times):
            for pair in range(PAIRS):
                await self._one_after_the_other(pair, [turn])
                await self._slack.settled(timeout=PATIENCE_SECONDS, quiet=0.1)
                after_each(pair)

    def _turns(self, times: int) -> range:
        self._begun += times
        return range(self._begun - times, self._begun)

    async def _one_after_the_other(self, pair: int, turns: Iterable[int]) -> None:
        for turn in turns:
            await self._whole_request(pair + PAIRS * (turn % (PROJECTS // PAIRS)))

    async def _whole_request(self, project: int) -> None:
        am, pm = self._slack.person(am_of(project)), self._slack.person(pm_of(project))
        channel = channel_of(project)
        posted = self._calls.expect(
            lambda call: (
                call.method == "chat.postMessage"
                and call.args.get("channel") == channel
                and not call.args.get("thread_ts")
            )
        )
        asked = await am.command(channel, "/ask", TYPED)
        await _sent_off(am, asked.acked)
        ts = (await _soon(posted, "the card")).answer["ts"]
        redrawn = self._calls.expect(
            lambda call: (
                call.method == "chat.update"
                and call.args.get("ts") == ts
                and "Accepted" in str(call.args.get("blocks"))
            )
        )
        card = next(root for root in reversed(self._slack.channel(channel).roots) if root.ts == ts)
        pressed = await pm.press(card, "accept")
        await _sent_off(pm, pressed.acked)
        await _soon(redrawn, "the card's update")


@asynccontextmanager
async def pairs(slack: LocalWorkspace) -> AsyncIterator[Pairs]:
    """The pairs, for as long as the block runs."""
    at_work = Pairs(slack)
    watching = asyncio.create_task(at_work._calls.watch())
    try:
        yield at_work
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


class _Calls:
    """The calls as they come in, each looked at once, whoever waits for one."""

    def __init__(self, slack: LocalWorkspace) -> None:
        self._slack = slack
        self._expected: list[tuple[Callable[[ApiCall], bool], asyncio.Future[ApiCall]]] = []

    def expect(self, is_it: Callable[[ApiCall], bool]) -> asyncio.Future[ApiCall]:
        """The first call from now on that is the one, once it is there."""
        found: asyncio.Future[ApiCall] = asyncio.get_running_loop().create_future()
        self._expected.append((is_it, found))
        return found

    async def watch(self) -> None:
        """Look at what comes, for ever."""
        while True:
            new = list(self._slack.calls)
            self._slack.calls.clear()
            for call in new:
                if call.error is None:
                    self._tell(call)
            await asyncio.sleep(0.002)

    def _tell(self, call: ApiCall) -> None:
        for is_it, found in self._expected:
            if not found.done() and is_it(call):
                found.set_result(call)
        self._expected = [(is_it, found) for is_it, found in self._expected if not found.done()]


async def _sent_off(person: Person, was_acked: bool) -> None:
    """Send the form off that opens in front of somebody, as it is prefilled. Raises `Unfinished`."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while person.modal is None:  # noqa: ASYNC110 (the stand-in only records)
                await asyncio.sleep(0.001)
    except TimeoutError:
        raise Unfinished(f"No form opened for {person.id} (acked: {was_acked}).") from None
    sent = await person.submit()
    if not sent.closed:
        raise Unfinished(f"The form of {person.id} was answered with {sent}")


async def _soon(found: asyncio.Future[ApiCall], what: str) -> ApiCall:
    try:
        return await asyncio.wait_for(found, PATIENCE_SECONDS * 3)
    except TimeoutError:
        raise Unfinished(f"{what} did not come.") from None
