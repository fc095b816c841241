"""What cards show of the clock that `targets` keeps."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.people import repository as people
from bot.people.hours import hours_of
from bot.people.working_time import WorkingHours
from bot.requests.facts import BallClock, PersonName
from bot.requests.models import ChangeRequest

# Working minutes of whoever has the ball.
NUDGE_EVERY = 4 * 60


def clock_of(session: Session, request: ChangeRequest) -> BallClock | None:
    """The rule that a card prints; asks for one name where the ball would go to somebody, and else nothing."""
    if request.due_at is None:
        return None
    goes_to = None
    if request.goes_to_id is not None:
        name = people.name(session, workspace_id=request.workspace_id, person_id=request.goes_to_id)
        goes_to = PersonName(request.goes_to_id, name)
    return BallClock(request.due_at, goes_to, request.reminded_at)


def nudge_again_at(request: ChangeRequest, hours: WorkingHours) -> datetime | None:
    """When whoever has the ball (`hours` are theirs) may be nudged again; none if they were not nudged yet."""
    if request.nudged_at is None or request.nudged_id != request.ball_holder_id:
        return None
    return hours.add(request.nudged_at, NUDGE_EVERY)


def nudge_from(session: Session, request: ChangeRequest, now: datetime) -> datetime | None:
    """Before which instant a nudge would be refused now; none when it would not be."""
    if request.nudged_at is None or request.ball_holder_id is None:
        return None
    hours = hours_of(session, workspace_id=request.workspace_id, person_id=request.ball_holder_id, now=now)
    again_at = nudge_again_at(request, hours)
    return again_at if again_at is not None and now < again_at else None
