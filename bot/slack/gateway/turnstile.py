"""One request is put together in each turn of the event loop, so that each is on its way before the next is begun.

The loop writes to its sockets between two turns. When sixteen people are answered at once, putting a request together
sixteen times in one turn keeps the first until the last is ready, while Slack has nothing to do.
"""

from __future__ import annotations

import asyncio
from collections import deque


class Turnstile:
    """Lets those who come in the same turn of the loop through one a turn, in the order they came."""

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._is_taken = False

    async def through(self) -> None:
        """Wait until nobody else has gone through in this turn."""
        loop = asyncio.get_running_loop()
        if not self._is_taken:
            self._is_taken = True
            loop.call_soon(self._let_next)
            return
        mine = loop.create_future()
        self._waiting.append(mine)
        try:
            await mine
        finally:
            # Who gave up while it was their turn leaves it to the next.
            if mine.done() and not mine.cancelled():
                self._let_next()

    def _let_next(self) -> None:
        """Whoever is let through now goes in the next turn."""
        while self._waiting:
            first = self._waiting.popleft()
            if not first.done():
                first.set_result(None)
                return
        self._is_taken = False
