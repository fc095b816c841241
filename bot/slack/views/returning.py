"""Deferring, what is back, and asking again: forms and messages."""

from __future__ import annotations

from datetime import date

from bot.requests.afterwards.returning import Returning
from bot.requests.facts import CardFacts
from bot.requests.models import State
from bot.slack.limits import INPUT_TEXT, MESSAGE_TEXT, OPTION_TEXT, clip
from bot.slack.message import Block, Message, Modal
from bot.slack.names import Button, Callback, Field
from bot.slack.text import bridges as say
from bot.slack.text.decide import about
from bot.slack.text.markup import clean
from bot.slack.views.card_actions import press_value
from bot.slack.views.elements import (
    actions,
    button,
    choice_input,
    context,
    date_input,
    section,
    text_input,
)

A_DAY, RENEWAL = "day", "renewal"


def defer_modal(card: CardFacts, renewal_on: date | None) -> Modal:
    """Why, and until when; the client's renewal is offered where one lies ahead."""
    until: list[Block] = []
    if renewal_on is not None:
        renewal = clip(clean(f"{card.client}: renewal, {say.full_day(renewal_on)}"), OPTION_TEXT)
        choices = [(RENEWAL, renewal), (A_DAY, say.UNTIL_A_DAY)]
        until = [choice_input(Field.UNTIL, say.UNTIL, choices, initial=RENEWAL)]
    return Modal(
        callback_id=Callback.DEFER,
        title=say.DEFER,
        submit=say.DEFER,
        private_metadata=press_value(card),
        blocks=(
            section(about(card)),
            text_input(Field.WHY, say.DEFER_WHY, multiline=True, most=INPUT_TEXT, focus=True),
            *until,
            date_input(Field.RETURNS_ON, say.DEFER_DAY, optional=renewal_on is not None),
        ),
    )


def ask_again_modal(card: CardFacts) -> Modal:
    """What has changed, for who decides."""
    return Modal(
        callback_id=Callback.ASK_AGAIN,
        title=say.ASK_AGAIN,
        submit=say.ASK_AGAIN,
        private_metadata=press_value(card),
        blocks=(
            section(about(card)),
            *([context(say.bridge_line(card.bridge))] if card.bridge else []),
            text_input(
                Field.WHY,
                say.WHAT_CHANGED,
                multiline=True,
                most=INPUT_TEXT,
                hint=say.WHAT_CHANGED_HINT,
                focus=True,
            ),
        ),
    )


def came_back(card: CardFacts, back: Returning, decided_by: str) -> Message:
    """What is back, with what can be done; only what it was once that is done."""
    text = say.came_back(card, back, decided_by)
    waits = card.is_back or (card.state is State.REJECTED and not back.bridge.is_settled)
    below = actions(*returning_buttons(card)) if waits else context(say.SETTLED)
    return Message(text=clip(text, MESSAGE_TEXT), blocks=(section(text), below))


def returning_buttons(card: CardFacts) -> list[Block]:
    """Ask again, or not any more."""
    value = press_value(card)
    return [
        button(say.ASK_AGAIN, Button.ASK_AGAIN, value, style="primary"),
        button(say.LET_GO, Button.LET_GO, value),
    ]


def asked_again(card: CardFacts, note: str) -> Message:
    """It is asked again, told in the thread."""
    text = say.asked_again(card, note)
    return Message(text=clip(text, MESSAGE_TEXT), blocks=(section(text),))
