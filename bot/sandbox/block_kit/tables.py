"""The table and data_table blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.sandbox.block_kit import limits
from bot.sandbox.block_kit.schema import (
    anything,
    array,
    boolean,
    choice,
    complain,
    integer,
    number,
    shape,
    string,
    tagged,
)
from bot.sandbox.wire import JsonObject

_raw_text = shape(required={"text": string(least=1)})
_raw_number = shape(required={"value": number}, optional={"text": string(least=1)})
_rich_text = shape(required={"elements": array(anything)}, optional={"block_id": string(most=limits.ID)})
_cell = tagged({"raw_text": _raw_text, "raw_number": _raw_number, "rich_text": _rich_text}, "cell")
_head_cell = tagged({"raw_text": _raw_text, "raw_number": _raw_number}, "header cell")
_row = array(_cell, least=1, most=limits.TABLE_COLUMNS)
_block_id = string(most=limits.ID, least=1)


def characters_in(block: JsonObject) -> int:
    """Counts the characters of a table's cells."""
    return sum(len(text) for text in _texts(block.get("rows")))


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for entry in node:
            yield from _texts(entry)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "text" and isinstance(value, str):
                yield value
            elif isinstance(value, (dict, list)):
                yield from _texts(value)


def _rows_are_even(block: JsonObject, at: str, out: list[str]) -> None:
    width = len(block["rows"][0])
    for position, row in enumerate(block["rows"]):
        if len(row) != width:
            complain(out, "must have the same number of cells as the first row", f"{at}/rows/{position}")


def _plain_head(block: JsonObject, at: str, out: list[str]) -> None:
    for position, cell in enumerate(block["rows"][0]):
        _head_cell(cell, f"{at}/rows/0/{position}", out)


table = shape(
    required={"rows": array(_row, least=1, most=limits.TABLE_ROWS)},
    optional={
        "block_id": _block_id,
        "column_settings": array(
            shape(optional={"align": choice("left", "center", "right"), "is_wrapped": boolean}),
            most=limits.TABLE_COLUMNS,
        ),
    },
    rules=(_rows_are_even,),
)

data_table = shape(
    required={
        "caption": string(least=1),
        "rows": array(_row, least=limits.DATA_TABLE_ROWS[0], most=limits.DATA_TABLE_ROWS[1]),
    },
    optional={
        "block_id": _block_id,
        "page_size": integer(1, limits.DATA_TABLE_PAGE),
        "column_settings": anything,
        "row_header_column_index": integer(0, limits.TABLE_COLUMNS - 1),
    },
    rules=(_rows_are_even, _plain_head),
)
