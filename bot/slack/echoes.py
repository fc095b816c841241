"""The echo of what we post and redraw waits while somebody waits for us.

Slack tells the app of every message it posts and every card it redraws, with all of its blocks. Nothing follows from
it, but reading it takes as long as answering a press; and it comes just when the next people wait for their cards.
"""

from __future__ import annotations

import asyncio
from collections import deque

from bot.slack.delivery.rush import Rush


class PeopleFirst(asyncio.Queue[str]):
    """What comes in over one connection, in its order but for the echoes that come in a rush: those come after it."""

    def __init__(self, rush: Rush, bot_id: str) -> None:
        super().__init__()
        self._rush = rush
        # Inside a text its quotes would be escaped.
        self._signs = ('"events_api"', f'"{bot_id}"') if bot_id else ()
        self._echoes: deque[str] = deque()
        self._bringing: asyncio.Task[None] | None = None

    async def put(self, item: str) -> None:
        """Take what has come in."""
        if not (self._rush.is_on and self._may_be_echo(item)):
            await super().put(item)
            return
        self._echoes.append(item)
        if self._bringing is None:
            self._bringing = asyncio.create_task(self._bring())

    def _may_be_echo(self, item: str) -> bool:
        return bool(self._signs) and all(sign in item for sign in self._signs)

    async def _bring(self) -> None:
        # It gives up after a while, long before Slack does.
        await self._rush.over()
        self._bringing = None
        while self._echoes:
            self.put_nowait(self._echoes.popleft())
