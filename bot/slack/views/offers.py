"""Counter-offers: the form with up to three options, and the options side by side with the buttons that take one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.requests.bargaining.offering import MOST_OPTIONS, field_of
from bot.requests.facts import CardFacts, DecisionFacts, OfferFacts
from bot.requests.models import State
from bot.slack.limits import INPUT_TEXT, MESSAGE_TEXT, clip
from bot.slack.message import Block, Message, Modal
from bot.slack.names import Button, Callback, OptionField
from bot.slack.text import offers as say
from bot.slack.text.card import figures
from bot.slack.text.decide import FEE_HINT, WHO_PAYS, about, fee
from bot.slack.text.markup import hours_figure, money_figure
from bot.slack.views.card_actions import press_value
from bot.slack.views.decide import PAYING, likely_fee, likely_funding
from bot.slack.views.elements import (
    actions,
    button,
    choice_input,
    columns,
    context,
    date_input,
    divider,
    section,
    text_input,
)

Typed = Mapping[str, str]


def counter_offer_modal(card: CardFacts, count: int, typed: Typed) -> Modal:
    """So many options; `typed` is what each field holds, by its name."""
    where = say.prefilled(card)
    blocks: list[Block] = [section(about(card)), *([context(where)] if where else [])]
    for position in range(1, count + 1):
        if count > 1:
            blocks += [divider(), section(say.option_title(position))]
        blocks += _fields(card, position, typed)
    if count < MOST_OPTIONS:
        blocks.append(actions(button(say.ADD, Button.ADD_OPTION, press_value(card)), block_id="add_option"))
    if count > 1:
        blocks.append(context(say.LEFT_OUT))
    return Modal(
        callback_id=Callback.COUNTER_OFFER,
        title=say.COUNTER_OFFER,
        submit=say.OFFER,
        private_metadata=f"{press_value(card)}:{count}",
        blocks=tuple(blocks),
    )


def first_typed(card: CardFacts, valid_until: date) -> dict[str, str]:
    """What the fields hold before anybody typed: the first option is the ask as it is."""
    money = likely_fee(card)
    first = {
        OptionField.HOURS: hours_figure(card.estimated_minutes) if card.estimated_minutes else "",
        OptionField.FEE: money_figure(money, card.currency) if money else "",
    }
    typed = {field_of(name, 1): value for name, value in first.items()}
    for position in range(1, MOST_OPTIONS + 1):
        typed[field_of(OptionField.FUNDING, position)] = likely_funding(card)
        typed[field_of(OptionField.UNTIL, position)] = valid_until.isoformat()
    return typed


def _fields(card: CardFacts, position: int, typed: Typed) -> list[Block]:
    further = position > 1

    def name(field: OptionField) -> str:
        return field_of(field, position)

    def held(field: OptionField) -> str:
        return typed.get(name(field), "")

    def held_day(field: OptionField) -> date | None:
        return date.fromisoformat(held(field)) if held(field) else None

    what = say.WHAT if further else say.WHAT_FIRST
    return [
        text_input(
            name(OptionField.WHAT),
            what,
            initial=held(OptionField.WHAT),
            multiline=True,
            optional=further,
            most=INPUT_TEXT,
            focus=not further,
        ),
        text_input(name(OptionField.HOURS), say.HOURS, initial=held(OptionField.HOURS), optional=further),
        choice_input(name(OptionField.FUNDING), WHO_PAYS, PAYING, initial=held(OptionField.FUNDING)),
        text_input(
            name(OptionField.FEE),
            fee(card.currency),
            initial=held(OptionField.FEE),
            optional=True,
            hint=None if further else FEE_HINT,
        ),
        date_input(
            name(OptionField.DAY),
            say.DUE if card.due_on else say.READY,
            initial=held_day(OptionField.DAY),
            hint=say.DUE_HINT if card.due_on and not further else None,
        ),
        date_input(
            name(OptionField.UNTIL),
            say.UNTIL,
            initial=held_day(OptionField.UNTIL),
            optional=further,
            hint=None if further else say.UNTIL_HINT,
        ),
    ]


def none_modal(card: CardFacts) -> Modal:
    """A reason helps, and is not needed."""
    return Modal(
        callback_id=Callback.NO_OFFER,
        title=say.NONE,
        submit=say.NONE,
        private_metadata=f"{press_value(card)}:{card.offer_round}",
        blocks=(
            section(about(card)),
            text_input(
                "why",
                say.NONE_WHY,
                multiline=True,
                optional=True,
                most=INPUT_TEXT,
                hint=say.NONE_HINT,
                focus=True,
            ),
        ),
    )


def on_card(card: CardFacts) -> list[Block]:
    """The options on the table with their buttons; after the decision, the one that was taken."""
    if not card.offers:
        return []
    if card.state is not State.COUNTERED:
        return [context(say.taken_on_card(option)) for option in card.offers]
    headline = section(f"*{say.offered(card, card.offers)}*")
    return [headline, *_side_by_side(card, card.offers, say.ON_CARD), *_choice(card, card.offers)]


def offered(card: CardFacts, options: Sequence[OfferFacts]) -> Message:
    """The counter-offer, told in the thread."""
    return _told(card, options, say.in_thread(card, options))


def offered_in_private(card: CardFacts, options: Sequence[OfferFacts]) -> Message:
    """The counter-offer, for whoever is to choose."""
    return _told(card, options, say.in_private(card, options))


def taken(card: CardFacts, option: OfferFacts, decision: DecisionFacts) -> Message:
    """An option was taken, told in the thread."""
    return _said(say.taken_in_thread(card, option, figures(card, decision)))


def refused(card: CardFacts, reason: str) -> Message:
    """None was taken, told in the thread."""
    return _said(say.refused_in_thread(card, reason))


def over(card: CardFacts, options: Sequence[OfferFacts]) -> Message:
    """The time of all of them is over, told in the thread."""
    return _said(say.over_in_thread(card, options))


def _told(card: CardFacts, options: Sequence[OfferFacts], headline: str) -> Message:
    blocks: list[Block] = [section(headline), *_side_by_side(card, options, say.IN_THREAD)]
    if card.state is State.COUNTERED and card.offer_round == options[0].round:
        blocks += _choice(card, options)
    else:
        blocks.append(context(say.how_it_ended(card, options)))
    text = "\n".join([headline, *(say.in_one_line(card, option, say.IN_THREAD) for option in options)])
    return Message(text=clip(text, MESSAGE_TEXT), blocks=tuple(blocks))


def _side_by_side(card: CardFacts, options: Sequence[OfferFacts], limit: int) -> list[Block]:
    return [columns(*(say.column(card, option, limit) for option in options))]


def _choice(card: CardFacts, options: Sequence[OfferFacts]) -> list[Block]:
    """A button for each that can still be taken, and one for none of them."""
    can_be_taken = [option for option in options if not option.is_over]
    buttons = [
        button(
            say.take(option),
            f"{Button.TAKE_OFFER}:{option.letter}",
            f"{press_value(card)}:{option.id}",
            label=f"Take option {option.letter} of {card.reference}",
        )
        for option in can_be_taken
    ]
    none = button(
        say.NONE,
        Button.NO_OFFER,
        f"{press_value(card)}:{options[0].round}",
        label=f"Take no option of {card.reference}",
    )
    remark = [] if can_be_taken else [context(say.all_over(card, options))]
    return [*remark, actions(*buttons, none, block_id="offers")]


def _said(text: str) -> Message:
    return Message(text=clip(text, MESSAGE_TEXT), blocks=(section(text),))
