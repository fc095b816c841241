"""Accepting on a condition: its form, and the condition as it comes to whoever confirms it."""

from __future__ import annotations

from dataclasses import replace

from bot.requests.bargaining.condition_models import ConditionKind
from bot.requests.facts import CardFacts, ConditionFacts
from bot.requests.models import State
from bot.slack.limits import INPUT_TEXT, MESSAGE_TEXT, clip
from bot.slack.message import Block, Message, Modal
from bot.slack.names import Button, Callback, Field
from bot.slack.text import conditions as say
from bot.slack.text.card import figures
from bot.slack.text.decide import about
from bot.slack.views.card_actions import condition_value
from bot.slack.views.decide import accept_modal
from bot.slack.views.elements import (
    actions,
    button,
    context,
    date_input,
    person_input,
    section,
    text_input,
)


def on_condition_modal(card: CardFacts, goodwill_left: int) -> Modal:
    """The figures as in a plain acceptance, and what it depends on."""
    plain = accept_modal(card, goodwill_left)
    return replace(
        plain,
        callback_id=Callback.ACCEPT_CONDITION,
        title=say.ON_CONDITION,
        blocks=(
            plain.blocks[0],
            text_input(
                Field.CONDITION,
                say.CONDITION,
                multiline=True,
                most=INPUT_TEXT,
                hint=say.CONDITION_HINT,
                focus=True,
            ),
            person_input(Field.CONFIRMER, say.CONFIRMER, initial=card.requester.id),
            date_input(Field.CONDITION_BY, say.CONDITION_BY, optional=False, hint=say.CONDITION_BY_HINT),
            *plain.blocks[1:],
        ),
    )


def not_met_modal(card: CardFacts, condition: ConditionFacts) -> Modal:
    """Why it is not met."""
    is_swap = condition.kind is ConditionKind.SWAP
    words = say.NOT_AGREED if is_swap else say.NOT_MET
    return Modal(
        callback_id=Callback.CONDITION_FAILED,
        title=words,
        submit="Decline",
        private_metadata=condition_value(card),
        blocks=(
            section(about(card)),
            section(say.shown(card, condition)),
            text_input(
                Field.WHY, say.WHY_NOT, multiline=True, most=INPUT_TEXT, hint=say.WHY_NOT_HINT, focus=True
            ),
        ),
    )


def in_private(card: CardFacts, condition: ConditionFacts) -> Message:
    """The condition, for whoever confirms it; with buttons as long as it waits."""
    waits = is_waiting(card, condition)
    price = figures(card, card.decision) if waits and card.decision else ""
    text = say.in_private(card, condition, price)
    blocks: list[Block] = [section(text)]
    if waits:
        is_swap = condition.kind is ConditionKind.SWAP
        value = condition_value(card)
        yes = button(
            say.AGREED if is_swap else say.MET,
            Button.CONDITION_MET,
            value,
            style="primary",
            label=f"{say.AGREED if is_swap else say.MET}: {card.reference}",
        )
        no = button(
            say.NOT_AGREED if is_swap else say.NOT_MET,
            Button.CONDITION_FAILED,
            value,
            label=f"{say.NOT_AGREED if is_swap else say.NOT_MET}: {card.reference}",
        )
        blocks.append(actions(yes, no))
    else:
        blocks.append(context(say.settled(condition)))
    return Message(text=clip(text, MESSAGE_TEXT), blocks=tuple(blocks))


def settled(card: CardFacts, condition: ConditionFacts) -> Message | None:
    """How it ended, told in the thread."""
    if card.decision is None or condition.outcome is None:
        return None
    text = say.settled_in_thread(card, condition, figures(card, card.decision))
    return Message(text=clip(text, MESSAGE_TEXT), blocks=(section(text),))


def is_waiting(card: CardFacts, condition: ConditionFacts) -> bool:
    """Whether this condition waits for its answer."""
    newest = card.condition
    return (
        card.state is State.APPROVED_CONDITIONAL
        and newest is not None
        and newest.number == condition.number
        and condition.outcome is None
    )
