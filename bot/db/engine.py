"""Opens a database: SQLite with one writer and many readers, or PostgreSQL through psycopg."""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

READ_ONLY = "handoff_read_only"
SQLITE_BUSY_MS = 5_000


def build_engine(url: str, *, pool_size: int = 8) -> Engine:
    """An engine for `url`; `postgres://` (as some hosts give it) means psycopg 3.

    Raises `ArgumentError`.
    """
    try:
        address = make_url(url)
    except ValueError:
        # Its words would quote what stands where the port belongs: a piece of a password, as a rule.
        raise ArgumentError(
            "what stands for its port is no number; is a / or @ in the password not escaped?"
        ) from None
    # What a statement was given (what clients said, tokens) is in no error and in no log.
    pool: dict[str, Any] = {"pool_size": pool_size, "max_overflow": 8, "hide_parameters": True}
    backend = address.drivername.partition("+")[0]
    if backend in {"postgres", "postgresql"}:
        # Whatever driver it was written for: psycopg 3 is the one that is installed.
        return create_engine(address.set(drivername="postgresql+psycopg"), pool_pre_ping=True, **pool)
    if address.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise ArgumentError(
            f"Handoff keeps its data in SQLite (sqlite:///handoff.db) or PostgreSQL (postgresql://…), not in {backend}"
        )
    if is_in_memory(address):
        raise ArgumentError(
            "it names a database in memory, which is gone with the process. Name a file: sqlite:///handoff.db"
        )
    # The connection that was used last still has its pages in memory.
    return _sqlite(create_engine(address, pool_use_lifo=True, **pool))


def is_in_memory(address: URL) -> bool:
    """Whether a SQLite database has no file, and would be another one for each connection."""
    name = address.database or ""
    return not name or ":memory:" in name or address.query.get("mode") == "memory"


def is_sqlite(engine: Engine) -> bool:
    """Whether this is the database that has one writer."""
    return engine.dialect.name == "sqlite"


def _sqlite(engine: Engine) -> Engine:
    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        # The driver's own BEGIN comes too late (not before a SELECT), so two writers could read the same row
        # and both change it. We turn it off and begin ourselves.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            f"busy_timeout={SQLITE_BUSY_MS}",
            "foreign_keys=ON",
            # FULL, not NORMAL: an acked request is a committed request, through a power cut too.
            "synchronous=FULL",
            # What a savepoint may have to put back stays in memory: it is a few pages, and was written to a file.
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        # Tells the words of the full-text index in their order. It holds nothing of its own: it looks into the index.
        cursor.execute(
            "CREATE VIRTUAL TABLE temp.search_vocabulary USING fts5vocab(main, search_words, instance)"
        )
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options: dict[str, Any] = dict(connection.get_execution_options())
        connection.exec_driver_sql("BEGIN" if options.get(READ_ONLY) else "BEGIN IMMEDIATE")

    return engine
