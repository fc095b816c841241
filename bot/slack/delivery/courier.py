"""The courier: takes what is due from the outbox and has it delivered, until it is told to stop. It never dies."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypeVar

from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.db.runner import Runner
from bot.outbox import taking
from bot.outbox.taking import Claims, Taken, UnderWay
from bot.slack.delivery.bell import Bell
from bot.slack.delivery.desk import Desk
from bot.slack.delivery.drawing import Drawing, draw_changed
from bot.slack.delivery.homes import DrawHome, HomeKeeper
from bot.slack.delivery.looking import LookOut
from bot.slack.delivery.refreshing import Refreshing
from bot.slack.delivery.rush import Rush
from bot.slack.delivery.saying import Saying
from bot.slack.delivery.stopping import HAND_BACK_SECONDS, stop
from bot.slack.directory import Directory
from bot.slack.gateways import Gateways
from bot.slack.kinds import Kind
from bot.slack.pacing import Pacing

P = ParamSpec("P")
T = TypeVar("T")
Drawings: TypeAlias = list[Drawing | None]

log = logging.getLogger(__name__)

# So many notices, and so many refreshes, are on their way at once; some of it is kept from whoever has most
# (`outbox.fairness`).
ROOM = 24
# While nothing wakes the courier it looks again after so many seconds: for what other processes wrote and did not ring
# for.
IDLE_SECONDS = 2.0
# When something is due that somebody else is just taking, it looks again after so many.
SHORTEST_WAIT = 0.05
# While the clock is not to be trusted, what it says is due may have to wait for that.
UNSTEADY_WAIT = 1.0
LONGEST_OUTAGE_WAIT = 5.0
# In a crowd it takes several at once, not one at a time as room comes free.
CROWD_SECONDS = 0.02


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
        bell: Bell | None = None,
    ) -> None:
        self._runner = runner
        self._bell = bell
        self._clock = clock
        self._desk = Desk(runner, gateways, directory, clock, kinds, pacing or Pacing(), Rush())
        self._look_out = LookOut(self._desk)
        self.homes = HomeKeeper(self._desk, draw_home)
        self._wake = asyncio.Event()
        self._saying: dict[asyncio.Task[None], Saying] = {}
        self._refreshing: dict[asyncio.Task[None], Refreshing] = {}
        self._is_running = False
        self._is_crowded = False
        # The clock has jumped, and nobody has looked yet for what was put off by it.
        self._has_jumped = False
        # How many times in a row the outbox could not be read.
        self._failures = 0

    @property
    def rush(self) -> Rush:
        """What people wait for in this process."""
        return self._desk.rush

    def wake(self) -> None:
        """Something new may be due; where no courier runs in this process, those of others hear of it."""
        self._wake.set()
        if not self._is_running and self._bell is not None:
            self._bell.ring()

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
            # Told to stop meanwhile, it leaves the cards to whoever comes next.
            at_work = self._is_at_work()
            started = zip(claims.postings, drawings, strict=True) if at_work else ()
            for posting, drawing in started:
                refreshing = Refreshing(self._desk, posting, drawing)
                self._start(self._refreshing, refreshing, refreshing.run())
        if claims.postings and not at_work:
            now = self._clock.now()
            await self._desk.write(taking.hand_back, postings=[(due, now) for due in claims.postings])
        if claims.has_news:
            self.wake()
        self.homes.wake()
        return result

    def _is_at_work(self) -> bool:
        return self._is_running

    async def run(self) -> None:
        """Deliver until cancelled; then finish what has begun, and hand back at once what has not."""
        self._is_running = True
        beside = [asyncio.create_task(self.homes.run())]
        if self._bell is not None:
            beside.append(asyncio.create_task(self._bell.listen(self._heard)))
        try:
            while True:
                self._wake.clear()
                if self._is_crowded:
                    await asyncio.sleep(CROWD_SECONDS)
                # Who pressed looks at the card: the stories come after it.
                await self._desk.rush.over()
                taken = await self._round()
                if taken is not None and not (taken.notices or taken.postings):
                    await self._wait(taken.next_due_at)
        finally:
            self._is_running = False
            for task in beside:
                task.cancel()
            await stop(self._desk, dict(self._saying), dict(self._refreshing))
            await asyncio.wait(beside, timeout=HAND_BACK_SECONDS)
            self.wake()

    async def drain(self) -> None:
        """Deliver all that is due now, and return when nothing more can be: for tests, demos and the command line."""
        while True:
            # What arrives while we look may leave something due that this look did not see yet.
            was_under_way = bool(self._saying or self._refreshing)
            taken = await self._take()
            if self._saying or self._refreshing:
                await asyncio.wait({*self._saying, *self._refreshing}, return_when=asyncio.FIRST_COMPLETED)
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
        """Take what is due. Stopped meanwhile, it hears all the same what was taken: it is to be handed back."""
        now = self._clock.now()
        # Asked after the time: had it jumped between, it would be noticed.
        is_steady = self._clock.is_steady()
        await self._recall(now, is_steady=is_steady)
        taking_it = asyncio.ensure_future(
            self._runner.run(
                taking.take,
                now=now,
                is_steady=is_steady,
                lease=_new_lease(),
                notices=ROOM - len(self._saying),
                postings=ROOM - len(self._refreshing),
                under_way=self._under_way(),
            )
        )
        try:
            taken = await asyncio.shield(taking_it)
        except asyncio.CancelledError:
            self._begin(await taking_it)
            raise
        self._begin(taken)
        return taken

    async def _recall(self, now: datetime, *, is_steady: bool) -> None:
        """Once after each jump of the clock, when it can be trusted again."""
        if is_steady and self._has_jumped:
            self._desk.pacing.resume()
            await self._runner.run(taking.recall, now=now)
        self._has_jumped = not is_steady

    def _under_way(self) -> UnderWay:
        return UnderWay(
            Counter(saying.notice.workspace_id for saying in self._saying.values()),
            Counter(refreshing.posting.workspace_id for refreshing in self._refreshing.values()),
            self._is_crowded,
        )

    def _heard(self) -> None:
        """Another process wrote something."""
        self._wake.set()
        self.homes.wake()

    def _begin(self, taken: Taken) -> None:
        self._is_crowded = taken.is_crowded
        # Cards before stories: who pressed a button looks at the card.
        for posting in taken.postings:
            refreshing = Refreshing(self._desk, posting)
            self._start(self._refreshing, refreshing, refreshing.run())
        for notice in taken.notices:
            saying = Saying(self._desk, self._look_out, notice)
            self._start(self._saying, saying, saying.run())

    def _start(self, group: dict[asyncio.Task[None], T], what: T, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        group[task] = what

        def done(finished: asyncio.Task[None]) -> None:
            group.pop(finished, None)
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
        # What has no room waits for what is under way, which wakes us.
        is_full = self._is_crowded and bool(self._saying or self._refreshing)
        is_full = is_full or len(self._saying) >= ROOM or len(self._refreshing) >= ROOM
        if due_at is None or is_full:
            return IDLE_SECONDS
        shortest = SHORTEST_WAIT if self._clock.is_steady() else UNSTEADY_WAIT
        return min(IDLE_SECONDS, max(shortest, (due_at - self._clock.now()).total_seconds()))

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


def _new_lease() -> str:
    """A new one each time: what is taken twice must not be taken for the same."""
    return str(uuid.uuid4())
