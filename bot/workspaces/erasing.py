"""Deleting all that is known of a workspace: every table's rows, whatever tables there are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.db.base import Base
from bot.workspaces.installations import longest_gone
from bot.workspaces.models import Workspace


class NotErasedError(Exception):
    """The data of one workspace could not be deleted; what is wrong is its cause."""

    def __init__(self, workspace_id: str) -> None:
        super().__init__(f"the data of {workspace_id} could not be deleted")
        self.workspace_id = workspace_id


def erase(session: Session, *, workspace_id: str) -> dict[str, int]:
    """Delete every row of a workspace; how many there were, by table."""
    counts: dict[str, int] = {}
    for table in reversed(Base.metadata.sorted_tables):
        if "workspace_id" not in table.c:
            continue
        mine = table.c.workspace_id == workspace_id
        count = session.scalar(select(func.count()).select_from(table).where(mine)) or 0
        if count:
            session.execute(delete(table).where(mine))
            counts[table.name] = count
    session.execute(
        delete(Workspace).where(Workspace.id == workspace_id).execution_options(synchronize_session=False)
    )
    return counts


def erase_long_gone(
    session: Session, now: datetime, kept: timedelta, passing_over: Collection[str] = ()
) -> str | None:
    """Delete one workspace from which Handoff was taken out longer ago than its data is kept; which it was.

    Each in a transaction of its own, so that who comes back meanwhile waits for no other. Raises `NotErasedError`.
    """
    workspace_id = longest_gone(session, now=now, kept=kept, passing_over=passing_over)
    if workspace_id is not None:
        try:
            erase(session, workspace_id=workspace_id)
        except Exception as error:
            raise NotErasedError(workspace_id) from error
    return workspace_id
