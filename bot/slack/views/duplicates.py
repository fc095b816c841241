"""Duplicates: the form that marks one, how it is told, and the hint in the form of a request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.requests.facts import CardFacts, Line, LinkedRequest
from bot.slack.limits import MESSAGE_TEXT, clip
from bot.slack.message import Block, Message, Modal
from bot.slack.names import Callback, Field
from bot.slack.text import duplicates as say
from bot.slack.text.decide import about
from bot.slack.views.card_actions import press_value
from bot.slack.views.elements import context, search_input, section

# The block in the form of a request that says what it looks like.
HINT = "looks_like"


def mark_modal(card: CardFacts) -> Modal:
    """Choose the request that asks for the same."""
    return Modal(
        callback_id=Callback.DUPLICATE,
        title=say.MARK,
        submit=say.SUBMIT,
        private_metadata=press_value(card),
        blocks=(
            section(about(card)),
            search_input(
                Field.ORIGINAL, say.ORIGINAL, placeholder=say.ORIGINAL_SEARCH, hint=say.ORIGINAL_HINT
            ),
        ),
    )


def hint(lines: list[Line]) -> tuple[Block, ...]:
    """What the request that is being typed looks like; nothing where it looks like none."""
    return ({**context(say.looks_like(lines)), "block_id": HINT},) if lines else ()


def with_hint(blocks: Sequence[Block], lines: list[Line]) -> tuple[Block, ...] | None:
    """The blocks of the open form with this hint under the title, everything else as it is; none if it says so already.

    What was typed stays: Slack keeps it for inputs that are still there.
    """
    new = hint(lines)
    old = next((block for block in blocks if block.get("block_id") == HINT), None)
    if _text(old) == _text(new[0] if new else None):
        return None
    drawn: list[Block] = []
    for block in blocks:
        if block.get("block_id") == HINT:
            continue
        drawn.append(_without_focus(block))
        if block.get("block_id") == Field.TITLE:
            drawn += new
    return tuple(drawn)


def marked(card: CardFacts, by: str, original: LinkedRequest) -> Message:
    """Told in the thread of what was put away."""
    return _told(say.marked_in_thread(card, by, original))


def found(by: str, duplicate: LinkedRequest) -> Message:
    """Told in the thread of the original."""
    return _told(say.found_in_thread(by, duplicate))


def _told(text: str) -> Message:
    return Message(text=clip(text, MESSAGE_TEXT), blocks=(section(text),))


def _text(block: Block | None) -> Any:
    return block["elements"][0]["text"] if block else None


def _without_focus(block: Block) -> Block:
    """The cursor stays where the person is by now, not where it was when the form opened."""
    element = block.get("element")
    if not isinstance(element, dict) or "focus_on_load" not in element:
        return block
    return {**block, "element": {name: it for name, it in element.items() if name != "focus_on_load"}}
