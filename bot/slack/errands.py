"""What Slack's acknowledgement need not wait for: it is given a moment, and goes on behind the ack when Slack is slow."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

log = logging.getLogger(__name__)

# Slack waits three seconds for the ack: what is known by then may stand in it, and is seen in its order.
PATIENCE_SECONDS = 0.8
# What is on its way when the process ends has so long to arrive.
FINISH_SECONDS = 5.0


def when_there_is_time(write: Callable[[], None]) -> None:
    """Do what is quick, and what nobody waits for, once the answer under way has left."""
    asyncio.get_running_loop().call_soon(write)


class Errands:
    """Work that is under way behind acks; nothing of it is forgotten while the process runs."""

    def __init__(self, *, patience: float = PATIENCE_SECONDS) -> None:
        self.patience = patience
        self._under_way: set[asyncio.Task[Any]] = set()

    async def soon(self, work: Coroutine[Any, Any, Any]) -> None:
        """Wait a moment for `work`; it raises what it raises by then, and later only logs it."""
        task = self._start(work)
        done, _ = await asyncio.wait({task}, timeout=self.patience)
        if done:
            task.result()
        else:
            task.add_done_callback(_log_failure)

    async def finish(self) -> None:
        """Give what is under way a while to arrive, for the end of the process."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=FINISH_SECONDS)
            for task in late:
                task.cancel()

    def _start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task


def _log_failure(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("what went on behind an ack failed", exc_info=task.exception())
