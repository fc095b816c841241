"""Deleting much without holding anybody up: a few rows in each transaction."""

from __future__ import annotations

from sqlalchemy import ColumnElement, CursorResult, Table, delete, select, tuple_
from sqlalchemy.orm import Session

from bot.db.base import Base

BATCH = 500


def delete_some(session: Session, model: type[Base], *where: ColumnElement[bool], limit: int = BATCH) -> int:
    """Delete up to `limit` rows, passing by those that somebody else is at; how many they were."""
    table = model.__table__
    assert isinstance(table, Table)
    keys = list(table.primary_key.columns)
    chosen = select(*keys).where(*where).limit(limit).with_for_update(skip_locked=True)
    done = session.execute(
        delete(model).where(tuple_(*keys).in_(chosen)).execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    return done.rowcount
