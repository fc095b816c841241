"""The file of an export: text in, rows out, and the other way round. Pure; `loading.py` compares with the database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table

from bot.errors import Refusal
from bot.exchange.cells import from_json, to_json
from bot.exchange.refusals import (
    BadRow,
    BadRows,
    BrokenJson,
    NewerFormat,
    NotARow,
    NotForImport,
    NoValue,
    RowTwice,
    UnknownColumn,
    UnknownTable,
    WrongValue,
)
from bot.exchange.tables import EXPORTED, WORKSPACES

# Raised when a file of the last number could no longer be read as it is.
FORMAT = 1
KIND = "handoff-export"

Record = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """All of one workspace: its rows by table, as the columns hold them."""

    workspace_id: str
    rows: Mapping[str, list[Record]]


def key_of(table: Table, record: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes a row of this table one of a kind."""
    return tuple(record[column.name] for column in table.primary_key)


def row_name(table: Table, record: Mapping[str, Any]) -> str:
    """A row as a refusal names it: its id without the workspace."""
    names = [column.name for column in table.primary_key if column.name != "workspace_id"]
    return "/".join(str(to_json(record.get(name))) for name in names)


def write(document: Document) -> str:
    """The document as text: one row a line, in the same order on every database, so that two exports compare."""
    parts = []
    for table in EXPORTED:
        shown = [_shown(record, table) for record in document.rows[table.name]]
        shown.sort(key=lambda row: [str(row.get(column.name)).zfill(12) for column in table.primary_key])
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in shown)
        parts.append(f"{json.dumps(table.name)}: [" + (f"\n{lines}\n]" if lines else "]"))
    head = {"kind": KIND, "format": FORMAT, "workspace": document.workspace_id}
    opening = ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in head.items())
    return "{\n" + opening + ',\n"tables": {\n' + ",\n".join(parts) + "\n}\n}\n"


def looks_like_export(text: str) -> bool:
    """Whether the file begins like JSON of ours; the rest of it may be broken."""
    start = text.removeprefix("\ufeff").lstrip()
    return start.startswith("{") and KIND in start[:500]


def read(text: str) -> Document:
    """The rows of an export.

    Raises `NotForImport`, `BrokenJson`, `NewerFormat`, `UnknownTable`, and `BadRows` with every value that
    cannot be taken.
    """
    loaded = _load(text)
    workspace_id, tables = loaded.get("workspace"), loaded.get("tables")
    if not isinstance(workspace_id, str) or not workspace_id or not isinstance(tables, dict):
        raise NotForImport("")
    known = {table.name for table in EXPORTED}
    for name, rows in tables.items():
        if name not in known or not isinstance(rows, list):
            raise UnknownTable(name)
    bad: list[BadRow] = []
    rows = {table.name: _rows(table, tables.get(table.name, []), workspace_id, bad) for table in EXPORTED}
    wrong = [record for record in rows[WORKSPACES.name] if record["id"] != workspace_id]
    bad += [BadRow(WORKSPACES.name, str(record["id"]), "id", WrongValue(workspace_id)) for record in wrong]
    if bad:
        raise BadRows(bad)
    return Document(workspace_id, rows)


def _load(text: str) -> dict[str, Any]:
    try:
        loaded = json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise BrokenJson(error.lineno, error.colno) from error
    except (ValueError, RecursionError) as error:
        # A number of thousands of digits, `NaN`, or brackets without end: no export of ours.
        raise BrokenJson(1, 1) from error
    if not isinstance(loaded, dict) or loaded.get("kind") != KIND or type(loaded.get("format")) is not int:
        raise NotForImport("")
    if loaded["format"] > FORMAT:
        raise NewerFormat(loaded["format"], FORMAT)
    if loaded["format"] < 1:
        raise NotForImport("")
    return loaded


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _shown(record: Record, table: Table) -> dict[str, Any]:
    # The workspace is said once, at the top.
    return {
        column.name: to_json(record[column.name]) for column in table.columns if column.name != "workspace_id"
    }


def _rows(table: Table, loaded: Iterable[Any], workspace_id: str, bad: list[BadRow]) -> list[Record]:
    found: dict[tuple[Any, ...], Record] = {}
    for number, row in enumerate(loaded, 1):
        if not isinstance(row, dict):
            bad.append(BadRow(table.name, str(number), "", NotARow()))
            continue
        record = _record(table, row, workspace_id, number, bad)
        if record is None:
            continue
        if found.setdefault(key_of(table, record), record) is not record:
            bad.append(BadRow(table.name, row_name(table, record), "", RowTwice()))
    return list(found.values())


def _record(
    table: Table, row: dict[str, Any], workspace_id: str, number: int, bad: list[BadRow]
) -> Record | None:
    """The row as its columns hold it; nothing where a value cannot be taken."""
    ids = [column.name for column in table.primary_key if column.name != "workspace_id"]
    name = row_name(table, row) if all(row.get(part) is not None for part in ids) else str(number)
    before = len(bad)
    record: Record = {"workspace_id": workspace_id} if "workspace_id" in table.columns else {}
    for column in (column for column in table.columns if column.name != "workspace_id"):
        try:
            record[column.name] = _value(row, column)
        except Refusal as why:
            bad.append(BadRow(table.name, name, column.name, why))
    strangers = [key for key in row if key not in table.columns or key == "workspace_id"]
    bad += [BadRow(table.name, name, key, UnknownColumn()) for key in strangers]
    return record if len(bad) == before else None


def _value(row: dict[str, Any], column: Column[Any]) -> Any:
    if column.name in row:
        return from_json(row[column.name], column)
    # An older export of the same format does not know a column that was added since: it has its default.
    default: Any = column.default
    if default is not None and default.is_scalar:
        return default.arg
    if column.nullable:
        return None
    raise NoValue
