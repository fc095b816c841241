"""A PostgreSQL server that can be crashed and that comes back by itself, as under a service manager."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.databases import Server, started_here

# The tests' keeper, but for this: a server that ends while the bench still holds the pipe is started again.
KEEPER = """
(while :; do "$@"; sleep 0.3; done) & loop=$!
read -r _
kill -KILL "$loop"
server=$(head -n 1 "$PGDATA/postmaster.pid" 2>/dev/null)
kill -INT "$server" 2>/dev/null
while kill -0 "$server" 2>/dev/null; do sleep 0.05; done
rm -rf "${PGDATA%/*}"
"""
# What was committed must be in the files when the server dies; only a power cut is left out.
SAFE = ("synchronous_commit=on", "restart_after_crash=on")


class Database:
    """The server, and what can happen to it."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._folder = Path(self._ask("SHOW data_directory"))

    def crash(self) -> None:
        """Stop it at once, as when its machine dies: every connection is lost, and it recovers when it starts again."""
        self._signal(signal.SIGQUIT)

    def restart(self) -> None:
        """Stop it as an administrator does, without waiting for anybody."""
        self._signal(signal.SIGINT)

    def cut(self, database: str, share: float) -> int:
        """Cut this share of a database's connections, whatever they are doing; how many it were."""
        cut = (
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = %s AND pid <> pg_backend_pid() AND random() < %s"
        )
        with self._connected() as connection:
            row = connection.execute(cut, (database, share)).fetchone()
            return int(row[0]) if row else 0

    def _signal(self, number: signal.Signals) -> None:
        try:
            pid = int((self._folder / "postmaster.pid").read_text().split()[0])
            if Path(f"/proc/{pid}/comm").read_text().startswith("postgres"):
                os.kill(pid, number)
        except (FileNotFoundError, ProcessLookupError, IndexError):
            # It is down already.
            return

    def _ask(self, query: str) -> str:
        with self._connected() as connection:
            row = connection.execute(query).fetchone()  # type: ignore[call-overload]
        assert row is not None
        return str(row[0])

    def _connected(self) -> psycopg.Connection:
        plain = self.server.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(plain, autocommit=True, connect_timeout=5)


@contextmanager
def restartable() -> Iterator[Database]:
    """A server of our own for as long as the block runs.

    Raises `NoPostgreSQLError`.
    """
    with started_here(keeper=KEEPER, settings=SAFE) as server:
        yield Database(server)
