"""The forms that accept, decline and withdraw, prefilled so that one click is enough when the figures stand."""

from __future__ import annotations

from babel.numbers import get_currency_precision

from bot.ledger.models import Funding
from bot.ledger.service import value_of
from bot.requests.approval_figures import Figures
from bot.requests.facts import CardFacts
from bot.requests.models import Reason
from bot.slack.limits import INPUT_TEXT
from bot.slack.message import Block, Message, Modal
from bot.slack.names import Button, Callback, Field
from bot.slack.text import bridges
from bot.slack.text import decide as say
from bot.slack.text.labels import FUNDINGS
from bot.slack.text.markup import hours, hours_figure, money, money_figure
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

# A swap has a form of its own, in which what goes out is named.
PAYING = [(funding, words) for funding, words in FUNDINGS.items() if funding is not Funding.SWAP]


def likely_funding(card: CardFacts) -> Funding:
    """Who most likely pays: we, when it is our own error, else the client."""
    return Funding.AGENCY_ERROR if card.reason is Reason.AGENCY_ERROR else Funding.CHANGE_ORDER


def likely_fee(card: CardFacts) -> int:
    """The estimate at the project's own rate, in minor units; whole units, since nobody quotes cents."""
    if not card.estimated_minutes or not likely_funding(card).is_billable:
        return 0
    whole: int = 10 ** get_currency_precision(card.currency)
    return round(value_of(card.estimated_minutes, card.rate_minor) / whole) * whole


def likely_figures(card: CardFacts) -> Figures:
    """What most likely is accepted: what was agreed to first, else the estimate at the project's rate."""
    if card.first_yes is not None:
        first = card.first_yes
        return Figures(first.minutes, first.fee_minor, first.delay_days, dict(first.split))
    minutes = card.estimated_minutes or 0
    return Figures(minutes, likely_fee(card), 0, {likely_funding(card): minutes})


def accept_modal(card: CardFacts, goodwill_left: int, *, is_split: bool = False) -> Modal:
    """Hours, fee, delay and who pays, as agreed to first or as is likely; with `is_split` two may pay, each for a part."""
    likely = likely_figures(card)
    fee, (funding, *others) = likely.fee_minor, likely.split.items()
    other = others[0] if others else None
    remarks = []
    if card.rate_minor:
        remarks.append(say.rate(card))
    if card.goodwill_limit:
        remarks.append(say.goodwill_left(card.client, goodwill_left, card.goodwill_limit))
    return Modal(
        callback_id=Callback.ACCEPT,
        title=say.ACCEPT,
        submit=say.ACCEPT,
        private_metadata=press_value(card),
        blocks=(
            section(say.about(card)),
            text_input(
                Field.HOURS,
                say.HOURS,
                initial=hours_figure(likely.minutes) if likely.minutes else None,
            ),
            choice_input(Field.FUNDING, say.WHO_PAYS, PAYING, initial=funding[0]),
            text_input(
                Field.FEE,
                say.fee(card.currency),
                initial=money_figure(fee, card.currency) if fee else None,
                optional=True,
                hint=say.FEE_HINT,
            ),
            *([context(" · ".join(remarks))] if remarks else []),
            text_input(Field.DELAY, say.DELAY, initial=str(likely.delay_days), optional=True),
            *(
                _another_part(other)
                if is_split or other
                else [actions(button(say.SPLIT, Button.SPLIT, press_value(card)))]
            ),
        ),
    )


def _another_part(other: tuple[Funding, int] | None) -> list[Block]:
    """Who pays for a part of the hours, and for how many: shown to who asks for it, or where there is one."""
    funding, minutes = other or (None, 0)
    part = hours_figure(minutes) if minutes else None
    return [
        choice_input(Field.OTHER_FUNDING, say.ANOTHER_PAYS, PAYING, initial=funding, optional=True),
        text_input(Field.OTHER_HOURS, say.ANOTHER_HOURS, initial=part, optional=True),
    ]


def decline_modal(card: CardFacts, typed: str = "") -> Modal:
    """A reason is needed, and what could be done instead."""
    return Modal(
        callback_id=Callback.DECLINE,
        title=say.DECLINE,
        submit=say.DECLINE,
        private_metadata=press_value(card),
        blocks=(
            section(say.about(card)),
            text_input(
                Field.WHY,
                say.DECLINE_WHY,
                initial=typed,
                multiline=True,
                most=INPUT_TEXT,
                hint=say.DECLINE_HINT,
                focus=True,
            ),
            choice_input(Field.BRIDGE, bridges.INSTEAD, list(bridges.BRIDGES.items())),
            text_input(
                Field.BRIDGE_TEXT,
                bridges.BRIDGE_TEXT,
                multiline=True,
                optional=True,
                most=INPUT_TEXT,
                hint=bridges.BRIDGE_TEXT_HINT,
            ),
            date_input(Field.RETURNS_ON, bridges.RETURNS_ON, hint=bridges.RETURNS_ON_HINT),
        ),
    )


def withdraw_modal(card: CardFacts) -> Modal:
    """A reason helps, and is not needed."""
    return Modal(
        callback_id=Callback.WITHDRAW,
        title=say.WITHDRAW,
        submit=say.WITHDRAW,
        private_metadata=press_value(card),
        blocks=(
            section(say.about(card)),
            text_input(
                Field.WHY, say.WITHDRAW_WHY, multiline=True, optional=True, most=INPUT_TEXT, focus=True
            ),
        ),
    )


def typed_decision(card: CardFacts, verb: str) -> Message:
    """The private question whether a typed reply was the decision."""
    figures = ""
    likely = likely_figures(card)
    if verb == say.ACCEPT and likely.minutes:
        parts = [hours(likely.minutes)]
        if likely.fee_minor:
            parts.append(money(likely.fee_minor, card.currency))
        figures = ", ".join(parts)
    text = say.record_typed(card, verb, figures)
    value = f"{press_value(card)}:{verb}"
    return Message(
        text=text,
        blocks=(
            section(text),
            actions(
                button(say.YES, Button.RECORD_TYPED, value, style="primary"),
                button(say.NO, Button.JUST_TALKING, value),
            ),
        ),
    )
