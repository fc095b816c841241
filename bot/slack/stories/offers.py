"""Counter-offers: a form that grows option by option, and the presses that take one or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot.errors import Refusal, WrongField, WrongFields
from bot.ledger.models import Funding
from bot.people import repository as people
from bot.people.models import Actor
from bot.portfolio.figures import parse_hours, parse_money
from bot.requests import repository
from bot.requests.bargaining import offering
from bot.requests.bargaining.bargaining_refusals import OfferGone
from bot.requests.bargaining.offering import MOST_OPTIONS, Option, field_of
from bot.requests.facts import CardFacts
from bot.requests.refusals import Missing
from bot.slack.bot import Bot
from bot.slack.message import Message, Modal
from bot.slack.names import Field, OptionField
from bot.slack.payloads import Press, Submission
from bot.slack.stories.forms import is_first_submission, once, open_form, pressed, shown, value_of
from bot.slack.views.decide import likely_fee
from bot.slack.views.offers import counter_offer_modal, first_typed, none_modal

# How long an option can be taken, unless its decider says otherwise.
VALID_FOR = timedelta(days=7)


async def counter_offer_pressed(bot: Bot, press: Press) -> Message | None:
    """Open the form with one option, if this person may decide what they saw."""
    request_id, revision = pressed(press)
    actor = bot.actor(press.who)
    card, today = await bot.read(_to_offer, actor, request_id=request_id, revision=revision)
    await open_form(bot, press, counter_offer_modal(card, 1, first_typed(card, today + VALID_FOR)))
    return None


async def add_option_pressed(bot: Bot, press: Press) -> Message | None:
    """Draw the form with one option more, and with everything that was typed."""
    request_id, revision = shown(press.private_metadata)
    actor = bot.actor(press.who)
    card, today = await bot.read(_to_offer, actor, request_id=request_id, revision=revision)
    count = min(MOST_OPTIONS, _count(press.private_metadata) + 1)
    typed = {name: value if isinstance(value, str) else "" for name, value in press.values.items()}
    await bot.soon(
        bot.gateway(press.who.workspace_id).redraw(
            press.view_id, counter_offer_modal(card, count, {**first_typed(card, today + VALID_FOR), **typed})
        )
    )
    return None


async def counter_offered(bot: Bot, submission: Submission) -> Modal | None:
    """The options were sent off."""
    request_id, revision = shown(submission.private_metadata)
    await bot.run(
        _offer, bot.actor(submission.who), request_id=request_id, revision=revision, submission=submission
    )
    return None


async def take_pressed(bot: Bot, press: Press) -> Message | None:
    """One option is taken: that decides it."""
    request_id, revision = pressed(press)
    try:
        offer_id = UUID(value_of(press).rpartition(":")[2])
    except ValueError:
        raise OfferGone(reference="") from None
    await bot.run(
        offering.take, bot.actor(press.who), request_id=request_id, revision=revision, offer_id=offer_id
    )
    return None


async def none_pressed(bot: Bot, press: Press) -> Message | None:
    """Open the form that turns all options down, for who is to choose."""
    request_id, revision = pressed(press)
    card = await bot.read(_to_choose, bot.actor(press.who), request_id=request_id, revision=revision)
    await open_form(bot, press, none_modal(card))
    return None


async def none_taken(bot: Bot, submission: Submission) -> Modal | None:
    """None of the options is wanted."""
    request_id, revision = shown(submission.private_metadata)
    await bot.run(
        once,
        bot.actor(submission.who),
        submission,
        lambda session, actor: offering.take_none(
            session,
            actor,
            request_id=request_id,
            revision=revision,
            number=_count(submission.private_metadata),
            reason=submission.text(Field.WHY),
        ),
    )
    return None


def read_options(submission: Submission, count: int, currency: str) -> list[Option]:
    """The options that the form holds; one in which nothing was said is left out, but for the first.

    Raises `WrongFields` for everything that cannot be read.
    """
    wrong: list[WrongField] = []
    options = []
    for position in range(1, count + 1):
        said = (OptionField.WHAT, OptionField.HOURS, OptionField.FEE, OptionField.DAY)
        is_empty = not any(submission.text(field_of(field, position)).strip() for field in said)
        if position == 1 or not is_empty:
            options.append(_read_option(submission, position, currency, wrong))
    if wrong:
        raise WrongFields(wrong)
    return options


def _read_option(submission: Submission, position: int, currency: str, wrong: list[WrongField]) -> Option:
    def text(field: OptionField) -> str:
        return submission.text(field_of(field, position)).strip()

    def number(field: OptionField, parse: Callable[[str], int], *, is_needed: bool = False) -> int:
        try:
            if is_needed and not text(field):
                raise Missing
            return parse(text(field)) if text(field) else 0
        except Refusal as why:
            wrong.append(WrongField(field_of(field, position), why))
            return 0

    def day(field: OptionField) -> date | None:
        return date.fromisoformat(text(field)) if text(field) else None

    if not text(OptionField.WHAT):
        wrong.append(WrongField(field_of(OptionField.WHAT, position), Missing()))
    minutes = number(OptionField.HOURS, parse_hours, is_needed=True)
    fee = number(OptionField.FEE, lambda typed: parse_money(typed, currency))
    funding = Funding(text(OptionField.FUNDING) or Funding.CHANGE_ORDER)
    return Option(
        what=text(OptionField.WHAT),
        minutes=minutes,
        fee_minor=fee,
        funding=funding,
        valid_until=day(OptionField.UNTIL),
        day=day(OptionField.DAY),
    )


def _count(value: str) -> int:
    """The number behind the request and its revision: how many options, or which round."""
    last = value.rpartition(":")[2]
    return int(last) if last.isdecimal() else 1


def _offer(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, submission: Submission
) -> None:
    if not is_first_submission(session, actor, submission):
        return
    currency = repository.currency(session, workspace_id=actor.workspace_id, request_id=request_id)
    try:
        options = read_options(submission, _count(submission.private_metadata), currency)
        if not options[0].funding.is_billable and options[0].fee_minor:
            # The fee that the form came with falls away where nobody is asked for one; a typed one is refused.
            card = repository.card_facts(session, workspace_id=actor.workspace_id, request_id=request_id)
            if options[0].fee_minor == likely_fee(card):
                options[0] = replace(options[0], fee_minor=0)
    except WrongFields:
        # Who may not decide is told so, whatever was typed.
        offering.require_offerable(session, actor, request_id=request_id, revision=revision)
        raise
    offering.counter_offer(session, actor, request_id=request_id, revision=revision, options=options)


def _to_offer(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> tuple[CardFacts, date]:
    """The card, if this person may decide it, and what day it is where they are."""
    offering.require_offerable(session, actor, request_id=request_id, revision=revision)
    person = people.person(session, workspace_id=actor.workspace_id, person_id=actor.person_id)
    assert person is not None, "who decides is known"
    card = repository.card_facts(session, workspace_id=actor.workspace_id, request_id=request_id)
    return card, actor.now.astimezone(person.tz).date()


def _to_choose(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> CardFacts:
    offering.require_offers(session, actor, request_id=request_id, revision=revision)
    return repository.card_facts(session, workspace_id=actor.workspace_id, request_id=request_id)
