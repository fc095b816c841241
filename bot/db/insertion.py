"""Inserting rows past the session: those nobody reads back, and those that may be there already."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Insert, Table, insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from bot.db.base import Base


def insert_row(session: Session, model: type[Base], values: Mapping[str, Any]) -> None:
    """Write a row that is not read back in this transaction: what it refers to has to be there already."""
    session.connection().execute(_plain(_table(model)), dict(values))


def insert_object(session: Session, row: Base) -> None:
    """Write a new row at once, for rows that nobody changes in this transaction: the session does not follow it.

    What was not set gets its default in the database, but not in the object.
    """
    values = vars(row)
    said = {column.key: values[column.key] for column in _table(type(row)).c if column.key in values}
    insert_row(session, type(row), said)


def insert_if_new(
    session: Session, model: type[Base], values: Mapping[str, Any], *, keys: Sequence[str]
) -> bool:
    """Write a row unless one with the same `keys` (a unique set of columns) is there; whether it was written.

    Of two transactions that do so at once, the second waits for the first and then writes nothing.
    """
    statement = _if_new(_table(model), _dialect(session), tuple(keys))
    return session.connection().execute(statement, dict(values)).first() is not None


def insert_or_update(
    session: Session,
    model: type[Base],
    values: Mapping[str, Any],
    *,
    keys: Sequence[str],
    update: Collection[str],
) -> None:
    """Write a row, or bring the columns `update` of the one with the same `keys` to these values.

    The statement goes past the session: rows it already holds have to be read again.
    """
    statement = _or_update(_table(model), _dialect(session), tuple(keys), tuple(sorted(update)))
    session.connection().execute(statement, dict(values))


# Built once each: putting a statement together costs several times as much as running it.


@lru_cache
def _plain(table: Table) -> Insert:
    return insert(table)


@lru_cache
def _if_new(table: Table, dialect: str, keys: tuple[str, ...]) -> Any:
    # RETURNING, not the row count: psycopg says -1 after ON CONFLICT DO NOTHING.
    return _insert(table, dialect).on_conflict_do_nothing(index_elements=keys).returning(table.c[keys[0]])


@lru_cache
def _or_update(table: Table, dialect: str, keys: tuple[str, ...], update: tuple[str, ...]) -> Any:
    statement = _insert(table, dialect)
    changes = {name: statement.excluded[name] for name in update}
    return statement.on_conflict_do_update(index_elements=keys, set_=changes)


def _insert(table: Table, dialect: str) -> Any:
    return sqlite_insert(table) if dialect == "sqlite" else postgresql_insert(table)


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name
