"""One value of a row as JSON can say it, and back. Pure: what a column holds is asked of the column."""

from __future__ import annotations

import enum
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Enum, String
from sqlalchemy.types import TypeDecorator

from bot.db.base import Json
from bot.exchange.refusals import NoValue, WrongValue

INTEGER, BIG_INTEGER = 2**31, 2**63


def to_json(value: Any) -> Any:
    """A value of a row as JSON says it: ids, dates and times as ISO text, instants in UTC."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value


def from_json(value: Any, column: Column[Any]) -> Any:
    """The value that this column holds; raises `NoValue` or `WrongValue`."""
    if value is None:
        if not column.nullable:
            raise NoValue
        return None
    if isinstance(column.type, Json):
        return _json(value)
    if isinstance(column.type, Enum):
        return _word(value, column.type)
    plain = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    kind = plain.python_type
    if kind is bool:
        return _exactly(value, bool, "true or false")
    if kind is int:
        return _integer(value, BIG_INTEGER if isinstance(column.type, BigInteger) else INTEGER)
    text = _text(value, column.type)
    return text if kind is str else _parsed(text, kind)


def _parsed(text: str, kind: type[Any]) -> Any:
    expected = {UUID: "an id", datetime: "an instant", date: "a date", time: "a time of day"}
    read: Callable[[str], Any] = UUID if kind is UUID else kind.fromisoformat
    try:
        parsed = read(text)
    except ValueError as error:
        raise WrongValue(expected[kind]) from error
    if kind is not datetime:
        return parsed
    if parsed.tzinfo is None:
        raise WrongValue("an instant with its zone")
    return parsed.astimezone(UTC)


def _word(value: Any, kind: Enum) -> Any:
    assert kind.enum_class is not None
    try:
        return kind.enum_class(value)
    except ValueError as error:
        raise WrongValue("one of " + ", ".join(kind.enums)) from error


def _json(value: Any) -> Any:
    if not isinstance(value, dict):
        raise WrongValue("an object")
    _storable(str(value))
    return value


def _integer(value: Any, bound: int) -> int:
    number: int = _exactly(value, int, "a whole number")
    if not -bound <= number < bound:
        raise WrongValue("a number of this size")
    return number


def _text(value: Any, kind: Any) -> str:
    text: str = _exactly(value, str, "text")
    _storable(text)
    if isinstance(kind, String) and kind.length is not None and len(text) > kind.length:
        raise WrongValue(f"at most {kind.length} characters")
    return text


def _exactly(value: Any, kind: type[Any], expected: str) -> Any:
    # Not isinstance: in Python, true is a whole number too.
    if type(value) is not kind:
        raise WrongValue(expected)
    return value


def _storable(text: str) -> None:
    """Refuse what no database stores: a NUL (PostgreSQL), half of a character (both)."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise WrongValue("whole characters") from error
    if "\x00" in text:
        raise WrongValue("text without NUL")
