"""What people wait for goes first: while it is under way, what nobody waits for waits too, though not for long."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST_WAIT = 0.25


class Rush:
    """Counts what people wait for: a press that is being worked on, a card that is being redrawn."""

    def __init__(self) -> None:
        self._count = 0
        self._is_over = asyncio.Event()

    @property
    def is_on(self) -> bool:
        """Whether anybody waits for anything."""
        return self._count > 0

    @contextmanager
    def on(self) -> Iterator[None]:
        """Somebody waits for what the block does."""
        self._count += 1
        self._is_over.clear()
        try:
            yield
        finally:
            self._count -= 1
            if not self._count:
                self._is_over.set()

    async def over(self) -> None:
        """Wait until nobody waits for anything, or for as long as can be asked of a story."""
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                while self._count:
                    await self._is_over.wait()
        except TimeoutError:
            return
