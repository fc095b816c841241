"""A counter-offer: the decider puts options on the table, whoever logged the request takes one, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.errors import Refusal, WrongField, WrongFields
from bot.ledger import service as ledger
from bot.ledger.models import Funding
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.portfolio import repository as portfolio
from bot.portfolio.models import Client, Project
from bot.requests import ball, deciding, history, holding, repository
from bot.requests.announcing import (
    CLIENT_WORDS,
    OFFER_TAKEN,
    OFFERED,
    OFFERED_IN_PRIVATE,
    OFFERS_OVER,
    OFFERS_REFUSED,
    changed,
    figures_changed,
    say,
)
from bot.requests.approval_figures import Figures, wrong_figures
from bot.requests.bargaining import approving, first_yes, offers
from bot.requests.bargaining.approval_models import FirstApproval
from bot.requests.bargaining.bargaining_refusals import NotAnOption, OfferGone, OfferOver, OwnOffer, TooEarly
from bot.requests.bargaining.offer_models import Offer
from bot.requests.client_words.words_models import Step
from bot.requests.facts import letter_of
from bot.requests.goodwill import wrong_goodwill
from bot.requests.models import ChangeRequest, Decision, EventKind, State
from bot.requests.refusals import InThePast, Missing
from bot.requests.rights import (
    may_decide,
    name_of,
    require_requester,
    require_revision,
    require_right_to_decide,
)
from bot.requests.rights import require_waiting as require_still_waiting
from bot.requests.typed.typed_text import without_controls

MOST_OPTIONS = 3
MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Option:
    """One option as its decider wrote it; `day` is when the project is due by it (or when it is ready: see `Offer`)."""

    what: str
    minutes: int
    fee_minor: int
    funding: Funding
    valid_until: date | None
    day: date | None = None


def counter_offer(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, options: Sequence[Option]
) -> list[Offer]:
    """Put up to three options on the table, in place of any that lie there; the ball goes to who logged the request.

    Raises what `require_offerable` raises, and `WrongFields`: of the first option `what_a`, `hours_a`, `fee_a`,
    `funding_a`, `day_a`, `until_a`; of the next `what_b` and so on. At least one option is needed (`what_a`).
    """
    person = require_internal(session, actor)
    request = repository.locked(session, workspace_id=actor.workspace_id, request_id=request_id)
    require_right_to_decide(session, actor, request, revision)
    present = portfolio.current(session, workspace_id=actor.workspace_id, project_id=request.project_id)
    options = [replace(option, what=without_controls(option.what).strip()) for option in options]
    _check(session, actor, request, options, present.due_on, person.tz)
    round_ = request.offer_round + 1
    # The ball first: its hand-over is a statement, which would write a half-changed request before it.
    ball.hand_to(session, actor, request, request.requester_id)
    made = [
        _offer(actor, request, option, round_, position, present.due_on, person.tz)
        for position, option in enumerate(options, start=1)
    ]
    session.add_all(made)
    request.offer_round = round_
    request.state = State.COUNTERED
    history.record(
        session, actor, request, EventKind.COUNTERED, round=round_, options=[_as_facts(it) for it in made]
    )
    changed(session, actor, request)
    key = str(round_)
    say(session, actor, request, OFFERED, key=key, round=round_)
    say(
        session,
        actor,
        request,
        OFFERED_IN_PRIVATE,
        destination=request.ball_holder_id,
        key=key,
        round=round_,
    )
    say(
        session,
        actor,
        request,
        CLIENT_WORDS,
        destination=request.requester_id,
        key=f"{Step.COUNTERED}:{round_}",
        step=str(Step.COUNTERED),
    )
    return made


def take(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, offer_id: UUID
) -> Decision | FirstApproval:
    """Take one option: that decides the request on its figures, as the decision of who offered it.

    The hours are funded, the baseline gets a new version, and nobody can take the others any more. Above a line
    (`first_yes`) it is the first yes, and decided once the director accepts too. Raises what
    `require_offers` raises, `OwnOffer` for who offered it or decides, `OfferGone` where it is not on the table any more, `OfferOver` after its last day, and
    `WrongFields` (hours, fee, delay, funding) where its figures cannot be taken any more.
    """
    require_internal(session, actor)
    # What it gives away is not known before the offer is; offers never change, so the row may be read first.
    request = repository.row(session, workspace_id=actor.workspace_id, request_id=request_id)
    option = offers.row(session, request, offer_id)
    with_client = option is not None and option.funding is Funding.GOODWILL
    held = holding.for_approval(
        session, workspace_id=actor.workspace_id, request_id=request_id, with_client=with_client
    )
    request = held.request
    _require_offers(session, actor, request, revision)
    if option is None or option.round != request.offer_round:
        raise OfferGone(request.reference)
    if actor.person_id == option.offered_by or may_decide(session, actor, request):
        raise OwnOffer(request.reference, name_of(session, request, request.requester_id))
    if option.expires_at <= actor.now:
        by = name_of(session, request, option.offered_by)
        raise OfferOver(request.reference, letter_of(option.position), option.valid_until, by)
    figures = Figures(option.minutes, option.fee_minor, option.delay_days, {option.funding: option.minutes})
    # What was there when it was offered may be spent by now.
    offerer = replace(actor, person_id=option.offered_by)
    basis = approving.checked(session, offerer, held, figures)
    option.taken_at, option.taken_by = actor.now, actor.person_id
    needed = first_yes.second_needed(session, offerer, request, figures)
    if needed is not None:
        return first_yes.keep(session, actor, request, figures, needed, approved_by=option.offered_by)
    decision = deciding.approve(
        session,
        actor,
        held,
        figures,
        present=basis.present,
        rate_minor=basis.rate_minor,
        decided_by=option.offered_by,
        kind=EventKind.OFFER_TAKEN,
        said={
            "option": letter_of(option.position),
            "what": option.what,
            "offered_by": option.offered_by,
            "offer": str(option.id),
        },
    )
    changed(session, actor, request)
    say(session, actor, request, OFFER_TAKEN, key=str(option.id), round=option.round)
    say(
        session,
        actor,
        request,
        CLIENT_WORDS,
        destination=request.requester_id,
        key=str(decision.id),
        decision_id=str(decision.id),
    )
    figures_changed(session, actor, request)
    return decision


def take_none(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, number: int, reason: str = ""
) -> ChangeRequest:
    """Turn all options of a counter-offer down: the ball goes back to whoever decides.

    `number` is the round that was shown. Raises what `require_offers` raises, and `OfferGone` where that one is not
    on the table any more.
    """
    require_internal(session, actor)
    request = repository.locked(session, workspace_id=actor.workspace_id, request_id=request_id)
    _require_offers(session, actor, request, revision)
    if number != request.offer_round:
        raise OfferGone(request.reference)
    reason = without_controls(reason).strip()
    # The ball first: its hand-over is a statement, which would write a half-changed request before it.
    ball.hand_to(session, actor, request, request.decider_id)
    request.state = State.UNDER_REVIEW
    history.record(session, actor, request, EventKind.OFFERS_REFUSED, round=number, reason=reason)
    changed(session, actor, request)
    say(session, actor, request, OFFERS_REFUSED, key=str(number), round=number, reason=reason)
    return request


def mark_over(session: Session, now: datetime) -> int:
    """Have the cards drawn anew whose options' time is over; returns how many options that were.

    Called by the clock, in any number of processes: each option is marked once. That an option is over follows from
    its time alone, marked or not.
    """
    marked = 0
    for workspace_id, request_id in offers.over(session, now, MOST_AT_ONCE):
        request = repository.locked(session, workspace_id=workspace_id, request_id=request_id)
        found = offers.unmarked(session, request, now)
        for offer in found:
            offer.lapsed_at = now
        marked += len(found)
        if found and request.state is State.COUNTERED:
            session.flush()
            _tell_over(session, Actor(workspace_id, request.decider_id, now), request)
    return marked


def require_offerable(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> ChangeRequest:
    """The request, if this person may make an offer on it now.

    Raises `NoSuchRequest`, `AlreadyDecided`, `NotWaiting`, `OwnRequest`, `NotTheDecider`, `Outdated`,
    `ExternalPerson`, `UnknownPerson`.
    """
    return deciding.require_decidable(session, actor, request_id=request_id, revision=revision)


def require_offers(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> ChangeRequest:
    """The request, if options lie before this person.

    Raises `NoSuchRequest`, `NotTheRequester`, `AlreadyDecided`, `NotWaiting`, `OfferGone`, `Outdated`,
    `ExternalPerson`, `UnknownPerson`.
    """
    require_internal(session, actor)
    request = repository.row(session, workspace_id=actor.workspace_id, request_id=request_id)
    _require_offers(session, actor, request, revision)
    return request


def _require_offers(session: Session, actor: Actor, request: ChangeRequest, revision: int) -> None:
    # Whoever was given the ball in the requester's place may choose too.
    if actor.person_id != request.ball_holder_id or request.state is not State.COUNTERED:
        require_requester(session, actor, request)
    require_still_waiting(session, request)
    require_revision(request, revision)
    if request.state is not State.COUNTERED:
        raise OfferGone(request.reference)


def _tell_over(session: Session, actor: Actor, request: ChangeRequest) -> None:
    changed(session, actor, request)
    left = offers.of_round(
        session, workspace_id=request.workspace_id, request_id=request.id, number=request.offer_round
    )
    if all(option.is_over for option in left):
        number = request.offer_round
        say(session, actor, request, OFFERS_OVER, key=str(number), round=number)


def _check(
    session: Session,
    actor: Actor,
    request: ChangeRequest,
    options: Sequence[Option],
    due_on: date | None,
    zone: ZoneInfo,
) -> None:
    agreed = portfolio.agreed(session, workspace_id=actor.workspace_id, project_id=request.project_id)
    rate_minor = ledger.hourly_rate(agreed.budget_minor, agreed.minutes)
    project = session.get_one(Project, (request.workspace_id, request.project_id))
    client = session.get_one(Client, (request.workspace_id, project.client_id))
    today = actor.now.astimezone(zone).date()
    wrong = [WrongField("what_a", Missing())] if not options else []
    for position, option in enumerate(options[:MOST_OPTIONS], start=1):
        found = _wrong_words(option, due_on, today)
        figures = _figures(option, due_on)
        found += wrong_figures(figures, rate_minor=rate_minor, due_on=due_on)
        if option.funding is Funding.GOODWILL:
            found += wrong_goodwill(session, actor, client, option.minutes)
        wrong += [WrongField(field_of(it.field, position), it.why) for it in found]
    if wrong:
        raise WrongFields(wrong)


def field_of(field: str, position: int) -> str:
    """What one of the fields of one option is called: `hours_b`."""
    # The delay of an option is said as a day.
    field = "day" if field == "delay" else field
    return f"{field}_{letter_of(position).lower()}"


def _wrong_words(option: Option, due_on: date | None, today: date) -> list[WrongField]:
    wrong: list[WrongField] = []

    def refuse(field: str, why: Refusal) -> None:
        wrong.append(WrongField(field, why))

    if not option.what:
        refuse("what", Missing())
    if option.funding is Funding.SWAP:
        refuse("funding", NotAnOption())
    if option.valid_until is None:
        refuse("until", Missing())
    elif option.valid_until < today:
        refuse("until", InThePast(option.valid_until))
    if option.day is not None and due_on is not None and option.day < due_on:
        refuse("day", TooEarly(due_on))
    elif option.day is not None and option.day < today:
        refuse("day", InThePast(option.day))
    return wrong


def _figures(option: Option, due_on: date | None) -> Figures:
    later = (option.day - due_on).days if option.day is not None and due_on is not None else 0
    return Figures(option.minutes, option.fee_minor, max(0, later), {option.funding: option.minutes})


def _offer(
    actor: Actor,
    request: ChangeRequest,
    option: Option,
    round_: int,
    position: int,
    due_on: date | None,
    zone: ZoneInfo,
) -> Offer:
    assert option.valid_until is not None, "a missing day is a wrong field"
    figures = _figures(option, due_on)
    return Offer(
        workspace_id=request.workspace_id,
        id=new_id(),
        request_id=request.id,
        round=round_,
        position=position,
        revision=request.revision,
        offered_by=actor.person_id,
        offered_at=actor.now,
        what=option.what,
        minutes=figures.minutes,
        fee_minor=figures.fee_minor,
        delay_days=figures.delay_days,
        ready_on=option.day if due_on is None else None,
        funding=option.funding,
        valid_until=option.valid_until,
        expires_at=end_of_day(option.valid_until, zone),
    )


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a calendar day is over in a zone."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)


def _as_facts(offer: Offer) -> dict[str, Any]:
    return {
        "what": offer.what,
        "minutes": offer.minutes,
        "fee_minor": offer.fee_minor,
        "delay_days": offer.delay_days,
        "ready_on": offer.ready_on.isoformat() if offer.ready_on else None,
        "funding": str(offer.funding),
        "valid_until": offer.valid_until.isoformat(),
    }
