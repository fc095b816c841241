"""The courier: takes what is due from the outbox and has it delivered, until it is told to stop. It never dies."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypeVar

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.db.runner import Runner
from bot.outbox import taking
from bot.outbox.taking import Claims, Taken
from bot.slack.delivery.desk import Desk
from bot.slack.delivery.drawing import Drawing, draw_changed
from bot.slack.delivery.homes import DrawHome, HomeKeeper
from bot.slack.delivery.looking import LookOut
from bot.slack.delivery.refreshing import Refreshing
from bot.slack.delivery.rush import Rush
from bot.slack.delivery.saying import Saying
from bot.slack.directory import Directory
from bot.slack.gateways import Gateways
from bot.slack.kinds import Kind
from bot.slack.pacing import Pacing

P = ParamSpec("P")
T = TypeVar("T")
Drawings: TypeAlias = list[Drawing | None]

log = logging.getLogger(__name__)

# So many notices, and so many refreshes, are on their way at once.
ROOM = 20
# While nothing wakes the courier it looks again after so many seconds: for what other processes wrote.
IDLE_SECONDS = 2.0
# When something is due that somebody else is just taking, it looks again after so many.
SHORTEST_WAIT = 0.05
LONGEST_OUTAGE_WAIT = 5.0
# What is on its way when the courier is told to stop has so long to arrive.
FINISH_SECONDS = 8.0


class Courier:
    """Delivers notices and refreshes postings until it is told to stop."""

    def __init__(
        self,
        *,
        runner: Runner,
        gateways: Gateways,
        directory: Directory,
        clock: Clock,
        kinds: Mapping[str, Kind],
        draw_home: DrawHome,
        pacing: Pacing | None = None,
    ) -> None:
        self._runner = runner
        self._clock = clock
        self._desk = Desk(runner, gateways, directory, clock, kinds, pacing or Pacing(), Rush())
        self._look_out = LookOut(self._desk)
        self.homes = HomeKeeper(self._desk, draw_home)
        self._wake = asyncio.Event()
        self._saying: set[asyncio.Task[None]] = set()
        self._refreshing: set[asyncio.Task[None]] = set()
        self._is_running = False
        # How many times in a row the outbox could not be read.
        self._failures = 0

    def wake(self) -> None:
        """Something new may be due."""
        self._wake.set()

    async def carry_out(
        self, use_case: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run one use case in one transaction, and deliver what it changed and announced.

        The messages that mirror what it changed are claimed and drawn in its own transaction, so that they leave at
        once; where no courier runs in this process, they are left to the one that does.
        """
        if not self._is_running:
            result = await self._runner.run(use_case, *args, **kwargs)
            self.wake()
            self.homes.wake()
            return result
        lease, began = _new_lease(), asyncio.get_running_loop().time()

        def with_cards(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> tuple[T, Claims, Drawings]:
            claims = taking.open_claims(session, lease=lease)
            result = use_case(session, *args, **kwargs)
            return result, claims, draw_changed(session, self._desk, claims.postings, at=began)

        with self._desk.rush.on():
            result, claims, drawings = await self._runner.run(with_cards, *args, **kwargs)
            for posting, drawing in zip(claims.postings, drawings, strict=True):
                self._start(self._refreshing, Refreshing(self._desk, posting, drawing).run())
        if claims.has_news:
            self.wake()
        self.homes.wake()
        return result

    async def run(self) -> None:
        """Deliver until cancelled; what is under way then is finished."""
        self._is_running = True
        keeping_homes = asyncio.create_task(self.homes.run())
        try:
            while True:
                self._wake.clear()
                # Who pressed looks at the card: the stories come after it.
                await self._desk.rush.over()
                taken = await self._round()
                if taken is not None and not (taken.notices or taken.postings):
                    await self._wait(taken.next_due_at)
        finally:
            self._is_running = False
            keeping_homes.cancel()
            await self._finish()

    async def drain(self) -> None:
        """Deliver all that is due now, and return when nothing more can be: for tests, demos and the command line."""
        while True:
            # What arrives while we look may leave something due that this look did not see yet.
            was_under_way = bool(self._saying or self._refreshing)
            taken = await self._take()
            if self._saying or self._refreshing:
                await asyncio.wait(self._saying | self._refreshing, return_when=asyncio.FIRST_COMPLETED)
            elif not (taken.notices or taken.postings or was_under_way):
                break
        await self.homes.drain()

    async def _round(self) -> Taken | None:
        """Take what is due and start on it; none when the outbox cannot be read."""
        try:
            taken = await self._take()
        except Exception as error:
            await self._sit_out(error)
            return None
        if self._failures:
            log.warning("the outbox can be read again, at try %d", self._failures + 1)
            self._failures = 0
        return taken

    async def _take(self) -> Taken:
        """Take what is due. Stopped meanwhile, what was taken is started all the same: nobody else would know of it."""
        taking_it = asyncio.ensure_future(
            self._runner.run(
                taking.take,
                now=self._clock.now(),
                lease=_new_lease(),
                notices=ROOM - len(self._saying),
                postings=ROOM - len(self._refreshing),
            )
        )
        try:
            taken = await asyncio.shield(taking_it)
        except asyncio.CancelledError:
            self._begin(await taking_it)
            raise
        self._begin(taken)
        return taken

    def _begin(self, taken: Taken) -> None:
        # Cards before stories: who pressed a button looks at the card.
        for posting in taken.postings:
            self._start(self._refreshing, Refreshing(self._desk, posting).run())
        for notice in taken.notices:
            self._start(self._saying, Saying(self._desk, self._look_out, notice).run())

    def _start(self, group: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        group.add(task)

        def done(finished: asyncio.Task[None]) -> None:
            group.discard(finished)
            if not finished.cancelled() and finished.exception() is not None:
                log.error("a delivery failed; its lease runs out", exc_info=finished.exception())
            # The next notice for the same place was waiting for this one.
            self._wake.set()

        task.add_done_callback(done)

    async def _wait(self, next_due_at: datetime | None) -> None:
        """Sleep until something is due or somebody wakes us; a look at the clock costs one small query."""
        while not await self._is_woken_within(self._seconds_until(next_due_at)):
            try:
                next_due_at = await self._runner.read(taking.next_due_at, now=self._clock.now())
            except Exception as error:
                await self._sit_out(error)
                return
            if next_due_at is not None and next_due_at <= self._clock.now():
                return

    def _seconds_until(self, due_at: datetime | None) -> float:
        is_full = len(self._saying) >= ROOM or len(self._refreshing) >= ROOM
        if due_at is None or is_full:
            return IDLE_SECONDS
        return min(IDLE_SECONDS, max(SHORTEST_WAIT, (due_at - self._clock.now()).total_seconds()))

    async def _is_woken_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return False
        return True

    async def _sit_out(self, error: Exception) -> None:
        """Wait before the outbox is read again; said once, not at every try."""
        if not self._failures:
            log.error("the outbox cannot be read; trying until it can", exc_info=error)
        wait = min(SHORTEST_WAIT * 2.0 ** min(self._failures, 16), LONGEST_OUTAGE_WAIT)
        self._failures += 1
        await asyncio.sleep(wait)

    async def _finish(self) -> None:
        under_way = self._saying | self._refreshing
        if not under_way:
            return
        _, late = await asyncio.wait(under_way, timeout=FINISH_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


def _new_lease() -> str:
    """A new one each time: what is taken twice must not be taken for the same."""
    return str(uuid.uuid4())
