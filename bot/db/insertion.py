"""Inserting rows past the session: those nobody reads back, and those that may be there already."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, Insert, Table, insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from bot.db.base import Base
from bot.db.prepared import Row, connection_of, prepared


def insert_row(session: Session, model: type[Base], values: Mapping[str, Any]) -> None:
    """Write a row that is not read back in this transaction: what it refers to has to be there already."""
    _write(session, _plain(_table(model)), _table(model), values)


def insert_object(session: Session, row: Base) -> None:
    """Write a new row at once, for rows that nobody changes in this transaction: the session does not follow it.

    What was not set gets its default in the database, but not in the object (`records.new_record` fills it in).
    """
    insert_row(session, type(row), {name: value for name, value in vars(row).items() if name[0] != "_"})


def insert_if_new(
    session: Session, model: type[Base], values: Mapping[str, Any], *, keys: Sequence[str]
) -> bool:
    """Write a row unless one with the same `keys` (a unique set of columns) is there; whether it was written.

    Of two transactions that do so at once, the second waits for the first and then writes nothing.
    """
    table = _table(model)
    return bool(_write(session, _if_new(table, _dialect(session), tuple(keys)), table, values))


def insert_unless_there(
    session: Session, model: type[Base], values: Mapping[str, Any], *, keys: Sequence[str]
) -> None:
    """The same for who need not know whether it was written."""
    table = _table(model)
    _write(session, _unless_there(table, _dialect(session), tuple(keys)), table, values)


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
    table = _table(model)
    statement = _or_update(table, _dialect(session), tuple(keys), tuple(sorted(update)))
    _write(session, statement, table, values)


def _write(session: Session, statement: Executable, table: Table, values: Mapping[str, Any]) -> list[Row]:
    # What the model fills in by itself, it fills in here too.
    row = {**defaults(table, without=values), **values}
    connection = connection_of(session)
    return prepared(statement, connection.dialect, tuple(row)).rows(connection, row)


def defaults(table: Table, *, without: Collection[str]) -> dict[str, Any]:
    """What the model fills in for the columns that are not among these."""
    return {name: default() for name, default in _defaults(table) if name not in without}


# Built once each: putting a statement together costs several times as much as running it.


@lru_cache
def _defaults(table: Table) -> list[tuple[str, Callable[[], Any]]]:
    return [(column.key, _default(column.default)) for column in table.c if column.default is not None]


def _default(default: Any) -> Callable[[], Any]:
    # SQLAlchemy wraps what a model names so that it takes a context, which ours have no use for.
    return (lambda: default.arg(None)) if default.is_callable else (lambda: default.arg)


@lru_cache
def _plain(table: Table) -> Insert:
    return insert(table)


@lru_cache
def _if_new(table: Table, dialect: str, keys: tuple[str, ...]) -> Any:
    # RETURNING, not the row count: psycopg says -1 after ON CONFLICT DO NOTHING. And not made from the kept statement
    # below: a copy of one that was asked for its columns goes on saying that there are none.
    return _insert(table, dialect).on_conflict_do_nothing(index_elements=keys).returning(table.c[keys[0]])


@lru_cache
def _unless_there(table: Table, dialect: str, keys: tuple[str, ...]) -> Any:
    return _insert(table, dialect).on_conflict_do_nothing(index_elements=keys)


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
