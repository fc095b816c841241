"""One use case, one transaction: the only place that commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, TextClause, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from bot.db.engine import READ_ONLY
from bot.db.prepared import prepared

# One use case among several that share a transaction.
_SAVE, _UNDO, _RELEASE = text("SAVEPOINT use_case"), text("ROLLBACK TO use_case"), text("RELEASE use_case")
# PostgreSQL: serialization failure, deadlock. SQLite says "database is locked".
_RETRYABLE_STATES = {"40001", "40P01"}


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session whose work is committed when the block ends, and rolled back when it raises."""
    with Session(engine, expire_on_commit=False) as session:
        yield session
        session.commit()


@contextmanager
def shared(connection: Connection) -> Iterator[Connection]:
    """A transaction for several use cases, each `nested` in it; committed when the block ends."""
    with connection.begin():
        yield connection


@contextmanager
def nested(connection: Connection) -> Iterator[Session]:
    """One use case's part of a shared transaction: undone for itself when the block raises."""
    # The savepoint is ours and not the session's, which takes ten times as long to make one.
    with Session(connection, expire_on_commit=False, join_transaction_mode="rollback_only") as session:
        _tell(connection, _SAVE)
        try:
            yield session
            # All that a commit would do here, past the states that it goes through.
            session.flush()
        except BaseException:
            _tell(connection, _UNDO)
            raise
        finally:
            _tell(connection, _RELEASE)


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads; nothing it does is kept."""
    with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
        connection.begin()
        # The connection rolls back as it is returned. It is left to that, which also leaves what was read unexpired.
        with Session(connection, autoflush=False, join_transaction_mode="rollback_only") as session:
            yield session


def _tell(connection: Connection, statement: TextClause) -> None:
    prepared(statement, connection.dialect).rows(connection, {})


def is_conflict(error: DBAPIError) -> bool:
    """Whether two transactions got in each other's way, so that the loser may simply try again."""
    if getattr(error.orig, "sqlstate", None) in _RETRYABLE_STATES:
        return True
    return isinstance(error, OperationalError) and "database is locked" in str(error.orig)
