"""The form that gives a decision to somebody else."""

from __future__ import annotations

from bot.requests.facts import CardFacts
from bot.slack.limits import INPUT_TEXT
from bot.slack.message import Modal
from bot.slack.names import Callback, Field
from bot.slack.text import authority as say
from bot.slack.text.decide import about
from bot.slack.views.card_actions import press_value
from bot.slack.views.elements import person_input, section, text_input


def reassign_modal(card: CardFacts) -> Modal:
    """Who decides it, and why."""
    return Modal(
        callback_id=Callback.REASSIGN,
        title=say.REASSIGN,
        submit=say.REASSIGN,
        private_metadata=press_value(card),
        blocks=(
            section(about(card)),
            person_input(Field.PERSON, say.PERSON, hint=say.PERSON_HINT),
            text_input(Field.WHY, say.WHY, multiline=True, most=INPUT_TEXT, hint=say.WHY_HINT),
        ),
    )
