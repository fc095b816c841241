"""The form of an absence, with what is set; and what those who act for somebody are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.people.absence import NOTE_LIMIT
from bot.people.models import Delegation
from bot.requests.facts import Line
from bot.slack.limits import MESSAGE_TEXT, clip
from bot.slack.message import Block, Message, Modal
from bot.slack.names import Button, Callback, Field
from bot.slack.text import absence as say
from bot.slack.text import lists as say_lists
from bot.slack.views.elements import button, date_input, divider, person_input, section, text_input

# As many as anybody sets; the rest shows once these are over.
LISTED = 20


def away_modal(
    known: Sequence[tuple[Delegation, str]], *, today: date, person: tuple[str, str] | None = None
) -> Modal:
    """A new absence, under those that are set: of whoever reads it, or of a `person` (id and name)."""
    name = person[1] if person else ""
    listed: list[Block] = [_listed(delegation, delegate, name) for delegation, delegate in known[:LISTED]]
    return Modal(
        callback_id=Callback.AWAY,
        title=say.TITLE,
        submit=say.SUBMIT,
        private_metadata=person[0] if person else "",
        blocks=(
            *([section(say.away_of(name))] if name else []),
            *([section(say.IS_SET), *listed, divider()] if listed else []),
            date_input(Field.AWAY_FROM, say.FROM, initial=today, optional=False),
            date_input(Field.AWAY_TO, say.TO, optional=False),
            person_input(Field.DELEGATE, say.delegate_of(name), hint=say.delegate_hint(name)),
            text_input(Field.NOTE, say.NOTE, optional=True, most=NOTE_LIMIT, hint=say.NOTE_HINT),
        ),
    )


def _listed(delegation: Delegation, delegate: str, person: str) -> Block:
    remove = button(
        say.REMOVE, Button.REMOVE_ABSENCE, str(delegation.id), label=say.label_of_remove(delegation)
    )
    return section(say.line(delegation, delegate, person), accessory=remove, block_id=f"away_{delegation.id}")


def told_in_private(introduction: str, lines: Sequence[Line], today: date) -> Message:
    """Something about several requests, each with a link to its card."""
    listed = "\n".join(f"• {say_lists.line(item, today, name_holder=False)}" for item in lines)
    blocks = [section(introduction)] + ([section(listed)] if listed else [])
    text = f"{introduction}\n{listed}" if listed else introduction
    return Message(text=clip(text, MESSAGE_TEXT), blocks=tuple(blocks))
