"""Queries for the options of counter-offers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, and_, select
from sqlalchemy.orm import Session, aliased

from bot.people.models import Person
from bot.requests.bargaining.offer_models import Offer
from bot.requests.facts import OfferFacts, PersonName
from bot.requests.models import ChangeRequest, State
from bot.workspaces.installations import is_at_work

_offerer, _taker = aliased(Person), aliased(Person)


def row(session: Session, request: ChangeRequest, offer_id: UUID) -> Offer | None:
    """One option of a request; none where it has no such option."""
    return session.scalar(
        select(Offer).where(
            Offer.workspace_id == request.workspace_id,
            Offer.request_id == request.id,
            Offer.id == offer_id,
        )
    )


def of_round(session: Session, *, workspace_id: str, request_id: UUID, number: int) -> tuple[OfferFacts, ...]:
    """The options of one counter-offer, in their order."""
    found = session.execute(
        select(Offer, _offerer.name.label("offerer"), _taker.name.label("taker"))
        .join(_offerer, and_(_offerer.workspace_id == workspace_id, _offerer.id == Offer.offered_by))
        .outerjoin(_taker, and_(_taker.workspace_id == workspace_id, _taker.id == Offer.taken_by))
        .where(Offer.workspace_id == workspace_id, Offer.request_id == request_id, Offer.round == number)
        .order_by(Offer.position)
    )
    return tuple(_facts(row) for row in found)


def on_card(
    session: Session, request: ChangeRequest, *, decided_at: datetime | None
) -> tuple[OfferFacts, ...]:
    """The options on the table; once decided, the one that was taken, if the decision came from it."""
    if not request.offer_round or (request.state is not State.COUNTERED and decided_at is None):
        return ()
    options = of_round(
        session, workspace_id=request.workspace_id, request_id=request.id, number=request.offer_round
    )
    if request.state is State.COUNTERED:
        return options
    return tuple(option for option in options if option.taken_at == decided_at)


def over(session: Session, now: datetime, limit: int) -> Sequence[tuple[str, UUID]]:
    """Requests (workspace, id) that have options whose time is over and was not marked yet, longest over first."""
    due = (
        select(Offer.workspace_id, Offer.request_id)
        .where(Offer.lapsed_at.is_(None), Offer.expires_at <= now, is_at_work(Offer.workspace_id))
        .order_by(Offer.expires_at, Offer.request_id)
        .limit(limit)
    )
    return list(dict.fromkeys((row.workspace_id, row.request_id) for row in session.execute(due)))


def unmarked(session: Session, request: ChangeRequest, now: datetime) -> list[Offer]:
    """The options of a request whose time is over and was not marked yet."""
    return list(
        session.scalars(
            select(Offer)
            .where(
                Offer.workspace_id == request.workspace_id,
                Offer.request_id == request.id,
                Offer.lapsed_at.is_(None),
                Offer.expires_at <= now,
            )
            .order_by(Offer.id)
        )
    )


def _facts(found: Row[Offer, str, str]) -> OfferFacts:
    offer: Offer = found.Offer
    return OfferFacts(
        id=offer.id,
        round=offer.round,
        position=offer.position,
        by=PersonName(offer.offered_by, found.offerer),
        what=offer.what,
        minutes=offer.minutes,
        fee_minor=offer.fee_minor,
        delay_days=offer.delay_days,
        ready_on=offer.ready_on,
        funding=offer.funding,
        valid_until=offer.valid_until,
        is_over=offer.lapsed_at is not None,
        taken_by=PersonName(offer.taken_by, found.taker) if offer.taken_by else None,
        taken_at=offer.taken_at,
    )
