"""Telling a first delivery from its repeat."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.db.insertion import insert_if_new
from bot.inbox.models import Received

KEPT_FOR = timedelta(days=7)


def is_first(session: Session, *, workspace_id: str, key: str, now: datetime) -> bool:
    """Whether `key` is seen for the first time; remembered in this transaction, so together with its effect."""
    values = {"workspace_id": workspace_id, "key": key, "received_at": now}
    return insert_if_new(session, Received, values, keys=("workspace_id", "key"))


def forget_old(session: Session, now: datetime) -> None:
    """Drop what Slack can no longer repeat."""
    session.execute(delete(Received).where(Received.received_at < now - KEPT_FOR))
