"""Every query about workspaces."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.insertion import insert_or_update
from bot.workspaces.models import Workspace


def workspace(session: Session, *, workspace_id: str) -> Workspace | None:
    """One workspace, or nothing."""
    return session.get(Workspace, workspace_id)


def workspaces(session: Session) -> list[Workspace]:
    """Every tenant, oldest first: for the command line and the clock, which serve them all."""
    return list(session.scalars(select(Workspace).order_by(Workspace.created_at, Workspace.id)))


def days_by_zone(session: Session, now: datetime, *, begins_at: time = time.min) -> dict[date, list[str]]:
    """The zones that workspaces are in, by the day it is there (a day begins at `begins_at`): three days at most.

    For the clock, which asks for all workspaces at once and not one after the other.
    """
    days: dict[date, list[str]] = {}
    for zone in session.scalars(select(Workspace.zone).distinct()):
        local = now.astimezone(ZoneInfo(zone))
        day = local.date() if local.time() >= begins_at else local.date() - timedelta(days=1)
        days.setdefault(day, []).append(zone)
    return days


def locked(session: Session, *, workspace_id: str) -> Workspace:
    """The workspace, locked until the transaction ends, so that two changes of its set-up come one after the other.

    Rows that only refer to it are not held up (PostgreSQL: FOR NO KEY UPDATE; SQLite has one writer anyway).
    """
    query = select(Workspace).where(Workspace.id == workspace_id).with_for_update(key_share=True)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def put(session: Session, values: Mapping[str, Any]) -> None:
    """Write a workspace's row, new or known; a known one keeps its settings and its age."""
    insert_or_update(session, Workspace, values, keys=("id",), update=("name", "bot_user_id", "bot_id"))
