"""What a process can tell of its own state: what is missing for it to work, and the figures nobody counts along the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from bot.bootstrap import Handoff, plain_secret
from bot.digests.models import DigestSchedule
from bot.outbox.backlog import Waiting, backlog
from bot.schema import is_current
from bot.telemetry import metrics
from bot.web.operations import Operations
from bot.workspaces.installations import is_at_work

# Whoever asks more often than this hears what was found last: probes and scrapes cannot load the database.
READY_SECONDS = 1.0
FIGURES_SECONDS = 5.0
# A database that does not answer for so long is missing, whatever its driver still hopes for.
PATIENCE_SECONDS = 3.0
LOOP_CHECK_SECONDS = 0.5


class Vitals:
    """Looks at one running process; `connections` tells how many Socket Mode connections are open (none: not used)."""

    def __init__(self, running: Handoff, connections: Callable[[], int] | None = None) -> None:
        self._running = running
        self._connections = connections
        self._ready = _Held(READY_SECONDS)
        self._figures = _Held(FIGURES_SECONDS)
        self._missing: list[str] = []

    def operations(self) -> Operations:
        """What the process answers with."""
        token = plain_secret(self._running.settings.metrics_token)
        return Operations(self.missing, self.measure, token)

    async def missing(self) -> list[str]:
        """What is not there: `database`, `migrations`, `slack`."""
        async with self._ready as is_old:
            if is_old:
                self._missing = await self._look()
        return self._missing

    async def measure(self) -> None:
        """Bring the figures up to date."""
        engine = self._running.bot.runner.engine
        if isinstance(engine.pool, QueuePool):
            metrics.POOL_IN_USE.set(engine.pool.checkedout())
            metrics.POOL_LIMIT.set(engine.pool.size() + engine.pool._max_overflow)
        if self._connections is not None:
            metrics.SOCKETS_OPEN.set(self._connections())
        async with self._figures as is_old:
            if is_old:
                await self._ask_database()

    async def watch_loop(self) -> None:
        """Notice when something holds up the event loop, until cancelled; the worst of the last minute is told."""
        loop = asyncio.get_running_loop()
        worst: list[float] = []
        while True:
            began = loop.time()
            await asyncio.sleep(LOOP_CHECK_SECONDS)
            worst = [*worst[-119:], loop.time() - began - LOOP_CHECK_SECONDS]
            metrics.LOOP_LAG.set(max(0.0, *worst))

    async def _look(self) -> list[str]:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                is_up_to_date = await asyncio.to_thread(_ask, self._running)
        except (SQLAlchemyError, TimeoutError):
            return ["database"]
        missing = ["migrations"] if not is_up_to_date else []
        if self._connections is not None and not self._connections():
            missing.append("slack")
        return missing

    async def _ask_database(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                waiting, due_at = await self._running.bot.runner.read(_figures)
        except (SQLAlchemyError, TimeoutError):
            # That it is away is told by /readyz; old figures are not told as if they were new.
            metrics.BACKLOG.clear()
            metrics.BACKLOG_AGE.clear()
            return
        now = self._running.bot.clock.now()
        for state, these in waiting.items():
            metrics.BACKLOG.labels(state).set(these.count)
            metrics.BACKLOG_AGE.labels(state).set(_seconds_since(these.since, now))
        metrics.DIGESTS_OVERDUE.set(_seconds_since(due_at, now))


class _Held:
    """One at a time looks; whoever comes within so many seconds goes by what was found."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = asyncio.Lock()
        self._until = 0.0

    async def __aenter__(self) -> bool:
        await self._lock.acquire()
        return asyncio.get_running_loop().time() >= self._until

    async def __aexit__(self, *_: object) -> None:
        now = asyncio.get_running_loop().time()
        if now >= self._until:
            self._until = now + self._seconds
        self._lock.release()


def _ask(running: Handoff) -> bool:
    def ask(session: Session) -> None:
        session.execute(text("SELECT 1"))

    running.bot.runner.read_now(ask)
    return is_current(running.bot.runner.engine)


def _figures(session: Session) -> tuple[dict[str, Waiting], datetime | None]:
    # No digest is due where Handoff was taken out.
    due = select(func.min(DigestSchedule.next_run_at)).where(
        DigestSchedule.is_on, is_at_work(DigestSchedule.workspace_id)
    )
    return backlog(session), session.scalar(due)


def _seconds_since(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
