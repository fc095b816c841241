"""Which words name a time zone, and which a currency."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.numbers import is_currency as babel_knows


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA zone this machine knows."""
    try:
        ZoneInfo(name)
    # A folder of zones ("America") and a path out of the folder fail in ways of their own.
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def is_currency(code: str) -> bool:
    """Whether `code` is an ISO 4217 code, in capitals."""
    return len(code) == 3 and code.isascii() and code.isupper() and babel_knows(code)
