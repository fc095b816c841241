"""Inserting a row that may be there already: the one place that knows how each database says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from bot.db.base import Base


def insert_if_new(
    session: Session, model: type[Base], values: Mapping[str, Any], *, keys: Sequence[str]
) -> bool:
    """Write a row unless one with the same `keys` (a unique set of columns) is there; whether it was written.

    Of two transactions that do so at once, the second waits for the first and then writes nothing.
    """
    table, statement = _insert(session, model, values)
    # RETURNING, not the row count: psycopg says -1 after ON CONFLICT DO NOTHING.
    written = session.execute(
        statement.on_conflict_do_nothing(index_elements=list(keys)).returning(table.c[keys[0]])
    )
    return written.first() is not None


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
    _, statement = _insert(session, model, values)
    changes = {name: statement.excluded[name] for name in update}
    session.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changes))


def _insert(session: Session, model: type[Base], values: Mapping[str, Any]) -> tuple[Table, Any]:
    table = model.__table__
    assert isinstance(table, Table)
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    return table, insert(table).values(**values)
