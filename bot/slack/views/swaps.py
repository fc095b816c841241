"""Accepting as a swap: the form in which what goes out is named, and the other side's story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from bot.requests.facts import CardFacts
from bot.slack.limits import MESSAGE_TEXT, clip
from bot.slack.message import Block, Message, Modal
from bot.slack.names import Callback, Field
from bot.slack.text import conditions as say
from bot.slack.text.card import ball_line
from bot.slack.text.markup import hours, one_line
from bot.slack.views.decide import accept_modal
from bot.slack.views.elements import choices_input, context, divider, section, text_input

# The block of a scope item's hours is its id behind this.
ITEM = "out:"
MOST_ITEMS = 40

Item = tuple[UUID, str]
Swappable = tuple[UUID, str, str, int]


def swap_modal(
    card: CardFacts, goodwill_left: int, items: Sequence[Item], requests: Sequence[Swappable]
) -> Modal:
    """The figures as in a plain acceptance, and what goes out."""
    plain = accept_modal(card, goodwill_left)
    # One other payer is enough here: who pays for what is not swapped.
    figures = [
        block
        for block in plain.blocks
        if block.get("block_id") not in {Field.OTHER_FUNDING, Field.OTHER_HOURS}
    ]
    blocks = [
        block | {"label": {**block["label"], "text": say.REST_PAYS}}
        if block.get("block_id") == Field.FUNDING
        else block
        for block in figures
    ]
    out: list[Block] = [
        text_input(f"{ITEM}{item_id}", say.out_hours(text), optional=True)
        for item_id, text in items[:MOST_ITEMS]
    ]
    if requests:
        choices = [
            (str(request_id), f"{clip(f'{name} · {one_line(title)}', 62)} ({hours(minutes)})")
            for request_id, name, title, minutes in requests
        ]
        out.insert(
            0, choices_input(Field.OUT_REQUESTS, say.OUT_REQUESTS, choices, hint=say.OUT_REQUESTS_HINT)
        )
    if not out:
        out.append(context(say.NOTHING_TO_SWAP))
    return replace(
        plain,
        callback_id=Callback.ACCEPT_SWAP,
        title=say.AS_SWAP,
        submit=plain.submit if items or requests else None,
        blocks=(*blocks, divider(), *out),
    )


def swapped(card: CardFacts, other: str, *, is_out: bool) -> Message:
    """The other side of a swap, told in the thread."""
    text = say.swapped_in_thread(other, ball_line(card), is_out=is_out)
    return Message(text=clip(text, MESSAGE_TEXT), blocks=(section(text),))
