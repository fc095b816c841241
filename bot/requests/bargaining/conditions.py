"""Queries for what acceptances depend on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from bot.ledger.models import Funding
from bot.people.models import Person
from bot.requests.bargaining.condition_models import Condition, SwapPart
from bot.requests.facts import ConditionFacts, PersonName, SwapFacts
from bot.requests.models import ChangeRequest, Decision, Outcome
from bot.workspaces.installations import is_at_work

_confirmer, _settler = aliased(Person), aliased(Person)


def newest(session: Session, request: ChangeRequest) -> Condition | None:
    """The newest condition of a request."""
    return session.scalar(
        select(Condition)
        .where(
            Condition.workspace_id == request.workspace_id,
            Condition.request_id == request.id,
            Condition.number == request.condition_count,
        )
        # What the session read before the request was held may be older than the row.
        .execution_options(populate_existing=True)
    )


def split_of(condition: Condition) -> dict[Funding, int]:
    """Who would pay for how many minutes."""
    return {Funding(funding): int(minutes) for funding, minutes in condition.split.items()}


def pending_split(session: Session, decision: Decision) -> tuple[tuple[Funding, int], ...]:
    """The same for a decision that depends on one, largest part first."""
    split = session.scalar(
        select(Condition.split).where(
            Condition.workspace_id == decision.workspace_id, Condition.decision_id == decision.id
        )
    )
    parts = [(Funding(funding), int(minutes)) for funding, minutes in (split or {}).items()]
    return tuple(sorted(parts, key=lambda part: -part[1]))


def on_card(session: Session, request: ChangeRequest, decision: Decision | None) -> ConditionFacts | None:
    """The condition that the decision depends on, or came from."""
    if not request.condition_count or decision is None:
        return None
    found = of_number(
        session,
        workspace_id=request.workspace_id,
        request_id=request.id,
        number=request.condition_count,
    )
    if found is None:
        return None
    waits = decision.outcome is Outcome.APPROVED_CONDITIONAL
    return found if waits or found.settled_at == decision.decided_at else None


def of_number(session: Session, *, workspace_id: str, request_id: UUID, number: int) -> ConditionFacts | None:
    """One condition of a request, with what goes out for it."""
    found = session.execute(
        select(Condition, _confirmer.name.label("confirmer"), _settler.name.label("settler"))
        .join(
            _confirmer, and_(_confirmer.workspace_id == workspace_id, _confirmer.id == Condition.confirmer_id)
        )
        .outerjoin(_settler, and_(_settler.workspace_id == workspace_id, _settler.id == Condition.settled_by))
        .where(
            Condition.workspace_id == workspace_id,
            Condition.request_id == request_id,
            Condition.number == number,
        )
    ).one_or_none()
    if found is None:
        return None
    condition: Condition = found.Condition
    return ConditionFacts(
        number=condition.number,
        kind=condition.kind,
        text=condition.text,
        confirmer=PersonName(condition.confirmer_id, found.confirmer),
        due_on=condition.due_on,
        outcome=condition.outcome,
        settled_at=condition.settled_at,
        settled_by=PersonName(condition.settled_by, found.settler) if condition.settled_by else None,
        reason=condition.reason,
        out=out(session, condition),
    )


def due(session: Session, now: datetime, limit: int) -> Sequence[tuple[str, UUID]]:
    """Requests (workspace, id) whose condition was not confirmed in time, longest over first."""
    rows = session.execute(
        select(Condition.workspace_id, Condition.request_id)
        .join(
            Decision,
            and_(Decision.workspace_id == Condition.workspace_id, Decision.id == Condition.decision_id),
        )
        .where(
            Condition.settled_at.is_(None),
            Condition.expires_at <= now,
            Decision.cleared_at.is_(None),
            is_at_work(Condition.workspace_id),
        )
        .order_by(Condition.expires_at, Condition.request_id)
        .limit(limit)
    )
    return [(row.workspace_id, row.request_id) for row in rows]


def parts_of(session: Session, condition: Condition) -> list[SwapPart]:
    """What goes out for a swap, in the order in which it was named."""
    return list(
        session.scalars(
            select(SwapPart)
            .where(SwapPart.workspace_id == condition.workspace_id, SwapPart.condition_id == condition.id)
            .order_by(SwapPart.id)
        )
    )


def out(session: Session, condition: Condition) -> tuple[SwapFacts, ...]:
    """The same as colleagues and the client read it."""
    rows: Any = session.execute(
        select(SwapPart, ChangeRequest.reference, ChangeRequest.title)
        .outerjoin(
            ChangeRequest,
            and_(
                ChangeRequest.workspace_id == SwapPart.workspace_id,
                ChangeRequest.id == SwapPart.out_request_id,
            ),
        )
        .where(SwapPart.workspace_id == condition.workspace_id, SwapPart.condition_id == condition.id)
        .order_by(SwapPart.id)
    )
    return tuple(
        SwapFacts(
            request_id=part.out_request_id,
            name=f"{reference} · {title}" if reference else part.text,
            title=title or part.text,
            minutes=part.minutes,
        )
        for part, reference, title in rows
    )
