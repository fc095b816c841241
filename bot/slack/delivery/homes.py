"""Home tabs that stay true: drawn when they are opened, and again when something changes that they show.

Nothing of it is on the way of a press: it is followed in the history afterwards what happened, and whom it concerns.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.db.base import canonical_json
from bot.onboarding.service import guided
from bot.outbox import homes
from bot.outbox.homes import DueHome, Pages
from bot.requests.overviews.touched import Happening, concerned, happened_anywhere, happened_since
from bot.slack.delivery.desk import Desk
from bot.slack.gateway import NotSent, RateLimited, Refused, Unclear
from bot.slack.message import Home
from bot.telemetry import metrics

log = logging.getLogger(__name__)

PUBLISH = "views.publish"
# While nothing wakes the keeper it looks again after so many seconds: for what other processes wrote.
IDLE_SECONDS = 2.0
# Changes that follow one another this closely become one publication.
TOGETHER_SECONDS = 0.4
# A transaction may commit a while after the moment it writes down: so far back is looked again.
OVERLAP = timedelta(seconds=30)
AT_ONCE = 5
# What could not be published for who looks at it is tried again after so many seconds.
SOON_AGAIN = 1.0
# Slack answers so when somebody published in between.
OVERTAKEN = "hash_conflict"


class DrawHome(Protocol):
    """Loads and draws one person's Home."""

    def __call__(
        self, session: Session, *, workspace_id: str, person_id: str, pages: Pages, now: datetime
    ) -> Home: ...


@dataclass(frozen=True)
class _Drawn:
    home: Home
    # How many changes it shows.
    seen: int

    @property
    def shows(self) -> str:
        return hashlib.sha256(canonical_json(self.home.payload()).encode()).hexdigest()


@dataclass
class _Followed:
    until: datetime
    # What lies within the overlap and was followed already.
    known: set[Happening] = field(default_factory=set)


class HomeKeeper:
    """Publishes Homes: at once for who opens theirs, a moment later for whoever a change concerns."""

    def __init__(self, desk: Desk, draw: DrawHome) -> None:
        self._desk = desk
        self._draw = draw
        self._wake = asyncio.Event()
        self._followed: dict[str, _Followed] = {}
        self._at_work = asyncio.Lock()

    def wake(self) -> None:
        """Something may have changed."""
        self._wake.set()

    async def show(self, workspace_id: str, person_id: str, pages: Pages) -> None:
        """Publish somebody's Home, since they are looking at it; what Slack does not take now is published later.

        Raises what the gateway raises.
        """
        drawn, began = await self._drawn(workspace_id, person_id, pages), self._desk.clock.now()
        try:
            view_hash = await self._desk.gateways.of(workspace_id).publish(person_id, drawn.home)
        except (Unclear, NotSent, RateLimited) as error:
            await self._desk.runner.run(
                homes.opened_in_vain,
                workspace_id=workspace_id,
                person_id=person_id,
                pages=pages,
                seconds=error.retry_after if isinstance(error, RateLimited) else SOON_AGAIN,
                may_come_late=_may_come_late(error),
                now=self._desk.clock.now(),
            )
            raise
        await self._desk.runner.run(
            homes.opened,
            workspace_id=workspace_id,
            person_id=person_id,
            pages=pages,
            view_hash=view_hash,
            shows=drawn.shows,
            seen=drawn.seen,
            began=began,
            now=self._desk.clock.now(),
        )
        self.wake()

    async def run(self) -> None:
        """Keep Homes true until cancelled."""
        while True:
            self._wake.clear()
            await self._round()
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                continue
            await asyncio.sleep(TOGETHER_SECONDS)

    async def drain(self) -> None:
        """Publish every Home that is due now: for tests, demos and the command line."""
        async with self._at_work:
            await self._follow()
            while due := await self._take():
                for place, home in enumerate(due):
                    try:
                        await self._publish(home)
                    except asyncio.CancelledError:
                        await self._hand_back(due[place:])
                        raise

    async def _hand_back(self, left: list[DueHome]) -> None:
        """Let others publish what this process, which is told to stop, will not; else the leases run out."""
        now = self._desk.clock.now()

        def write(session: Session) -> None:
            for home in left:
                homes.not_shown(session, home, now=now, seconds=0.0)

        with contextlib.suppress(SQLAlchemyError):
            await self._desk.runner.run(write)

    async def _round(self) -> None:
        try:
            await self._desk.rush.over()
            await self.drain()
        except SQLAlchemyError as error:
            # What is due stays due; that the database is away is for the courier to say.
            log.debug("Homes could not be kept: %s", error)
        except Exception:
            log.exception("Homes could not be kept")

    async def _follow(self) -> None:
        """Mark the Homes of those whom anything concerns that happened since the last look."""
        runner, now = self._desk.runner, self._desk.clock.now()
        watched = await runner.read(homes.watched, now=now)
        # Those known already were all followed until the last look; those met now begin where they were left.
        known = [
            self._followed[workspace_id].until for workspace_id in watched if workspace_id in self._followed
        ]
        lately = min([*known, now]) - OVERLAP
        everywhere = await runner.read(happened_anywhere, since=lately) if known else {}
        for workspace_id, seen_until in watched.items():
            followed = self._followed.get(workspace_id)
            if followed is not None:
                happened = everywhere.get(workspace_id, set())
            else:
                followed = self._followed[workspace_id] = _Followed(seen_until)
                since = min(seen_until, now) - OVERLAP
                happened = await runner.read(happened_since, workspace_id=workspace_id, since=since)
            if new := happened - followed.known:
                request_ids = {request_id for request_id, _ in new}
                await runner.run(_mark, workspace_id=workspace_id, request_ids=request_ids, now=now)
            followed.until, followed.known = now, happened

    async def _take(self) -> list[DueHome]:
        now, lease = self._desk.clock.now(), str(uuid.uuid4())
        if not await self._desk.runner.read(homes.any_due, now=now):
            return []
        return await self._desk.runner.run(homes.take, now=now, lease=lease, limit=AT_ONCE)

    async def _publish(self, home: DueHome) -> None:
        """Publish one Home that was taken, or write down why not; raises nothing but cancellation."""
        try:
            self._desk.raise_if_paused(home.workspace_id, PUBLISH)
            await self._desk.pacing.turn(home.workspace_id, PUBLISH)
            await self._desk.rush.over()
            drawn = await self._drawn(home.workspace_id, home.person_id, home.pages)
            view_hash, began = home.view_hash, self._desk.clock.now()
            if drawn.shows != home.shows or home.may_be_covered:
                view_hash = await self._desk.gateways.of(home.workspace_id).publish(
                    home.person_id, drawn.home, view_hash=home.view_hash or None
                )
        except Exception as error:
            metrics.REFRESHES.labels("home", "failed").inc()
            await self._not_published(home, error)
        else:
            metrics.REFRESHES.labels("home", "shown").inc()
            await self._desk.write(
                homes.shown, home, view_hash=view_hash, shows=drawn.shows, seen=drawn.seen, began=began
            )

    async def _not_published(self, home: DueHome, error: Exception) -> None:
        now = self._desk.clock.now()
        if isinstance(error, RateLimited):
            self._desk.pacing.pause(home.workspace_id, error.method, now, error.retry_after)
            await self._desk.write(homes.not_shown, home, now=now, seconds=error.retry_after)
        elif isinstance(error, Refused) and error.code == OVERTAKEN:
            await self._desk.write(homes.overtaken, home, now=now)
        elif isinstance(error, Refused):
            log.warning("a Home is not kept any more until it is opened again: %r", error)
            await self._desk.write(homes.forget, home)
        else:
            log.info("a Home was not published: %r", error)
            await self._desk.write(homes.not_shown, home, now=now, may_come_late=_may_come_late(error))

    async def _drawn(self, workspace_id: str, person_id: str, pages: Pages) -> _Drawn:
        now = self._desk.clock.now()

        def draw(session: Session) -> _Drawn:
            # Before the rest: what is drawn is then at least as new.
            seen = homes.wanted(session, workspace_id=workspace_id, person_id=person_id)
            home = self._draw(session, workspace_id=workspace_id, person_id=person_id, pages=pages, now=now)
            return _Drawn(home, seen)

        return await self._desk.runner.read(draw)


def _may_come_late(error: Exception) -> bool:
    return isinstance(error, Unclear) and error.may_come_late and error.method == PUBLISH


def _mark(session: Session, *, workspace_id: str, request_ids: Collection[UUID], now: datetime) -> None:
    kept = homes.opened_lately(session, workspace_id, now)
    people = kept & concerned(session, workspace_id=workspace_id, request_ids=request_ids)
    # Whoever is guided through the first steps sees that the first request came, whoever logged it.
    people |= kept & {guided(session, workspace_id=workspace_id) or ""}
    homes.touch(session, workspace_id=workspace_id, person_ids=people, now=now)
    homes.followed(session, workspace_id=workspace_id, until=now)
