"""Erasing a workspace empties every table that there is, also those that nobody has thought of yet."""

from __future__ import annotations

from datetime import date, time
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Engine, Enum, Table, func, insert, select
from sqlalchemy.orm import Session

from bot import schema
from bot.db.base import Json, UtcDateTime
from bot.db.ids import new_id
from bot.db.transaction import reading, transaction
from bot.workspaces.erasing import erase
from bot.workspaces.models import Workspace
from tests.exchange.whole import AT, fill

OF_KIND: dict[type, Any] = {
    str: "x",
    int: 1,
    bool: False,
    date: AT.date(),
    time: AT.time(),
}


def tables() -> list[Table]:
    return [table for table in schema.metadata().sorted_tables if "workspace_id" in table.c]


def put_a_row(session: Session, table: Table, workspace_id: str) -> None:
    """A row with something in every column, which refers to what is there already."""
    row: dict[str, Any] = {column.name: _value(column) for column in table.c}
    for constraint in table.foreign_key_constraints:
        parent = constraint.referred_table
        key = parent.c["workspace_id" if "workspace_id" in parent.c else "id"]
        known = session.execute(select(parent).where(key == workspace_id)).mappings().first()
        assert known is not None, f"{table} refers to {parent}, which is empty"
        row |= {element.parent.name: known[element.column.name] for element in constraint.elements}
    session.execute(insert(table), [row | {"workspace_id": workspace_id}])


def _value(column: Column[Any]) -> Any:
    if isinstance(column.type, Enum):
        return next(iter(column.type.enum_class or column.type.enums))
    if column.type.python_type is UUID:
        return new_id()
    if isinstance(column.type, UtcDateTime):
        return AT
    if isinstance(column.type, Json):
        return {}
    return OF_KIND[column.type.python_type]


def counts(session: Session, workspace_id: str) -> dict[str, int]:
    return {
        table.name: session.scalar(
            select(func.count()).select_from(table).where(table.c.workspace_id == workspace_id)
        )
        or 0
        for table in tables()
    }


def test_every_table_is_emptied_of_one_workspace_alone(engine: Engine) -> None:
    with transaction(engine) as session:
        for workspace_id in ("T1", "T10"):
            fill(session, workspace_id)
            session.flush()
            for name, count in counts(session, workspace_id).items():
                if not count:
                    put_a_row(session, schema.metadata().tables[name], workspace_id)
        before = counts(session, "T1")
        assert all(before.values()), "every table has a row"
        other = counts(session, "T10")
        assert erase(session, workspace_id="T1") == before
    with reading(engine) as session:
        assert not any(counts(session, "T1").values())
        assert session.get(Workspace, "T1") is None
        assert counts(session, "T10") == other
