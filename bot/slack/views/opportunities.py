"""The list of what may still become a yes, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass

from bot.requests.afterwards.opportunities import Opportunities
from bot.slack.limits import MESSAGE_TEXT, clip
from bot.slack.message import Block, Message
from bot.slack.names import Button
from bot.slack.text import opportunities as say
from bot.slack.views.elements import actions, button, context, divider, section

# With a line for each client, and the rest, well within the blocks of a message.
PAGE = 15


@dataclass(frozen=True)
class Page:
    """Which page, of whose asks: the client as it was typed, or nobody in particular."""

    number: int = 0
    client: str = ""

    def dump(self) -> str:
        """As a button carries it."""
        return f"{self.number}:{self.client}"

    @classmethod
    def load(cls, value: str) -> Page:
        """From a button; the first page where it carries something else."""
        number, _, client = value.partition(":")
        return cls(int(number) if number.isdecimal() and len(number) < 5 else 0, client[:200])


def opportunities_message(page: Page, found: Opportunities) -> Message:
    """One page: every client with its sum, its asks, and the way to the other pages."""
    if not found.total.count:
        return Message(text=say.NOTHING, blocks=(section(say.NOTHING),))
    headline = say.headline(found, page.client)
    blocks: list[Block] = [section(headline)]
    client = None
    for item in found.lines:
        named = found.clients[item.client_id]
        if item.client_id != client:
            client = item.client_id
            blocks += [divider(), section(say.client_line(named))]
        blocks.append(section(say.line(item, named.name)))
    first = page.number * PAGE
    if found.total.count > PAGE:
        blocks.append(context(say.page_of(first + 1, first + len(found.lines), found.total.count)))
    turns = []
    if page.number:
        turns.append(_turn(say.EARLIER, Page(page.number - 1, page.client)))
    if first + len(found.lines) < found.total.count:
        turns.append(_turn(say.MORE, Page(page.number + 1, page.client)))
    if turns:
        blocks.append(actions(*turns))
    return Message(text=clip(headline, MESSAGE_TEXT), blocks=tuple(blocks))


def _turn(words: str, page: Page) -> Block:
    # Two buttons of one row need ids of their own; what answers them is the part before the colon.
    return button(words, f"{Button.MORE_OPPORTUNITIES}:{words.lower()}", page.dump())
