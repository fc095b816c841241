"""Queries for the card of a request: everything it shows, and where it stands in Slack."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, Uuid, and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from bot.db.records import records
from bot.ledger.models import Funding
from bot.ledger.repository import accepted_on, parts_of
from bot.ledger.service import hourly_rate
from bot.outbox.models import Posting
from bot.people import repository as people
from bot.people.models import Person
from bot.portfolio import repository as portfolio
from bot.requests.afterwards.bridges import Bridge, bridge_of
from bot.requests.afterwards.cleared import appeal_of, cleared_decisions
from bot.requests.afterwards.linked import linked_duplicates, linked_original
from bot.requests.announcing import CARD
from bot.requests.bargaining import conditions, first_yes, offers, questions
from bot.requests.facts import CardFacts, DecisionFacts, FirstYes, PersonName
from bot.requests.models import ChangeRequest, Decision, Outcome
from bot.requests.refusals import NoSuchRequest
from bot.requests.timing.clocks import clock_of

_requester, _decider, _holder = aliased(Person), aliased(Person), aliased(Person)
_decided_by = aliased(Person)


def card_facts(session: Session, *, workspace_id: str, request_id: UUID) -> CardFacts:
    """Load everything a card shows: three queries, and a fourth once it is decided.

    Raises `NoSuchRequest`.
    """
    found = records(session, _REQUEST_WITH_NAMES, {"workspace_id": workspace_id, "request_id": request_id})
    if not found:
        raise NoSuchRequest(reference=str(request_id))
    request, decision, requester, decider, holder, decided_by = found[0]
    project = portfolio.facts(session, workspace_id=workspace_id, project_id=request.project_id)
    assert project is not None, "a request refers to its project"
    return CardFacts(
        workspace_id=workspace_id,
        id=request.id,
        reference=request.reference,
        revision=request.revision,
        version=request.version,
        state=request.state,
        title=request.title,
        details=request.details,
        reason=request.reason,
        promise=request.promise,
        needed_by=request.needed_by,
        estimated_minutes=request.estimated_minutes,
        source_url=request.source_url,
        answer_owed_on=request.answer_owed_on,
        client_told_at=request.client_told_at,
        submitted_at=request.submitted_at,
        closed_at=request.closed_at,
        requester=PersonName(request.requester_id, requester),
        decider=PersonName(request.decider_id, decider),
        ball=PersonName(request.ball_holder_id, holder) if request.ball_holder_id else None,
        project_id=project.id,
        project=project.name,
        project_key=project.key,
        channel_id=project.channel_id,
        client=project.client_name,
        contact=project.contact_name,
        currency=project.currency,
        agreed_minutes=project.agreed_minutes,
        agreed_budget_minor=project.agreed_budget_minor,
        rate_minor=hourly_rate(project.agreed_budget_minor, project.agreed_minutes),
        due_on=project.due_on,
        goodwill_limit=project.goodwill_minutes,
        accepted=accepted_on(session, workspace_id=workspace_id, project_id=project.id),
        decision=_decision_facts(session, decision, decided_by),
        manager_id=project.pm_id,
        client_answer=request.client_answer,
        answer_valid_until=request.answer_valid_until,
        actual_minutes=request.actual_minutes,
        question=questions.newest(session, request) if request.awaits_decision else None,
        promise_at=request.promise_at,
        language=project.language,
        cleared=cleared_decisions(session, request),
        appeal=appeal_of(session, request) if request.awaits_decision else None,
        duplicate_of=linked_original(session, request),
        duplicates=linked_duplicates(session, request),
        is_appealed=request.appealed_from is not None,
        priority=request.priority,
        clock=clock_of(session, request),
        rounds=request.revision
        - 1
        + request.question_count
        + request.cleared_count
        + request.offer_round
        + request.condition_count,
        offer_round=request.offer_round,
        swapped_for=_swapped_for(session, request),
        condition=conditions.on_card(session, request, decision),
        offers=offers.on_card(session, request, decided_at=decision and decision.decided_at),
        first_yes=_first_yes(session, request) if request.awaits_decision else None,
        ball_for=_named(session, workspace_id, request.ball_for_id),
    )


def card_place(session: Session, *, workspace_id: str, request_id: UUID) -> tuple[str, str] | None:
    """Where the card of a request stands in its channel (channel, ts); none until it is posted."""
    found = session.execute(
        select(Posting.channel_id, Posting.ts)
        .where(
            Posting.workspace_id == workspace_id,
            Posting.subject_id == request_id,
            Posting.kind == CARD,
            ~Posting.is_gone,
        )
        .order_by(Posting.id)
        .limit(1)
    ).one_or_none()
    return None if found is None else (found.channel_id, found.ts)


def request_at(session: Session, *, workspace_id: str, channel_id: str, ts: str) -> UUID | None:
    """The request whose card is this message."""
    return session.scalar(
        select(Posting.subject_id).where(
            Posting.workspace_id == workspace_id,
            Posting.channel_id == channel_id,
            Posting.ts == ts,
            Posting.kind == CARD,
        )
    )


def _decision_facts(session: Session, decision: Decision | None, decided_by: str) -> DecisionFacts | None:
    if decision is None:
        return None
    return DecisionFacts(
        id=decision.id,
        outcome=decision.outcome,
        by=PersonName(decision.decided_by, decided_by),
        at=decision.decided_at,
        minutes=decision.minutes,
        fee_minor=decision.fee_minor,
        delay_days=decision.delay_days,
        due_on=decision.due_on,
        reason=decision.reason,
        split=_split(session, decision),
        bridge=_bridge(session, decision),
        on_behalf_of=_named(session, decision.workspace_id, decision.on_behalf_of),
        agreed_by=_named(session, decision.workspace_id, decision.approved_by),
        agreed_for=_named(session, decision.workspace_id, decision.approved_for),
    )


def _first_yes(session: Session, request: ChangeRequest) -> FirstYes | None:
    first = first_yes.standing(session, request)
    if first is None:
        return None
    by = _named(session, request.workspace_id, first.approved_by)
    assert by is not None, "somebody agreed"
    parts = [(Funding(funding), int(part)) for funding, part in first.split.items()]
    return FirstYes(
        by=by,
        on_behalf_of=_named(session, request.workspace_id, first.on_behalf_of),
        at=first.approved_at,
        minutes=first.minutes,
        fee_minor=first.fee_minor,
        delay_days=first.delay_days,
        split=tuple(sorted(parts, key=lambda part: -part[1])),
        above=first.above,
    )


def _named(session: Session, workspace_id: str, person_id: str | None) -> PersonName | None:
    """Somebody who is rarely there: asked for only when they are."""
    if person_id is None:
        return None
    return PersonName(person_id, people.name(session, workspace_id=workspace_id, person_id=person_id))


def _swapped_for(session: Session, request: ChangeRequest) -> str:
    if request.swapped_for_id is None:
        return ""
    return session.get_one(ChangeRequest, (request.workspace_id, request.swapped_for_id)).reference


def _split(session: Session, decision: Decision) -> tuple[tuple[Funding, int], ...]:
    if decision.outcome is Outcome.APPROVED_CONDITIONAL:
        return conditions.pending_split(session, decision)
    return parts_of(
        session,
        workspace_id=decision.workspace_id,
        request_id=decision.request_id,
        decision_id=decision.id,
    )


def _bridge(session: Session, decision: Decision) -> Bridge | None:
    if decision.outcome not in {Outcome.REJECTED, Outcome.DEFERRED}:
        return None
    return bridge_of(session, workspace_id=decision.workspace_id, decision_id=decision.id)


def _request_with_names() -> Select[*tuple[Any, ...]]:
    workspace_id = bindparam("workspace_id", type_=String)

    def person(alias: type[Person], reference: Any) -> ColumnElement[bool]:
        return and_(alias.workspace_id == workspace_id, alias.id == reference)

    standing = and_(
        Decision.workspace_id == workspace_id,
        Decision.request_id == ChangeRequest.id,
        Decision.cleared_at.is_(None),
    )
    return (
        select(
            ChangeRequest,
            Decision,
            _requester.name.label("requester"),
            _decider.name.label("decider"),
            _holder.name.label("holder"),
            _decided_by.name.label("decided_by"),
        )
        .join(_requester, person(_requester, ChangeRequest.requester_id))
        .join(_decider, person(_decider, ChangeRequest.decider_id))
        .outerjoin(_holder, person(_holder, ChangeRequest.ball_holder_id))
        .outerjoin(Decision, standing)
        .outerjoin(_decided_by, person(_decided_by, Decision.decided_by))
        .where(
            ChangeRequest.workspace_id == workspace_id,
            ChangeRequest.id == bindparam("request_id", type_=Uuid),
        )
    )


# Built once: a card is loaded for every press and every refresh, and building costs more than asking.
_REQUEST_WITH_NAMES = _request_with_names()
