"""What was typed and could not be used yet, given back whole, with a button that goes on with it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.slack.limits import MESSAGE_BLOCKS, MESSAGE_TEXT, SECTION_TEXT
from bot.slack.message import Block, Message
from bot.slack.names import Button
from bot.slack.text import ask as say
from bot.slack.text.markup import clean, escape, one_line
from bot.slack.views.elements import actions, button, section, verbatim

# A paragraph ends between two words where one of them ends so near to Slack's limit.
NEAR = 500


def given_back(sentence: str, typed: str, *presses: Block) -> Message:
    """A sentence of ours, below it every word that was typed, and what can be pressed."""
    words = clean(typed)
    blocks = [section(sentence), *(verbatim(part) for part in _paragraphs(words) if part.strip())]
    if presses:
        blocks = [*blocks[: MESSAGE_BLOCKS - 1], actions(*presses)]
    # A lock screen shows the beginning; all of it stands in the blocks.
    text = f"{sentence} {escape(one_line(words), MESSAGE_TEXT - 500)}".strip()
    return Message(text=text, blocks=tuple(blocks[:MESSAGE_BLOCKS]))


def open_form(typed: str) -> Block:
    """The button that opens the form with what was typed, where a button can carry it."""
    return button(say.OPEN_FORM, Button.OPEN_ASK, typed, style="primary")


def open_kept(kept_id: str) -> Block:
    """The same for words that are too long for a button: it says where they are kept."""
    return button(say.OPEN_FORM, Button.OPEN_KEPT, kept_id, style="primary")


def _paragraphs(text: str) -> Iterator[str]:
    while len(text) > SECTION_TEXT:
        start = SECTION_TEXT - NEAR
        cut = max(text.rfind(" ", start, SECTION_TEXT), text.rfind("\n", start, SECTION_TEXT))
        cut = cut if cut > 0 else SECTION_TEXT
        yield text[:cut]
        text = text[cut:]
    yield text
