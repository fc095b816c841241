"""The clock process: a few ticks, each calls one function. When what is due is a column, not a job."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeAlias

from apscheduler.events import EVENT_JOB_SUBMITTED, JobSubmissionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.schedulers.base import STATE_PAUSED
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.orm import Session

from bot.clock import SystemClock
from bot.db.deletion import BATCH
from bot.digests import service as digests
from bot.inbox.service import forget_old as forget_received
from bot.outbox.homes import forget_unopened
from bot.outbox.repository import forget_sent
from bot.reminders.service import remind_due
from bot.requests.afterwards import client_answers, returning
from bot.requests.bargaining import conditional, offering
from bot.requests.routing import absences, departures
from bot.requests.timing.catching_up import start_missing_clocks
from bot.requests.typed.overflow import forget_old as forget_overflow
from bot.slack.bot import Bot
from bot.telemetry import metrics
from bot.telemetry.work import Tick
from bot.workspaces.erasing import NotErasedError, erase_long_gone
from bot.workspaces.install_states import forget_old as forget_install_states

log = logging.getLogger(__name__)

Job: TypeAlias = Callable[[], Awaitable[None]]

DIGEST_TICK_SECONDS = 15.0
OFFERS_TICK_SECONDS = 60.0
ABSENCE_TICK_SECONDS = 30.0
# For what falls due on a day.
DAILY_TICK_SECONDS = 60.0
DEPARTURE_TICK_SECONDS = 300.0
REMINDER_TICK_SECONDS = 15.0
TIDY_TICK_SECONDS = 3600.0
# In one tick; the rest of a flood waits for the next one, so that other ticks have their turn.
MOST_REMINDERS = 500
# The same; a table of a million old rows is gone after a few hours.
MOST_BATCHES = 200
SENT_KEPT = timedelta(days=90)
# So long the data of a workspace is kept after Handoff was taken out of it.
GONE_KEPT = timedelta(days=30)
# A tick that is under way when the clock is told to stop has so long to finish.
FINISH_SECONDS = 3.0

_under_way: set[asyncio.Task[None]] = set()


def build_scheduler(
    bot: Bot,
    *,
    digest_tick: float = DIGEST_TICK_SECONDS,
    reminder_tick: float = REMINDER_TICK_SECONDS,
    sent_kept: timedelta = SENT_KEPT,
    gone_kept: timedelta = GONE_KEPT,
) -> AsyncIOScheduler:
    """A scheduler that posts due digests, reminds, and tidies up; start it on the running loop.

    It may run in any number of processes: a digest's period is claimed by a unique row, whoever comes first.
    """
    # A run that was missed is made up for, once: what is due is asked of the database each time.
    scheduler = AsyncIOScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )

    async def remind() -> None:
        for _ in range(MOST_REMINDERS):
            if _is_paused(scheduler) or not await bot.run(remind_due, bot.clock.now()):
                return

    async def catch_up() -> None:
        while not _is_paused(scheduler):
            if not await bot.run(start_missing_clocks, bot.clock.now()):
                return

    def once(use_case: Callable[[Session, datetime], object]) -> Job:
        async def run() -> None:
            await bot.run(use_case, bot.clock.now())

        return run

    # A new tick is one row: its name, what it does, how often.
    every: tuple[tuple[str, Job, float], ...] = (
        ("post_due_digests", once(digests.run_due), digest_tick),
        ("mark_offers_over", once(offering.mark_over), OFFERS_TICK_SECONDS),
        ("expire_conditions", once(conditional.expire_conditions), OFFERS_TICK_SECONDS),
        ("keep_up_with_absences", once(absences.keep_up), ABSENCE_TICK_SECONDS),
        ("wake_deferred", once(returning.wake_deferred), DAILY_TICK_SECONDS),
        ("expire_answers", once(client_answers.expire_answers), DAILY_TICK_SECONDS),
        ("pass_on_from_who_left", once(departures.keep_up), DEPARTURE_TICK_SECONDS),
        ("remind", remind, reminder_tick),
        ("tidy", _tidying(bot, sent_kept), TIDY_TICK_SECONDS),
        ("erase_long_gone", _erasing(bot, gone_kept), TIDY_TICK_SECONDS),
    )
    for name, job, seconds in every:
        scheduler.add_job(_guarded(name, job), IntervalTrigger(seconds=seconds), id=name)
    scheduler.add_listener(_note_lag, EVENT_JOB_SUBMITTED)
    # At the start: the rules of a zone may have changed since the due times were computed, with a new release of tzdata.
    scheduler.add_job(_guarded("realign_digests", once(digests.realign)), id="realign_digests")
    scheduler.add_job(_guarded("start_missing_clocks", catch_up), id="start_missing_clocks")
    return scheduler


def _is_paused(scheduler: AsyncIOScheduler) -> bool:
    return bool(scheduler.state == STATE_PAUSED)


async def stop(scheduler: AsyncIOScheduler) -> None:
    """Tick no more, let what is under way finish for as long as it may take, and end the scheduler."""
    scheduler.pause()
    if _under_way:
        await asyncio.wait(set(_under_way), timeout=FINISH_SECONDS)
    scheduler.shutdown(wait=False)


def _note_lag(event: JobSubmissionEvent) -> None:
    # The scheduler goes by the machine's clock, whatever clock the digests go by.
    late = SystemClock().now() - min(event.scheduled_run_times)
    metrics.CLOCK_LAG.labels(event.job_id).set(max(0.0, late.total_seconds()))


def _guarded(name: str, job: Job) -> Job:
    async def run() -> None:
        task = asyncio.current_task()
        assert task is not None
        _under_way.add(task)
        task.add_done_callback(_under_way.discard)
        with Tick(name) as tick:
            try:
                await job()
            except asyncio.CancelledError:
                # The process stops; what was due stays due.
                return
            except Exception:
                # The next tick tries again; what was due stays due.
                tick.has_failed()
                log.exception("a tick failed: %s", name)

    return run


def _tidying(bot: Bot, sent_kept: timedelta) -> Job:
    """Drops what is kept no longer, a batch in each transaction, so that nobody waits long for a lock."""
    steps: tuple[Callable[[Session, datetime], int], ...] = (
        forget_received,
        forget_install_states,
        forget_overflow,
        lambda session, now: forget_sent(session, before=now - sent_kept),
        lambda session, now: forget_unopened(session, before=now - sent_kept),
    )

    async def tidy() -> None:
        for step in steps:
            for _ in range(MOST_BATCHES):
                if await bot.run(step, bot.clock.now()) < BATCH:
                    break

    return tidy


def _erasing(bot: Bot, kept: timedelta) -> Job:
    async def run() -> None:
        failed: dict[str, NotErasedError] = {}
        for _ in range(MOST_BATCHES):
            try:
                workspace_id = await bot.run(erase_long_gone, bot.clock.now(), kept, tuple(failed))
            except NotErasedError as error:
                # Those behind it do not wait for it.
                failed[error.workspace_id] = error
                continue
            if workspace_id is None:
                break
            log.info("everything of %s was deleted", workspace_id)
        if failed:
            raise ExceptionGroup("not every workspace could be deleted", list(failed.values()))

    return run
