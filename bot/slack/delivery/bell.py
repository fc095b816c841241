"""A bell between processes: who writes rings it, and the couriers of other processes look at once.

It is a hint and no more: every courier also looks by itself every few seconds, so a ring that is lost delays what it
was about and loses nothing. PostgreSQL carries it (NOTIFY), outside of any use case's transaction, so that nobody's
commit waits for it. On SQLite there is one process and nobody to ring for.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine

from bot.db.engine import is_sqlite

if TYPE_CHECKING:
    # 8 MB, which whoever runs on SQLite has no use for: the engine brings it where the database is PostgreSQL.
    from psycopg import AsyncConnection

log = logging.getLogger(__name__)

CHANNEL = "handoff_outbox"
CONNECT_SECONDS = 5
# After a lost connection the bell is deaf for so long at least, and at most.
SHORTEST_WAIT = 0.2
LONGEST_WAIT = 30.0


class Bell:
    """Rings for, or listens to, the other processes on one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_silent = is_sqlite(engine)
        # psycopg itself, where the bell is not silent.
        self._driver: Any = engine.dialect.loaded_dbapi
        self._rope: AsyncConnection | None = None
        self._ringing: asyncio.Task[None] | None = None
        self._again = False

    def ring(self) -> None:
        """Let other processes look at the outbox; returns at once. Many rings at a time are few."""
        if self._is_silent:
            return
        self._again = True
        if self._ringing is None or self._ringing.done():
            self._ringing = asyncio.get_running_loop().create_task(self._ring())

    async def listen(self, heard: Callable[[], None]) -> None:
        """Call `heard` at every ring, until cancelled; with a database that is away, again when it is back."""
        if self._is_silent:
            return
        wait = SHORTEST_WAIT
        while True:
            try:
                async with await self._connected() as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    wait = SHORTEST_WAIT
                    # What was rung while nobody listened.
                    heard()
                    async for _ in connection.notifies():
                        heard()
            except self._driver.Error as error:
                log.debug("the bell is deaf for a while: %s", error)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def close(self) -> None:
        """Ring what was still to be rung, and let the connection go."""
        if self._ringing is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    await self._ringing
        if self._rope is not None:
            await self._rope.close()
            self._rope = None

    async def _ring(self) -> None:
        while self._again:
            self._again = False
            had_rope = self._rope is not None
            try:
                if self._rope is None or self._rope.closed:
                    self._rope = await self._connected()
                await self._rope.execute(f"NOTIFY {CHANNEL}")
            except self._driver.Error as error:
                log.debug("the bell could not be rung: %s", error)
                self._rope = None
                # Cut while nobody rang: once more over a new connection. Else they look by themselves in a moment.
                self._again = self._again or had_rope

    async def _connected(self) -> AsyncConnection:
        _, where = self._engine.dialect.create_connect_args(self._engine.url)
        rope: AsyncConnection = await self._driver.AsyncConnection.connect(
            autocommit=True, connect_timeout=CONNECT_SECONDS, application_name="handoff bell", **where
        )
        return rope
