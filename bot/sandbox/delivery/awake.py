"""A limit in seconds for which this machine was awake: what a laptop sleeps through is no delay of the app."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

LOOK_SECONDS = 0.1
# A look that comes later than this was held up by the machine: what is beyond does not count.
MOST_A_LOOK = 2 * LOOK_SECONDS


@asynccontextmanager
async def awake_limit(seconds: float) -> AsyncIterator[None]:
    """Let the block take so many seconds while this machine is awake. Raises TimeoutError when they are over."""
    loop = asyncio.get_running_loop()
    left, last = seconds, loop.time()
    look: asyncio.TimerHandle | None = None

    def count() -> None:
        nonlocal left, last, look
        now = loop.time()
        left, last = left - min(now - last, MOST_A_LOOK), now
        if left <= 0:
            scope.reschedule(now)
        else:
            look = loop.call_later(min(left, LOOK_SECONDS), count)

    async with asyncio.timeout(None) as scope:
        look = loop.call_later(min(left, LOOK_SECONDS), count)
        try:
            yield
        finally:
            look.cancel()
