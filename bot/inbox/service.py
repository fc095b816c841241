"""Telling a first delivery from its repeat."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.db.deletion import delete_some
from bot.db.insertion import insert_if_new
from bot.inbox.models import Received

KEPT_FOR = timedelta(days=7)


def is_first(session: Session, *, workspace_id: str, key: str, now: datetime) -> bool:
    """Whether `key` is seen for the first time; remembered in this transaction, so together with its effect."""
    values = {"workspace_id": workspace_id, "key": key, "received_at": now}
    return insert_if_new(session, Received, values, keys=("workspace_id", "key"))


def forget_old(session: Session, now: datetime) -> int:
    """Drop some of what Slack can no longer repeat; how many."""
    return delete_some(session, Received, Received.received_at < now - KEPT_FOR)
