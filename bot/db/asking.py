"""Asking for columns past the session's own machinery, which costs more than the answer where no objects are loaded."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Executable, literal
from sqlalchemy.orm import InstrumentedAttribute, Session


def ask(session: Session, statement: Executable, parameters: Mapping[str, Any]) -> CursorResult[Any]:
    """Run a statement that names columns, no entities; what the session holds back is written before, as always."""
    if session.autoflush:
        session.flush()
    return session.connection().execute(statement, parameters)


def one_of(
    column: ColumnElement[Any] | InstrumentedAttribute[Any], values: Collection[StrEnum]
) -> ColumnElement[bool]:
    """Whether a column is one of a closed set: spelled out when the statement is built, not at every execution."""
    return column.in_([literal(value, column.type) for value in sorted(values)])
