"""Somebody works at other times from now on: what waits on them is due in these."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from bot.people.hours import WorkingTime, change_hours, workspace_and_hours
from bot.people.models import Actor, Person
from bot.requests.announcing import changed
from bot.requests.models import BallInterval, ChangeRequest
from bot.requests.timing.targets import (
    Duty,
    duty_of,
    note_due,
    notice_of,
    something_follows,
    start_clock,
    target_of,
)


def change_own_hours(session: Session, actor: Actor, *, theirs: WorkingTime) -> Person:
    """Somebody says when they work; their answers that are awaited are due in these hours, and the cards say so.

    Raises what `change_hours` raises: `ExternalPerson`, `UnknownPerson`, `WrongFields` (days, to, holidays).
    """
    person = change_hours(session, actor, theirs=theirs)
    # When people work is asked past the session.
    session.flush()
    workspace, among = workspace_and_hours(
        session, workspace_id=actor.workspace_id, ids=[person.id], now=actor.now
    )
    hours = among[person.id]
    for request, since in _on_the_clock_of(session, actor.workspace_id, person.id):
        duty = duty_of(request)
        if duty is None:
            continue
        start_clock(request, person.id, duty, request.goes_to_id, hours, workspace, since)
        if request.reminded_at is not None:
            # Reminded they were; they keep at least as long as a reminder leaves them.
            notice = hours.add(actor.now, notice_of(target_of(workspace, request.priority)))
            request.due_at = max(request.due_at or notice, notice)
            is_passed_on = duty is Duty.DECIDE and something_follows(request)
            request.clock_next_at = request.due_at if is_passed_on else None
        note_due(session, request)
        changed(session, actor, request)
    return person


def _on_the_clock_of(
    session: Session, workspace_id: str, holder: str
) -> list[tuple[ChangeRequest, datetime]]:
    """What somebody has to answer, held, always in the same order; and since when they have the ball."""
    rows = session.execute(
        select(ChangeRequest, BallInterval.since)
        .join(
            BallInterval,
            and_(
                BallInterval.workspace_id == workspace_id,
                BallInterval.request_id == ChangeRequest.id,
                BallInterval.until.is_(None),
            ),
        )
        .where(
            ChangeRequest.workspace_id == workspace_id,
            ChangeRequest.ball_holder_id == holder,
            ChangeRequest.is_open.is_(True),
            ChangeRequest.due_at.is_not(None),
        )
        .order_by(ChangeRequest.id)
        .with_for_update(of=ChangeRequest, key_share=True)
        .execution_options(populate_existing=True)
    )
    return [(request, since) for request, since in rows]
