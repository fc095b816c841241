"""Reads and writes all rows of one workspace, table by table."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, insert, select, update
from sqlalchemy.orm import Session

from bot.exchange.tables import WORKSPACES


def rows(session: Session, table: Table, *, workspace_id: str) -> list[dict[str, Any]]:
    """Every row of a workspace in one table."""
    owner = table.c.id if table is WORKSPACES else table.c.workspace_id
    found = session.execute(select(table).where(owner == workspace_id))
    return [dict(row) for row in found.mappings()]


def add(session: Session, table: Table, records: list[dict[str, Any]]) -> None:
    """Write new rows; the database's own refusal comes out as it is."""
    if records:
        session.execute(insert(table), records)


def change_workspace(session: Session, *, workspace_id: str, values: dict[str, Any]) -> None:
    """Take over a workspace's settings."""
    session.execute(update(WORKSPACES).where(WORKSPACES.c.id == workspace_id).values(**values))
