"""Cursors: opaque strings that say where the next page starts."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from bot.sandbox.web_api.answers import Arguments, Refused

Entry = TypeVar("Entry")


def cursor_at(place: str) -> str:
    """Makes a cursor."""
    return base64.b64encode(f"next:{place}".encode()).decode()


def place_of(cursor: str) -> str:
    """Reads a cursor. Raises invalid_cursor."""
    try:
        name, _, place = base64.b64decode(cursor.encode(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Refused("invalid_cursor") from None
    if name != "next" or not place:
        raise Refused("invalid_cursor")
    return place


def page_of(
    entries: Sequence[Entry], arguments: Arguments, *, default: int, most: int
) -> tuple[Sequence[Entry], str]:
    """Returns one page of a list and the cursor of the next one ("" at the end)."""
    limit = arguments.number("limit", default) or default
    if not 1 <= limit <= most:
        raise Refused("invalid_limit")
    cursor = arguments.text("cursor")
    place = place_of(cursor) if cursor else "0"
    if not place.isdigit():
        raise Refused("invalid_cursor")
    start = int(place)
    end = start + limit
    return entries[start:end], cursor_at(str(end)) if end < len(entries) else ""
