"""The forms that re-open and appeal, and how both are told."""

from __future__ import annotations

from bot.requests.facts import CardFacts, PastEvent
from bot.slack.limits import INPUT_TEXT, MESSAGE_TEXT, clip
from bot.slack.message import Message, Modal
from bot.slack.names import Callback, Field
from bot.slack.text import card as say_card
from bot.slack.text import reopening as say
from bot.slack.text.decide import about
from bot.slack.views.card_actions import press_value
from bot.slack.views.elements import context, section, text_input


def reopen_modal(card: CardFacts) -> Modal:
    """What stands, and a reason."""
    outcome = say_card.outcome_line(card)
    return Modal(
        callback_id=Callback.REOPEN,
        title=say.REOPEN,
        submit=say.REOPEN,
        private_metadata=press_value(card),
        blocks=(
            section(about(card)),
            *([section(outcome)] if outcome else []),
            text_input(Field.WHY, say.REOPEN_WHY, multiline=True, most=INPUT_TEXT, focus=True),
        ),
    )


def appeal_modal(card: CardFacts, decider: str) -> Modal:
    """What was declined, who decides then, and the new facts."""
    outcome = say_card.outcome_line(card)
    return Modal(
        callback_id=Callback.APPEAL,
        title=say.APPEAL,
        submit=say.APPEAL,
        private_metadata=press_value(card),
        blocks=(
            section(about(card)),
            *([section(outcome)] if outcome else []),
            context(say.goes_to(decider)),
            text_input(Field.WHY, say.APPEAL_FACTS, multiline=True, most=INPUT_TEXT, focus=True),
        ),
    )


def reopened(card: CardFacts, event: PastEvent) -> Message:
    """The re-opening, told in the thread."""
    return _told(say.reopened_in_thread(card, event))


def appealed(card: CardFacts, event: PastEvent) -> Message:
    """The appeal, told in the thread."""
    return _told(say.appealed_in_thread(card, event))


def _told(text: str) -> Message:
    return Message(text=clip(text, MESSAGE_TEXT), blocks=(section(text),))
