"""The statement of work as people type it: one item a line, `(2 rounds)` behind those that hold revisions. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.portfolio.checks import one_line
from bot.portfolio.forms import ScopeLine

_BULLET = re.compile(r"^(?:[-*•–·]|\d{1,2}[.)])\s+")
_ROUNDS = re.compile(r"\s*\((\d{1,2})\s*(?:rounds?|revisions?|revision rounds?)\)$", re.IGNORECASE)


def parse_scope(included: str, excluded: str) -> tuple[ScopeLine, ...]:
    """The items of both fields, in order; bullets and empty lines are left out."""
    return (*_lines(included, is_included=True), *_lines(excluded, is_included=False))


def format_scope(lines: Iterable[ScopeLine], *, is_included: bool) -> str:
    """The items of one field, as `parse_scope` reads them."""
    return "\n".join(_shown(line) for line in lines if line.is_included is is_included)


def _lines(typed: str, *, is_included: bool) -> list[ScopeLine]:
    found = []
    for line in typed.splitlines():
        text = _BULLET.sub("", one_line(line))
        rounds = _ROUNDS.search(text) if is_included else None
        if rounds and rounds.start():
            found.append(ScopeLine(text[: rounds.start()], is_included, int(rounds[1])))
        elif text:
            found.append(ScopeLine(text, is_included))
    return found


def _shown(line: ScopeLine) -> str:
    if line.rounds is None:
        return line.text
    return f"{line.text} ({line.rounds} {'round' if line.rounds == 1 else 'rounds'})"
