"""Why a file is not taken: what it is instead, or what is wrong with which of its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.errors import Refusal


@dataclass(unsafe_hash=True)
class NotForImport(Refusal):
    """Neither a CSV nor an export of Handoff."""

    filename: str


@dataclass(unsafe_hash=True)
class BrokenJson(Refusal):
    """The file begins like an export and cannot be read to its end."""

    line: int
    column: int


@dataclass(unsafe_hash=True)
class NewerFormat(Refusal):
    """The export comes from a newer Handoff than this one."""

    found: int
    known: int


@dataclass(unsafe_hash=True)
class UnknownTable(Refusal):
    """The export holds a table this Handoff does not know, or one that is not a list of rows."""

    table: str


@dataclass(unsafe_hash=True)
class NotARow(Refusal):
    """Something other than an object stands where a row should."""


@dataclass(unsafe_hash=True)
class NoValue(Refusal):
    """The column is missing, and it cannot be empty."""


@dataclass(unsafe_hash=True)
class WrongValue(Refusal):
    """The value is not of the kind this column holds."""

    expected: str


@dataclass(unsafe_hash=True)
class UnknownColumn(Refusal):
    """This Handoff does not know the column."""


@dataclass(unsafe_hash=True)
class RowTwice(Refusal):
    """The file has this row twice."""


@dataclass(unsafe_hash=True)
class RowDiffers(Refusal):
    """The row is here already, with other values in these columns."""

    columns: tuple[str, ...]


@dataclass(unsafe_hash=True)
class ValueTaken(Refusal):
    """Another row has these values, which only one may have."""

    columns: tuple[str, ...]
    other: str


@dataclass(unsafe_hash=True)
class NoSuchRow(Refusal):
    """The row refers to one that is neither in the file nor here."""

    table: str


@dataclass(unsafe_hash=True)
class TableRefused(Refusal):
    """The database itself does not take the rows of this table."""

    table: str


@dataclass(frozen=True)
class BadRow:
    """Why one row is not taken; `row` is its id, or its number in the table where it has none."""

    table: str
    row: str
    column: str
    why: Refusal


class BadRows(Refusal):
    """The file is not taken: every bad row with its reason."""

    def __init__(self, rows: Iterable[BadRow]) -> None:
        self.rows = tuple(rows)
        super().__init__(self.rows)
