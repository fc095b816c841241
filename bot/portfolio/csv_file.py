"""Reads the CSV of clients and projects: text in, rows and every bad line out. Pure; `csv_import.py` writes them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.errors import Refusal
from bot.portfolio.checks import one_line
from bot.portfolio.figures import parse_hours
from bot.portfolio.keys import normal_key
from bot.portfolio.languages import Language
from bot.portfolio.refusals import Missing, UnknownLanguage, UnreadableDate

COLUMNS = (
    "client",
    "am",
    "currency",
    "renewal_on",
    "goodwill_hours",
    "project",
    "key",
    "pm",
    "channel",
    "hours",
    "budget",
    "starts_on",
    "due_on",
)
# May be there: a file without them leaves what is known as it is.
FURTHER_COLUMNS = ("language",)
DELIMITERS = ",;\t"
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(unsafe_hash=True)
class WrongColumns(Refusal):
    """The first line does not name the columns that are read."""

    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    repeated: tuple[str, ...]


@dataclass(unsafe_hash=True)
class CellCount(Refusal):
    """A line has more or fewer cells than the first one."""

    found: int
    expected: int


@dataclass(unsafe_hash=True)
class BrokenQuotes(Refusal):
    """A quotation mark is opened and never closed, or closed in the middle of a cell."""


@dataclass(unsafe_hash=True)
class NoRows(Refusal):
    """There is nothing in the file below its first line."""


@dataclass(frozen=True)
class BadLine:
    """Why one line (counted as an editor counts) cannot be taken; `column` is empty where it is the whole line."""

    line: int
    column: str
    why: Refusal


class BadFile(Refusal):
    """The file is not taken: every bad line with its reason, in order."""

    def __init__(self, lines: Iterable[BadLine]) -> None:
        self.lines = tuple(sorted(lines, key=lambda bad: bad.line))
        super().__init__(self.lines)


@dataclass(frozen=True)
class Row:
    """One project with its client, as the file says it: people and channels as tokens, the budget as text.

    The budget is read later, when its currency is known. A cell that could not be read is empty here; the bad
    line that goes with it stops the import.
    """

    line: int
    client: str
    am: str
    currency: str
    renewal_on: date | None
    goodwill_minutes: int
    project: str
    key: str
    pm: str
    channel: str
    minutes: int
    budget: str
    starts_on: date | None
    due_on: date | None
    # None where the file does not say it.
    language: Language | None
    cells: Mapping[str, str]

    def said(self, column: str) -> str:
        """What stands in one cell."""
        return self.cells[column]


@dataclass(frozen=True)
class Parsed:
    """A file's rows, and what is wrong with them so far."""

    rows: tuple[Row, ...]
    bad: tuple[BadLine, ...]


def parse(text: str) -> Parsed:
    """The rows of a file, with every cell that cannot be read.

    Commas, semicolons or tabs part the cells; the columns may stand in any order. Raises `BadFile` where the
    first line already leaves nothing to read.
    """
    text = text.removeprefix("\ufeff")
    bad: list[BadLine] = []
    records = _records(text, _delimiter(text), bad)
    first = next(records, None)
    if first is None:
        raise BadFile(bad or [BadLine(1, "", NoRows())])
    header = [one_line(name).lower() for name in first[1]]
    while header and not header[-1]:
        header.pop()
    _check_header(first[0], header)
    rows: list[Row] = []
    for line, cells in records:
        extra = cells[len(header) :]
        if len(cells) < len(header) or any(cell.strip() for cell in extra):
            bad.append(BadLine(line, "", CellCount(len(cells), len(header))))
            continue
        rows.append(_row(line, dict(zip(header, cells, strict=False)), bad))
    if not rows and not bad:
        bad.append(BadLine(first[0], "", NoRows()))
    return Parsed(tuple(rows), tuple(bad))


def mentions(rows: Sequence[Row]) -> tuple[frozenset[str], frozenset[str]]:
    """The people and the channels that a file speaks of, as it writes them: what has to be looked up before."""
    people = {row.am for row in rows} | {row.pm for row in rows}
    return frozenset(people - {""}), frozenset({row.channel for row in rows} - {""})


def looks_like_csv(text: str) -> bool:
    """Whether the first line is a header of ours, complete or not."""
    start = text.removeprefix("\ufeff").lstrip()
    return _known(start, _delimiter(start)) >= 2


def _delimiter(text: str) -> str:
    return max(DELIMITERS, key=lambda delimiter: _known(text.lstrip(), delimiter))


def _known(text: str, delimiter: str) -> int:
    first = text.split("\n", 1)[0].split("\r", 1)[0]
    names = (cell.strip().strip('"').strip().lower() for cell in first.split(delimiter))
    return sum(name in COLUMNS for name in names)


def _records(text: str, delimiter: str, bad: list[BadLine]) -> Iterator[tuple[int, list[str]]]:
    """Each line that says anything, with the number it starts on: a quoted cell may hold line breaks."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            # What follows a lost quotation mark cannot be told apart any more: this is the last line reported.
            bad.append(BadLine(start, "", BrokenQuotes()))
            return
        if any(cell.strip() for cell in cells):
            yield start, cells


def _check_header(line: int, header: Sequence[str]) -> None:
    known = (*COLUMNS, *FURTHER_COLUMNS)
    missing = tuple(name for name in COLUMNS if name not in header)
    unknown = tuple(dict.fromkeys(name for name in header if name not in known))
    repeated = tuple(name for name in known if header.count(name) > 1)
    if missing or unknown or repeated:
        raise BadFile([BadLine(line, "", WrongColumns(missing, unknown, repeated))])


def _row(line: int, cells: dict[str, str], bad: list[BadLine]) -> Row:
    said = {name: one_line(cell) for name, cell in cells.items()}

    def required(name: str) -> str:
        if not said[name]:
            bad.append(BadLine(line, name, Missing()))
        return said[name]

    def minutes(name: str) -> int:
        try:
            return parse_hours(said[name]) if said[name] else 0
        except Refusal as why:
            bad.append(BadLine(line, name, why))
            return 0

    def day(name: str) -> date | None:
        try:
            return _date(said[name]) if said[name] else None
        except UnreadableDate as why:
            bad.append(BadLine(line, name, why))
            return None

    def language() -> Language | None:
        try:
            return Language(said["language"].lower()) if said.get("language") else None
        except ValueError:
            bad.append(BadLine(line, "language", UnknownLanguage(said["language"])))
            return None

    return Row(
        line=line,
        client=required("client"),
        am=required("am"),
        currency=said["currency"].upper(),
        renewal_on=day("renewal_on"),
        goodwill_minutes=minutes("goodwill_hours"),
        project=required("project"),
        key=normal_key(required("key")),
        pm=required("pm"),
        channel=required("channel"),
        minutes=minutes("hours"),
        budget=said["budget"],
        starts_on=day("starts_on"),
        due_on=day("due_on"),
        language=language(),
        cells=said,
    )


def _date(typed: str) -> date:
    if ISO_DATE.fullmatch(typed):
        try:
            return date.fromisoformat(typed)
        except ValueError:
            pass  # 2026-02-30: refused below like all that is no date
    raise UnreadableDate(typed)
