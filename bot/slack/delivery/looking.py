"""Looking whether an earlier post arrived: page by page, as slowly as Slack allows, never from the start again."""

from __future__ import annotations

import enum
import logging
from uuid import UUID

from bot.outbox import repository as outbox
from bot.outbox.due import DueNotice
from bot.slack.delivery.desk import Desk
from bot.slack.delivery.failures import CANNOT_LOOK
from bot.slack.gateway import Posted, Refused

log = logging.getLogger(__name__)

# Beyond so many pages of what was said since, nobody will find it.
MOST_PAGES = 40


class Nowhere(enum.Enum):
    """What a look that found nothing is worth."""

    NOT_THERE = "not there"
    CANNOT_LOOK = "cannot look"


class LookOut:
    """Finds what an earlier try posted."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        # How far a search came that Slack interrupted (an unlisted app gets one page a minute).
        self._reached: dict[UUID, tuple[str, int]] = {}

    async def look(self, notice: DueNotice, channel: str, thread_ts: str | None) -> Posted | Nowhere:
        """The message an earlier try posted, else what its absence is worth.

        Raises `GatewayError` when it has to be looked for again later.
        """
        try:
            found = await self._search(notice, await self._conversation(notice, channel), thread_ts)
        except Refused as refused:
            self._reached.pop(notice.id, None)
            if refused.code not in CANNOT_LOOK:
                raise
            log.warning("cannot look whether %s arrived: %s", notice.dedupe_key, refused.code)
            return Nowhere.CANNOT_LOOK
        self._reached.pop(notice.id, None)
        return found

    async def _conversation(self, notice: DueNotice, channel: str) -> str:
        """Where to look: for a person, the private conversation, which has an id of its own."""
        if channel.startswith(("C", "G", "D")):
            return channel
        known = await self._desk.runner.read(
            outbox.private_channel, workspace_id=notice.workspace_id, person_id=channel
        )
        return known or await self._desk.gateways.of(notice.workspace_id).private_channel(channel)

    async def _search(self, notice: DueNotice, channel: str, thread_ts: str | None) -> Posted | Nowhere:
        cursor, pages = self._reached.get(notice.id, ("", 0))
        method = "conversations.history" if thread_ts is None else "conversations.replies"
        while pages < MOST_PAGES:
            self._desk.raise_if_paused(notice.workspace_id, method)
            page = await self._desk.gateways.of(notice.workspace_id).look_back(
                channel, notice.dedupe_key, since=notice.first_sent_at, thread_ts=thread_ts, cursor=cursor
            )
            if page.found is not None:
                return page.found
            if not page.next_cursor:
                return Nowhere.NOT_THERE
            cursor, pages = page.next_cursor, pages + 1
            self._reached[notice.id] = cursor, pages
        log.warning("looked through %d pages for %s in vain", pages, notice.dedupe_key)
        return Nowhere.CANNOT_LOOK
