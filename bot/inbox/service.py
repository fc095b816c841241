"""Telling a first delivery from its repeat."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Table, delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from bot.inbox.models import Received

KEPT_FOR = timedelta(days=7)


def is_first(session: Session, *, workspace_id: str, key: str, now: datetime) -> bool:
    """Whether `key` is seen for the first time; remembered in this transaction, so together with its effect."""
    table = Received.__table__
    assert isinstance(table, Table)
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    # RETURNING, not the row count: psycopg says -1 after ON CONFLICT DO NOTHING.
    taken = session.execute(
        insert(table)
        .values(workspace_id=workspace_id, key=key, received_at=now)
        .on_conflict_do_nothing(index_elements=["workspace_id", "key"])
        .returning(table.c.key)
    )
    return taken.first() is not None


def forget_old(session: Session, now: datetime) -> None:
    """Drop what Slack can no longer repeat."""
    session.execute(delete(Received).where(Received.received_at < now - KEPT_FOR))
