"""The tick of the clock: reminds whoever has the ball, passes it on, and reminds the AM of answers that are owed.

It may run in any number of processes. Each call deals with one request, whose row it holds: the next thing that is
due of it is moved on in the same transaction, so nothing happens twice, and a process that dies leaves it due.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.people.hours import hours_of, workspace_and_hours
from bot.people.models import Actor, by_the_clock
from bot.people.working_time import WorkingHours
from bot.reminders import repository
from bot.requests import ball, history
from bot.requests.announcing import changed, say
from bot.requests.models import ChangeRequest, EventKind, Priority
from bot.requests.timing.targets import (
    Duty,
    duty_of,
    next_owed_reminder,
    notice_of,
    something_follows,
    target_of,
    who_is_next,
)

log = logging.getLogger(__name__)

# What Handoff says of its own accord; `slack/delivery` knows how each is rendered.
REMINDER = "reminder"
ESCALATED = "escalated"
YOURS_NOW = "yours_now"
STILL_THEIRS = "still_theirs"
ANSWER_OWED = "answer_owed"
NUDGE = "nudge"

# What fails by a mistake of ours is tried again so much later; everything else goes on.
AFTER_A_FAILURE = timedelta(hours=1)


def remind_due(session: Session, now: datetime) -> bool:
    """Deal with one request of which something is due; whether there was one: then there may be more.

    Whoever has the ball is reminded once, in their working hours, before their answer is due; when it does not come, the
    ball goes to the next authority, once. The AM is reminded of an answer owed to the client on the working day
    before, and on the day.
    """
    request = repository.next_due(session, now=now)
    if request is not None:
        _tolerating(session, request, now, _about_the_ball, "clock_next_at")
        return True
    request = repository.next_owed(session, now=now)
    if request is not None:
        _tolerating(session, request, now, _about_the_client, "owed_remind_at")
        return True
    return False


def _about_the_ball(session: Session, actor: Actor, request: ChangeRequest) -> None:
    duty = duty_of(request)
    if duty is None or request.due_at is None or request.ball_holder_id is None:
        request.clock_next_at = None
    elif request.reminded_at is None:
        _remind(session, actor, request, request.ball_holder_id, request.due_at)
    elif duty is Duty.DECIDE and actor.now >= request.due_at:
        _pass_on(session, actor, request, request.ball_holder_id)
    else:
        is_to_come = something_follows(request) and actor.now < request.due_at
        request.clock_next_at = request.due_at if is_to_come else None


def _remind(session: Session, actor: Actor, request: ChangeRequest, holder: str, due_at: datetime) -> None:
    workspace, among = workspace_and_hours(
        session, workspace_id=request.workspace_id, ids=[holder], now=actor.now
    )
    hours = among[holder]
    if not _may_write(request, hours, actor.now):
        request.clock_next_at = hours.next_start(actor.now)
        return
    if actor.now >= due_at:
        # Nobody ran this clock for a while. Nobody loses the ball without having been reminded of it.
        notice = notice_of(target_of(workspace, request.priority))
        due_at = request.due_at = hours.add(actor.now, notice)
    request.reminded_at = actor.now
    request.clock_next_at = due_at if something_follows(request) else None
    changed(session, actor, request)
    say(
        session,
        actor,
        request,
        REMINDER,
        destination=holder,
        key=f"{holder}:{actor.now.isoformat()}",
        to=holder,
    )


def _pass_on(session: Session, actor: Actor, request: ChangeRequest, holder: str) -> None:
    """The answer did not come: the next authority decides. Those who could may have changed since it was printed."""
    following = who_is_next(session, request, holder)
    due_at = request.due_at
    if following is None:
        request.clock_next_at = request.goes_to_id = None
        changed(session, actor, request)
        if request.first_approver_id is not None:
            at = due_at.timestamp() if due_at else None
            say(session, actor, request, STILL_THEIRS, key=f"{holder}:{at}", holder=holder, due_at=at)
        return
    # The ball first: its hand-over is a statement, which would write a half-changed request before it.
    ball.hand_to(session, actor, request, following)
    # It stays with them: a change of the set-up does not send it back to who did not answer.
    request.decider_id, request.is_assigned = following, True
    # Another ball, even where the same person acts for who has it now.
    request.clock_of = None
    event = history.record(
        session,
        actor,
        request,
        EventKind.ESCALATED,
        before=holder,
        decider=following,
        due_at=due_at.isoformat() if due_at else None,
    )
    changed(session, actor, request)
    key = str(event.position)
    to = request.ball_holder_id
    facts: dict[str, Any] = {"before": holder, "to": to, "due_at": due_at.timestamp() if due_at else None}
    say(session, actor, request, ESCALATED, key=key, **facts)
    say(session, actor, request, YOURS_NOW, destination=to, key=key, **facts)


def _about_the_client(session: Session, actor: Actor, request: ChangeRequest) -> None:
    if request.client_told_at is not None or not request.is_open:
        request.owed_remind_at = None
        return
    am = request.requester_id
    hours = hours_of(session, workspace_id=request.workspace_id, person_id=am, now=actor.now)
    if not _may_write(request, hours, actor.now):
        request.owed_remind_at = hours.next_start(actor.now)
        return
    request.owed_remind_at = next_owed_reminder(request.answer_owed_on, hours, actor.now)
    say(session, actor, request, ANSWER_OWED, destination=am, key=actor.now.isoformat())


def _may_write(request: ChangeRequest, hours: WorkingHours, now: datetime) -> bool:
    return request.priority is Priority.URGENT or hours.is_working(now)


def _tolerating(
    session: Session,
    request: ChangeRequest,
    now: datetime,
    step: Callable[[Session, Actor, ChangeRequest], None],
    column: str,
) -> None:
    """Take a step; should it fail by a mistake of ours, what is due of the others still happens."""
    reference = request.reference
    try:
        with session.begin_nested():
            step(session, by_the_clock(request.workspace_id, now), request)
    except SQLAlchemyError:
        raise
    except Exception:
        log.exception("the clock of %s failed", reference)
        setattr(request, column, now + AFTER_A_FAILURE)
