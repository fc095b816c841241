"""Work that is due at a time of the workspace's clock: retries of events, scheduled messages."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime

Work = Callable[[], Awaitable[None]]


class Timetable:
    """Holds work until its time comes; nothing runs by itself: someone calls run_due."""

    def __init__(self) -> None:
        self._due: list[tuple[datetime, int, Work]] = []
        self._order = itertools.count()

    def __len__(self) -> int:
        return len(self._due)

    def at(self, when: datetime, work: Work) -> None:
        """Plans work for a moment."""
        heapq.heappush(self._due, (when, next(self._order), work))

    async def run_due(self, now: datetime) -> int:
        """Does everything that is due, earliest first; returns how many pieces of work that was."""
        done = 0
        while self._due and self._due[0][0] <= now:
            _, _, work = heapq.heappop(self._due)
            await work()
            done += 1
        return done
