"""Refreshing one posted message, so that it shows its row again."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.outbox import outcomes
from bot.outbox.due import LATE_ARRIVAL, DuePosting
from bot.slack.delivery.desk import Desk, with_plainer
from bot.slack.delivery.drawing import Drawing, draw
from bot.slack.delivery.failures import NO_TOKEN, NextDrawing, after_update
from bot.slack.delivery.saying import UNKNOWN_KIND_WAIT, follow_external
from bot.slack.directory import NEVER
from bot.slack.gateway import GatewayError, RateLimited, Refused
from bot.slack.kinds import Audience, Kind
from bot.slack.message import Message
from bot.telemetry import metrics
from bot.telemetry.work import Delivery
from bot.workspaces.installations import park_if_stopped

log = logging.getLogger(__name__)

UPDATE = "chat.update"


class Refreshing:
    """One try to refresh one message, as it was drawn already if it was."""

    def __init__(self, desk: Desk, posting: DuePosting, drawing: Drawing | None = None) -> None:
        self._desk = desk
        self.posting = posting
        # Slack has been asked to draw it anew.
        self.has_left = False
        self._left_at = desk.clock.now()
        self._drawing = drawing
        self._anew_since = asyncio.get_running_loop().time() if posting.has_new_readers else NEVER

    async def run(self) -> None:
        """Refresh it, or write down why not and what comes next; raises nothing but cancellation."""
        posting, kind = self.posting, self._desk.kinds.get(self.posting.kind)
        name = posting.kind if kind is not None else "unknown"
        with Delivery(metrics.REFRESHES, name, posting.workspace_id, posting.subject_id) as delivery:
            if kind is None:
                await self._again(NextDrawing(UNKNOWN_KIND_WAIT, counts=False), "unknown kind")
                return
            try:
                with self._desk.rush.on():
                    shows = await self._refreshed(kind)
            except Exception as error:
                delivery.outcome = "failed"
                await self._not_refreshed(error)
            else:
                delivery.outcome = "shown"
                await self._desk.rush.over()
                await self._shown(kind, shows)

    async def _refreshed(self, kind: Kind) -> Drawing:
        """What the message shows now."""
        posting, desk = self.posting, self._desk
        desk.raise_if_paused(posting.workspace_id, UPDATE)
        has_waited = await desk.pacing.turn(posting.workspace_id, f"{posting.channel_id} {posting.ts}")
        # What has changed while the message waited for its turn is drawn with the rest.
        drawing = await self._for_its_readers(kind, None if has_waited else self._drawing)

        async def update(edition: Message) -> None:
            self.has_left = True
            self._left_at = desk.clock.now()
            await desk.gateways.of(posting.workspace_id).update(posting.channel_id, posting.ts, edition)

        if drawing.message is not None:
            await with_plainer(update, drawing.message, what=f"a {posting.kind}")
        return drawing

    async def _for_its_readers(self, kind: Kind, drawing: Drawing | None) -> Drawing:
        """The drawing, if it is for who reads it now; else another one."""
        posting, desk = self.posting, self._desk
        readerships = posting.readerships
        while True:
            is_external = await desk.is_external(
                posting.workspace_id, posting.channel_id, since=self._anew_since, readerships=readerships
            )
            if drawing is None or drawing.is_external is not is_external:
                audience = Audience(is_external=is_external, now=desk.clock.now())
                drawing = await desk.runner.read(draw, posting=posting, kind=kind, audience=audience)
            if drawing.readerships <= readerships:
                return drawing
            # Meanwhile another process has heard that they changed.
            readerships, drawing = drawing.readerships, None

    async def _shown(self, kind: Kind, shows: Drawing) -> None:
        posting, now = self.posting, self._desk.clock.now()

        def write(session: Session) -> None:
            outcomes.shown(session, posting, wanted=shows.wanted, began=self._left_at, now=now)
            if shows.is_external:
                follow_external(session, kind, posting, now)

        await self._desk.write(write)

    async def _not_refreshed(self, error: Exception) -> None:
        posting = self.posting
        after = after_update(error, attempts=posting.attempts)
        if isinstance(error, RateLimited):
            now = self._desk.clock.now()
            self._desk.pacing.pause(posting.workspace_id, error.method, now, error.retry_after)
        elif isinstance(error, GatewayError):
            log.info("a %s was not refreshed: %r", posting.kind, error)
        else:
            log.error("a %s could not be drawn anew", posting.kind, exc_info=error)
        await self._again(after, repr(error), error.code if isinstance(error, Refused) else "")

    async def _again(self, after: NextDrawing, why: str, code: str = "") -> None:
        posting, now = self.posting, self._desk.clock.now()
        kind = self._desk.kinds.get(posting.kind)

        def write(session: Session) -> None:
            outcomes.not_shown(
                session,
                posting,
                error=why,
                next_attempt_at=now + timedelta(seconds=after.seconds),
                is_gone=after.is_gone,
                is_linked_to=kind is not None and kind.is_linked_to,
                now=now,
                counts=after.counts,
                may_land_until=now + LATE_ARRIVAL if after.may_come_late else None,
            )
            if code in NO_TOKEN:
                park_if_stopped(session, workspace_id=posting.workspace_id)

        await self._desk.write(write)
