"""Lines of text as blocks that fit Slack's limits: cut between lines, never inside a link."""

from __future__ import annotations

from collections.abc import Sequence

from bot.slack.limits import ELLIPSIS, SECTION_TEXT
from bot.slack.message import Block
from bot.slack.views.elements import section


def whole(words: str) -> Block:
    """One section, shown whole: without "see more"."""
    return section(words) | {"expand": True}


def sections(lines: Sequence[str], limit: int = SECTION_TEXT) -> list[Block]:
    """The lines in as few sections as hold them; none if there are no lines."""
    pieces: list[list[str]] = []
    room = 0
    for line in lines:
        if not pieces or len(line) + 1 > room:
            pieces.append([])
            room = limit
        pieces[-1].append(line)
        room -= len(line) + 1
    return [whole("\n".join(piece)) for piece in pieces]


def fitting(lines: Sequence[str], limit: int) -> str:
    """As many whole lines as fit, with a mark where some are left out."""
    whole = "\n".join(lines)
    if len(whole) <= limit:
        return whole
    kept: list[str] = []
    room = limit - len(ELLIPSIS)
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join([*kept, ELLIPSIS])
