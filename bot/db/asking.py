"""Asking and telling the database past the session's own machinery, which costs more than the answer.

For statements that are kept: each is made once, at module level, with `bindparam` where its values come in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Executable, literal
from sqlalchemy.exc import MultipleResultsFound, NoResultFound
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.db.prepared import Row, connection_of, prepared


class Answer:
    """What a statement gave: rows with their columns by name, as plain values."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def all(self) -> list[Row]:
        """Every row."""
        return self._rows

    def one(self) -> Row:
        """The only row. Raises SQLAlchemy's `NoResultFound`, `MultipleResultsFound`."""
        row = self.one_or_none()
        if row is None:
            raise NoResultFound("No row was found when one was required")
        return row

    def one_or_none(self) -> Row | None:
        """The only row, or nothing. Raises SQLAlchemy's `MultipleResultsFound`."""
        if len(self._rows) > 1:
            raise MultipleResultsFound("Multiple rows were found when one or none was required")
        return self._rows[0] if self._rows else None

    def scalar_one(self) -> Any:
        """The first column of the only row. Raises SQLAlchemy's `NoResultFound`, `MultipleResultsFound`."""
        return self.one()[0]

    def scalar_one_or_none(self) -> Any:
        """The first column of the only row, or nothing. Raises SQLAlchemy's `MultipleResultsFound`."""
        row = self.one_or_none()
        return None if row is None else row[0]


def ask(session: Session, statement: Executable, parameters: Mapping[str, Any]) -> Answer:
    """Run a statement that names columns, no entities; what the session holds back is written before, as always."""
    if session.autoflush:
        session.flush()
    return tell(session, statement, parameters)


def tell(session: Session, statement: Executable, parameters: Mapping[str, Any]) -> Answer:
    """Run a statement to which it is all the same what the session holds back."""
    connection = connection_of(session)
    return Answer(prepared(statement, connection.dialect).rows(connection, parameters))


def tell_each(session: Session, statement: Executable, parameters: Sequence[Mapping[str, Any]]) -> None:
    """The same for several sets of parameters."""
    if parameters:
        connection = connection_of(session)
        prepared(statement, connection.dialect).each(connection, parameters)


def one_of(
    column: ColumnElement[Any] | InstrumentedAttribute[Any], values: Collection[StrEnum]
) -> ColumnElement[bool]:
    """Whether a column is one of a closed set: spelled out when the statement is built, not at every execution."""
    return column.in_([literal(value, column.type) for value in sorted(values)])
