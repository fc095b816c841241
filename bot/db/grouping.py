"""Use cases that wait for SQLite's one writer are run together: one commit, and one wait for the disk, for all.

Each keeps a transaction of its own inside the shared one: what it refuses is undone alone. Nobody hears anything
before the commit, since what somebody was refused may rest on what somebody else just did.
"""

from __future__ import annotations

import contextvars
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.db.transaction import nested, shared

T = TypeVar("T")

# So many at once: the first of a crowd need not wait for the last.
MOST_AT_ONCE = 10


class Group:
    """SQLite's one writer, with a connection of its own; `alone` runs a use case in a transaction that is only its own."""

    def __init__(self, engine: Engine, alone: Callable[[Callable[[Session], Any]], Any]) -> None:
        self._engine = engine
        self._alone = alone
        self._connection: Connection | None = None
        self._waiting: deque[_Job] = deque()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="use-case")

    def submit(self, use_case: Callable[[Session], T]) -> Future[T]:
        """Run it with those that wait at the same time; its result is told once that is committed."""
        job = _Job(use_case)
        self._waiting.append(job)
        # As many calls as jobs: whichever comes first takes all that wait, and the others find nothing left.
        self._thread.submit(self._run_waiting)
        return job.told

    def close(self) -> None:
        """Finish what waits, and let the thread go."""
        self._thread.shutdown(wait=True)
        self._let_go()

    def _run_waiting(self) -> None:
        first = self._next()
        if first is None:
            return
        jobs = [first]
        try:
            with shared(self._writing()) as connection:
                first.run(connection)
                # Who comes meanwhile is one of them too.
                while len(jobs) < MOST_AT_ONCE and (job := self._next()) is not None:
                    jobs.append(job)
                    job.run(connection)
        except SQLAlchemyError:
            self._let_go()
            # The database may have undone more than the part that failed: each once more, for itself.
            for job in jobs:
                job.run_alone(self._alone)
                job.tell()
        else:
            for job in jobs:
                job.tell()

    def _next(self) -> _Job | None:
        while self._waiting:
            job = self._waiting.popleft()
            if job.told.set_running_or_notify_cancel():
                return job
        return None

    def _writing(self) -> Connection:
        # Nobody else is lent it: a connection has to read again whatever another one wrote.
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class _Job:
    """One use case, who waits for it, and what became of it."""

    def __init__(self, use_case: Callable[[Session], Any]) -> None:
        self._use_case = use_case
        # The logging reference lives in a context variable; the thread sees it only through a copied context.
        self._context = contextvars.copy_context()
        self.told: Future[Any] = Future()
        self._result: Any = None
        self._error: BaseException | None = None

    def run(self, connection: Connection) -> None:
        """Run it as a part of a shared transaction. Raises `SQLAlchemyError` when that may be lost as a whole."""

        def part() -> Any:
            with nested(connection) as session:
                return self._use_case(session)

        self._keep(part, let_out=SQLAlchemyError)

    def run_alone(self, alone: Callable[[Callable[[Session], Any]], Any]) -> None:
        """Run it for itself; whatever it raises is its own."""
        self._keep(lambda: alone(self._use_case))

    def tell(self) -> None:
        """Let who waits for it go on."""
        if self._error is None:
            self.told.set_result(self._result)
        else:
            self.told.set_exception(self._error)

    def _keep(self, work: Callable[[], Any], *, let_out: type[BaseException] | tuple[()] = ()) -> None:
        try:
            self._result, self._error = self._context.run(work), None
        except let_out:
            raise
        except BaseException as error:
            # Who waits hears it, as from any thread pool.
            self._error = error
