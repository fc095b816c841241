"""What `/handoff find` shows: a page of small cards."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date

from bot.requests.search.searching import Found, Wanted
from bot.slack.limits import MESSAGE_TEXT, clip
from bot.slack.message import Block, Message
from bot.slack.names import Button
from bot.slack.text import finding as say
from bot.slack.views.elements import actions, button, section

PAGE = 10


@dataclass(frozen=True)
class Page:
    """What is looked for, and which page of it is shown (from 0)."""

    wanted: Wanted
    number: int = 0

    def dump(self) -> str:
        """As a button carries it."""
        wanted = self.wanted
        return json.dumps([list(wanted.terms), wanted.client[:75], wanted.state[:40], self.number])

    @classmethod
    def load(cls, value: str) -> Page:
        """From a button; what no button of ours carries looks for nothing."""
        try:
            terms, client, state, number = json.loads(value)
            return cls(Wanted(tuple(map(str, terms)), str(client), str(state)), max(0, int(number)))
        except (ValueError, TypeError):
            return cls(Wanted())


def found_message(page: Page, found: Found, client: str, today: date) -> Message:
    """The requests of a page, with a way to the others."""
    wanted, first = page.wanted, page.number * PAGE
    if not found.lines:
        return said(say.nothing(wanted.terms, client, wanted.state))
    shown = (first + 1, first + len(found.lines))
    is_all_shown = len(found.lines) == found.count
    count = f"{found.count}" if found.is_all else f"{found.count}+"
    headline = say.headline(count, wanted.terms, client, wanted.state, None if is_all_shown else shown)
    blocks: list[Block] = [section(headline)]
    blocks += [section(say.result(line, today)) for line in found.lines]
    ways = []
    if page.number:
        ways.append(_way(say.PREVIOUS, page, page.number - 1))
    # Where they were not all counted there may be more behind those that were.
    if shown[1] < found.count or (not found.is_all and len(found.lines) == PAGE):
        ways.append(_way(say.NEXT, page, page.number + 1))
    if ways:
        blocks.append(actions(*ways))
    names = ", ".join(line.reference for line in found.lines)
    return Message(text=clip(f"{headline}: {names}", MESSAGE_TEXT), blocks=tuple(blocks))


def said(text: str) -> Message:
    """A sentence instead of a list."""
    return Message(text=text, blocks=(section(text),))


def _way(words: str, page: Page, number: int) -> Block:
    # Two buttons of one message need ids of their own.
    action = f"{Button.FIND_PAGE}:{number}"
    return button(words, action, replace(page, number=number).dump())
