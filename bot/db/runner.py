"""Runs use cases beside the event loop: each in one transaction on a worker thread."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.db.engine import is_sqlite
from bot.db.grouping import Group
from bot.db.transaction import is_conflict, reading, transaction

P = ParamSpec("P")
T = TypeVar("T")

POSTGRESQL_WORKERS = 8
TRIES = 3
SHARED_SECONDS = 0.1


class Runner:
    """The bridge between the async edge and the sync core.

    SQLite has one writer, so one thread is its lock, and those who wait for it share a commit. Its reads go to one
    thread more: they never wait for a write, and two would only take turns at the interpreter. PostgreSQL has eight.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._group = Group(engine, self.run_now) if is_sqlite(engine) else None
        threads = 1 if self._group else POSTGRESQL_WORKERS
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="query" if self._group else "use-case")
        # Reads that were asked for and have not begun, and answers that still hold, by what they ask.
        self._coming: dict[Any, asyncio.Future[Any]] = {}
        self._answers: dict[Any, tuple[float, Any]] = {}
        self._writes = 0

    async def run(
        self, use_case: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `use_case(session, …)` in one transaction, commit, and return its result.

        What it refuses or raises comes out here, after the rollback. A conflict with another transaction is
        tried again (so a use case has no side effect but its rows).
        """
        try:
            if self._group:
                return await asyncio.wrap_future(
                    self._group.submit(lambda session: use_case(session, *args, **kwargs))
                )
            return await self._in_thread(lambda: self.run_now(use_case, *args, **kwargs))
        finally:
            self._writes += 1
            self._answers.clear()

    async def read(
        self, query: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `query(session, …)` in a transaction that only reads, and return its result."""
        return await self._in_thread(lambda: self.read_now(query, *args, **kwargs))

    async def read_together(
        self, query: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The same as `read`, for what many ask at once: they share one answer, and must not change it.

        An answer holds until this process writes anything, and no longer than `SHARED_SECONDS`, which is how much
        later than itself it may see what another process wrote.
        """
        key = (query, args, tuple(sorted(kwargs.items())))
        held = self._answers.get(key)
        if held is not None and held[0] > asyncio.get_running_loop().time():
            return held[1]  # type: ignore[no-any-return]  # kept under the query that gave it
        coming: asyncio.Future[T] | None = self._coming.get(key)
        if coming is None:
            coming = self._coming[key] = asyncio.ensure_future(self._answer(key, query, *args, **kwargs))
        # One who gives up does not take the answer from the others.
        return await asyncio.shield(coming)

    async def _answer(
        self, key: Any, query: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        writes = self._writes

        def begin() -> T:
            # Who asks from here on may have seen a change that this answer does not have.
            self._coming.pop(key, None)
            return self.read_now(query, *args, **kwargs)

        answer = await self._in_thread(begin)
        if writes == self._writes:
            self._answers[key] = (asyncio.get_running_loop().time() + SHARED_SECONDS, answer)
        return answer

    def run_now(
        self, use_case: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The same as `run`, on the caller's thread: for the command line and for tests."""
        for attempt in range(1, TRIES + 1):
            try:
                with transaction(self.engine) as session:
                    return use_case(session, *args, **kwargs)
            except DBAPIError as error:
                if attempt == TRIES or not is_conflict(error):
                    raise
        raise AssertionError("unreachable: the last try returns or raises")

    def read_now(
        self, query: Callable[Concatenate[Session, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The same as `read`, on the caller's thread."""
        with reading(self.engine) as session:
            return query(session, *args, **kwargs)

    def close(self) -> None:
        """Wait for what is under way, and let the threads and connections go."""
        if self._group:
            self._group.close()
        self._threads.shutdown(wait=True)
        self.engine.dispose()

    async def _in_thread(self, work: Callable[[], T]) -> T:
        # The logging reference lives in a context variable; threads see it only through a copied context.
        context = contextvars.copy_context()
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: context.run(work))
