"""The AM asks whoever has the ball how it stands: one private line, now and then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.errors import Refusal
from bot.people.hours import hours_of
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.people.standing_in import away_now, over_at
from bot.reminders.service import NUDGE
from bot.requests import history, repository
from bot.requests.announcing import say
from bot.requests.models import EventKind, Priority
from bot.requests.rights import name_of, require_requester
from bot.requests.timing.clocks import nudge_again_at


@dataclass(unsafe_hash=True)
class NobodyToNudge(Refusal):
    """The ball is with who asks, or nobody has to act any more."""

    reference: str
    is_yours: bool


@dataclass(unsafe_hash=True)
class NudgedAlready(Refusal):
    """Whoever has the ball was nudged a short while ago."""

    reference: str
    holder: str
    again_at: datetime


@dataclass(frozen=True)
class Nudged:
    """Who is asked, and when they read it: not before they work again, unless it is urgent."""

    reference: str
    holder: str
    reads_at: datetime | None


def nudge(session: Session, actor: Actor, *, request_id: UUID) -> Nudged:
    """Ask whoever has the ball, once in four of their working hours; for who logged the request.

    Raises `NoSuchRequest`, `NotTheRequester`, `NobodyToNudge`, `NudgedAlready`, `ExternalPerson`, `UnknownPerson`.
    """
    require_internal(session, actor)
    request = repository.locked(session, workspace_id=actor.workspace_id, request_id=request_id)
    require_requester(session, actor, request)
    holder = request.ball_holder_id
    if holder is None or holder == actor.person_id:
        raise NobodyToNudge(request.reference, is_yours=holder is not None)
    name = name_of(session, request, holder)
    hours = hours_of(session, workspace_id=request.workspace_id, person_id=holder, now=actor.now)
    again_at = nudge_again_at(request, hours)
    if again_at is not None and actor.now < again_at:
        raise NudgedAlready(request.reference, name, again_at)
    request.nudged_at, request.nudged_id = actor.now, holder
    history.record(session, actor, request, EventKind.NUDGED, holder=holder)
    say(
        session,
        actor,
        request,
        NUDGE,
        destination=holder,
        key=actor.now.isoformat(),
        by=actor.person_id,
        to=holder,
    )
    if request.priority is Priority.URGENT:
        return Nudged(request.reference, name, None)
    away = away_now(session, workspace_id=request.workspace_id, at=actor.now).get(holder)
    if away is not None:
        # Nobody could act for them: they read it once they are back.
        back_at = over_at(away.until, ZoneInfo(hours.zone))
        return Nudged(request.reference, name, hours.next_start(back_at))
    waits = not hours.is_working(actor.now)
    return Nudged(request.reference, name, hours.next_start(actor.now) if waits else None)
