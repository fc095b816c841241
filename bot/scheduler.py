"""The clock process: a few ticks, each calls one function. When what is due is a column, not a job."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from sqlalchemy.orm import Session

from bot.digests import service as digests
from bot.inbox.service import forget_old as forget_received
from bot.logs import new_reference
from bot.outbox.homes import forget_unopened
from bot.outbox.repository import forget_sent
from bot.requests import absences, client_answers, departures, offering
from bot.requests.overflow import forget_old as forget_overflow
from bot.slack.bot import Bot

log = logging.getLogger(__name__)

DIGEST_TICK_SECONDS = 15.0
OFFERS_TICK_SECONDS = 60.0
ABSENCE_TICK_SECONDS = 30.0
# For what falls due on a day.
DAILY_TICK_SECONDS = 60.0
DEPARTURE_TICK_SECONDS = 300.0
TIDY_TICK_SECONDS = 3600.0
SENT_KEPT = timedelta(days=90)


def build_scheduler(bot: Bot, *, digest_tick: float = DIGEST_TICK_SECONDS) -> AsyncIOScheduler:
    """A scheduler that posts due digests and tidies up; start it on the running loop.

    It may run in any number of processes: a digest's period is claimed by a unique row, whoever comes first.
    """
    # A run that was missed is made up for, once: what is due is asked of the database each time.
    scheduler = AsyncIOScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )

    async def post_due_digests() -> None:
        await bot.run(digests.run_due, bot.clock.now())

    async def mark_offers_over() -> None:
        await bot.run(offering.mark_over, bot.clock.now())

    async def keep_up_with_absences() -> None:
        await bot.run(absences.keep_up, bot.clock.now())

    async def pass_on_from_who_left() -> None:
        await bot.run(departures.keep_up, bot.clock.now())

    async def realign_digests() -> None:
        # The rules of a zone may have changed since the due times were computed: with a new release of tzdata.
        await bot.run(digests.realign, bot.clock.now())

    async def expire_answers() -> None:
        await bot.run(client_answers.expire_answers, bot.clock.now())

    async def tidy() -> None:
        await bot.run(_tidy, bot.clock.now())

    every = (
        (post_due_digests, digest_tick),
        (mark_offers_over, OFFERS_TICK_SECONDS),
        (keep_up_with_absences, ABSENCE_TICK_SECONDS),
        (expire_answers, DAILY_TICK_SECONDS),
        (pass_on_from_who_left, DEPARTURE_TICK_SECONDS),
        (tidy, TIDY_TICK_SECONDS),
    )
    for job, seconds in every:
        scheduler.add_job(_guarded(job), IntervalTrigger(seconds=seconds), id=job.__name__)
    scheduler.add_job(_guarded(realign_digests), id=realign_digests.__name__)
    return scheduler


def _guarded(job: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        new_reference()
        try:
            await job()
        except asyncio.CancelledError:
            # The process stops; what was due stays due.
            return
        except Exception:
            # The next tick tries again; what was due stays due.
            log.exception("a tick failed: %s", job.__name__)

    return run


def _tidy(session: Session, now: datetime) -> None:
    forget_received(session, now)
    forget_overflow(session, now)
    forget_sent(session, before=now - SENT_KEPT)
    forget_unopened(session, before=now - SENT_KEPT)
