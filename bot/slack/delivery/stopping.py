"""Stopping: what Slack has been asked already is waited for, and the rest is for other processes, at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping

from sqlalchemy.exc import SQLAlchemyError

from bot.outbox import taking
from bot.outbox.due import LATE_ARRIVAL
from bot.slack.delivery.desk import Desk
from bot.slack.delivery.refreshing import Refreshing
from bot.slack.delivery.saying import Saying

log = logging.getLogger(__name__)

# What Slack has been asked has so long to be answered; all of a process has ten seconds to stop.
FINISH_SECONDS = 5.0
# To write down what is handed back.
HAND_BACK_SECONDS = 1.5


async def stop(
    desk: Desk,
    saying: Mapping[asyncio.Task[None], Saying],
    refreshing: Mapping[asyncio.Task[None], Refreshing],
) -> None:
    """Break off what has not begun, finish what has, and give up the leases of all that is left undone."""
    waiting = {task for task, one in saying.items() if not one.has_left}
    waiting |= {task for task, one in refreshing.items() if not one.has_left}
    await _break_off(waiting)
    await _hand_back(desk, saying, refreshing, waiting)
    under_way = {*saying, *refreshing} - waiting
    if under_way:
        _, late = await asyncio.wait(under_way, timeout=FINISH_SECONDS)
        await _break_off(late)
        await _hand_back(desk, saying, refreshing, late)


async def _break_off(tasks: Collection[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _hand_back(
    desk: Desk,
    saying: Mapping[asyncio.Task[None], Saying],
    refreshing: Mapping[asyncio.Task[None], Refreshing],
    left: Collection[asyncio.Task[None]],
) -> None:
    """Give up the leases of what is left undone; where that cannot be written, they run out."""
    now = desk.clock.now()
    # What Slack is still at work on is looked for when it is either there or never will be.
    late = now + LATE_ARRIVAL
    notices = [
        (one.notice, one.as_left, late if one.has_left else now)
        for task, one in saying.items()
        if task in left
    ]
    postings = [
        (one.posting, late if one.has_left else now) for task, one in refreshing.items() if task in left
    ]
    if not (notices or postings):
        return
    try:
        async with asyncio.timeout(HAND_BACK_SECONDS):
            await desk.runner.run(taking.hand_back, notices=notices, postings=postings)
    except (SQLAlchemyError, TimeoutError) as error:
        log.warning("what is left undone could not be handed back; its lease runs out: %r", error)
    else:
        log.info("handed back %d notices and %d refreshes", len(notices), len(postings))
