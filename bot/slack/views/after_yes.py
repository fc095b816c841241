"""The forms and messages after the yes: what the work took, and what the client says."""

from __future__ import annotations

from datetime import date

from bot.requests.facts import CardFacts
from bot.requests.models import ClientAnswer
from bot.slack.limits import INPUT_TEXT, MESSAGE_TEXT, clip
from bot.slack.message import Block, Message, Modal
from bot.slack.names import Button, Callback, Field
from bot.slack.text import after_yes as say
from bot.slack.text.decide import about
from bot.slack.text.markup import hours_figure
from bot.slack.views.card_actions import press_value
from bot.slack.views.elements import actions, button, context, date_input, section, text_input


def done_modal(card: CardFacts, accepted_minutes: int) -> Modal:
    """What it took, prefilled with what was accepted."""
    return Modal(
        callback_id=Callback.DONE,
        title=say.DONE,
        submit=say.DONE,
        private_metadata=press_value(card),
        blocks=(
            section(about(card)),
            text_input(
                Field.HOURS,
                say.DONE_HOURS,
                initial=hours_figure(accepted_minutes),
                hint=say.DONE_HINT,
                focus=True,
            ),
        ),
    )


def sent_modal(card: CardFacts, valid_until: date) -> Modal:
    """Until when the client can say yes."""
    return Modal(
        callback_id=Callback.SENT_TO_CLIENT,
        title=say.SENT,
        submit=say.SENT_SUBMIT,
        private_metadata=press_value(card),
        blocks=(
            section(about(card)),
            date_input(Field.VALID_UNTIL, say.VALID_UNTIL, initial=valid_until, hint=say.VALID_HINT),
        ),
    )


def client_no_modal(card: CardFacts) -> Modal:
    """Their words help whoever decides anew."""
    return Modal(
        callback_id=Callback.CLIENT_DECLINED,
        title=say.NO_TITLE,
        submit=say.NO_SUBMIT,
        private_metadata=press_value(card),
        blocks=(
            section(about(card)),
            text_input(
                Field.WHY,
                say.NO_WHY,
                multiline=True,
                optional=True,
                most=INPUT_TEXT,
                hint=say.NO_HINT,
                focus=True,
            ),
        ),
    )


def answer_block(card: CardFacts) -> Block | None:
    """What the AM can record of the client's answer, or what is on record; none where they pay nothing."""
    if card.client_answer is ClientAnswer.NOT_REQUIRED:
        return None
    buttons = answer_buttons(card)
    return actions(*buttons) if buttons else context(say.client_line(card))


def answer_buttons(card: CardFacts) -> list[Block]:
    """What the AM can record of the client's answer, the likeliest first; nothing once it is on record."""
    answer, value = card.client_answer, press_value(card)
    if not answer.is_outstanding:
        return []
    is_with_them = answer in {ClientAnswer.SENT, ClientAnswer.VIEWED}
    sent = button(say.sent_button(card), Button.SENT_TO_CLIENT, value, style="primary")
    accepted = button(
        say.accepted_button(card), Button.CLIENT_ACCEPTED, value, style="primary" if is_with_them else None
    )
    declined = button(say.declined_button(card), Button.CLIENT_DECLINED, value)
    return [accepted, declined] if is_with_them else [sent, accepted, declined]


def answered(card: CardFacts, answer: ClientAnswer, reason: str) -> Message:
    """The client's yes or no, told in the thread."""
    text = say.client_answered(card, answer, reason)
    return Message(text=clip(text, MESSAGE_TEXT), blocks=(section(text),))


def expired(card: CardFacts) -> Message:
    """The client did not answer in time: what can be done, for whoever sent it."""
    text = say.answer_expired(card)
    below = answer_block(card)
    return Message(text=text, blocks=(section(text), *([below] if below else [])))
