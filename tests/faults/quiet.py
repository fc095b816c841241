"""Waiting until Handoff has nothing more to do; where only time has to pass, it passes at once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.outbox.models import Notice, NoticeState, Posting
from bot.outbox.taking import next_due_at
from tests.faults.world import World

PATIENCE_SECONDS = 180.0
LOOK_SECONDS = 0.1
# What is leased and has not moved for so long, while Slack has nothing in hand, was left by a process that died.
ABANDONED_SECONDS = 3.0
# So long everything has to be still before it is believed.
STILL_SECONDS = 0.5
OFF_WORK = "its reader is off work"


@dataclass(frozen=True)
class Waiting:
    """What still has to be said or drawn, and when it is due."""

    leased: int
    unleased: int
    # When the first of it can be taken, or a lease ends.
    next_at: datetime | None
    # Changes with anything that moves.
    trace: tuple[object, ...]


class NotQuiet(Exception):
    """Handoff does not come to rest: the message says what it still has to do."""


async def until_quiet(world: World) -> float:
    """Wait until nothing is due any more; how many seconds it took. Raises `NotQuiet`."""
    loop = asyncio.get_running_loop()
    began = still_since = loop.time()
    last: tuple[object, ...] = ()
    while True:
        waiting = await _look(world)
        now, here = loop.time(), (world.slack.last_call_at, waiting.trace if waiting else None)
        if here != last or world.slack.is_busy:
            last, still_since = here, now
        if now - began > PATIENCE_SECONDS:
            raise NotQuiet(f"after {PATIENCE_SECONDS:g} s there still waits: {waiting}")
        if waiting is not None:
            if not waiting.leased and not waiting.unleased and now - still_since > STILL_SECONDS:
                return now - began
            _let_time_pass(world, waiting, now - still_since)
        await asyncio.sleep(LOOK_SECONDS)


def _let_time_pass(world: World, waiting: Waiting, still: float) -> None:
    """Move everybody's clock to when something is due, but never while anybody is at work on anything."""
    if world.slack.is_busy or still < STILL_SECONDS:
        return
    if waiting.leased and still < ABANDONED_SECONDS:
        return
    if waiting.next_at is not None:
        ahead = (waiting.next_at - world.clock.now()).total_seconds()
        if ahead > 0:
            world.clock.move_by(ahead + 0.1)


async def _look(world: World) -> Waiting | None:
    try:
        return await asyncio.to_thread(world.books.read_now, _waiting, world.clock.now())
    except SQLAlchemyError:
        # The database is away as well.
        return None


def _waiting(session: Session, now: datetime) -> Waiting:
    unsaid = [
        Notice.state.in_([NoticeState.PENDING, NoticeState.UNCLEAR, NoticeState.STUCK, NoticeState.HELD]),
        or_(Notice.state != NoticeState.HELD, Notice.last_error != OFF_WORK),
    ]
    counts = (
        select(func.count()).where(*unsaid),
        select(func.count()).where(Notice.state == NoticeState.SENDING),
        select(func.count()).where(Posting.is_stale, Posting.lease.is_(None)),
        select(func.count()).where(Posting.is_stale, Posting.lease.is_not(None)),
        select(func.count()).where(Notice.state == NoticeState.SENT),
    )
    notices, said, stale, drawn, sent = (session.scalar(count) or 0 for count in counts)
    next_at = next_due_at(session, now=now)
    return Waiting(said + drawn, notices + stale, next_at, (notices, said, stale, drawn, sent, next_at))
