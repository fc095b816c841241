"""Queries for what was and no longer is: decisions that were taken back, and the changes of a revision."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from bot.people.models import Person
from bot.requests.facts import AppealFacts, ClearedDecision, PastEvent, PersonName
from bot.requests.models import ChangeRequest, Decision, Event, EventKind

# As many as one line on a card holds; all of them are in the history.
SHOWN = 3


def cleared_decisions(session: Session, request: ChangeRequest) -> tuple[ClearedDecision, ...]:
    """The newest decisions on a request that no longer stand."""
    if not request.cleared_count:
        return ()
    rows = session.execute(
        select(Decision, Person.name)
        .join(Person, and_(Person.workspace_id == Decision.workspace_id, Person.id == Decision.decided_by))
        .where(
            Decision.workspace_id == request.workspace_id,
            Decision.request_id == request.id,
            Decision.cleared_at.is_not(None),
        )
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
        .limit(SHOWN)
    )
    return tuple(
        ClearedDecision(decision.outcome, PersonName(decision.decided_by, name), decision.decided_at)
        for decision, name in rows
    )


def appeal_of(session: Session, request: ChangeRequest) -> AppealFacts | None:
    """What the appeal of a request says."""
    if request.appealed_from is None:
        return None
    found = session.execute(
        select(Event, Person.name)
        .join(Person, and_(Person.workspace_id == Event.workspace_id, Person.id == Event.actor_id))
        .where(
            Event.workspace_id == request.workspace_id,
            Event.request_id == request.id,
            Event.kind == EventKind.APPEALED,
        )
    ).first()
    if found is None:
        return None
    event, name = found
    return AppealFacts(PersonName(event.actor_id, name), str(event.facts.get("facts") or ""))


def event_at(session: Session, *, workspace_id: str, request_id: UUID, position: int) -> PastEvent | None:
    """One event of a request's history."""
    found = session.execute(
        select(Event, Person.name)
        .join(Person, and_(Person.workspace_id == Event.workspace_id, Person.id == Event.actor_id))
        .where(Event.workspace_id == workspace_id, Event.request_id == request_id, Event.position == position)
    ).one_or_none()
    if found is None:
        return None
    event, name = found
    return PastEvent(event.kind, PersonName(event.actor_id, name), event.at, event.facts, event.hash)
