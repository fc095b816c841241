"""What cards show of the clock that `targets` keeps."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.people import repository as people
from bot.requests.facts import BallClock, PersonName
from bot.requests.models import ChangeRequest


def clock_of(session: Session, request: ChangeRequest) -> BallClock | None:
    """The rule that a card prints; asks for one name where the ball would go to somebody, and else nothing."""
    if request.due_at is None:
        return None
    goes_to = None
    if request.goes_to_id is not None:
        name = people.name(session, workspace_id=request.workspace_id, person_id=request.goes_to_id)
        goes_to = PersonName(request.goes_to_id, name)
    return BallClock(request.due_at, goes_to, request.reminded_at)
