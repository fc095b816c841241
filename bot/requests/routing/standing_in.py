"""Who acts on a request in somebody's place: their delegate, as long as nobody comes to decide what they asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from bot.people import repository as people
from bot.people.models import Actor
from bot.people.standing_in import Away, away_now, follow
from bot.portfolio.models import Project
from bot.requests.models import ChangeRequest
from bot.requests.routing.authority import authorities_over


class Asked(Protocol):
    """As much of a request as is needed to know who acts on it: its row, or some columns of it."""

    @property
    def workspace_id(self) -> str:
        """The tenant."""

    @property
    def project_id(self) -> UUID:
        """Where it was asked."""

    @property
    def requester_id(self) -> str:
        """Who logged it."""

    @property
    def decider_id(self) -> str:
        """Who decides it."""

    @property
    def first_approver_id(self) -> str | None:
        """Who agreed first, where somebody else has to agree too."""

    @property
    def appealed_from(self) -> str | None:
        """Who declined what was appealed."""


@dataclass(frozen=True)
class StandIn:
    """Somebody acts for somebody else, by name, and until which day."""

    person_id: str
    name: str
    until: date | None


def who_acts(session: Session, request: Asked, person_id: str, at: datetime) -> str:
    """Whoever does what is a person's to do on a request at an instant: themselves, or who acts for them meanwhile.

    Nobody decides their own request, nor is given something to do on it as a delegate; nor does who declined it decide
    the appeal in somebody's place. Then the next authority does it, and without any it waits for the person.
    """
    away = away_now(session, workspace_id=request.workspace_id, at=at)
    return who_acts_among(session, request, person_id, away)


def who_acts_among(session: Session, request: Asked, person_id: str, away: Mapping[str, Away]) -> str:
    """The same, where it is known who is away."""
    if person_id not in away:
        return person_id
    acting = follow(away, person_id)
    barred = {request.requester_id, request.first_approver_id}
    if person_id == request.decider_id:
        barred.add(request.appealed_from)
    if person_id == request.requester_id or acting not in barred:
        return acting
    if request.first_approver_id is not None:
        # Two have to agree: where the delegate is one of them already, it waits for the other.
        return person_id
    authorities = authorities_over(session, workspace_id=request.workspace_id, project_id=request.project_id)
    others = (follow(away, authority) for authority in authorities if authority != person_id)
    return next((other for other in others if other not in barred), person_id)


def in_place_of(session: Session, request: Asked, by: str, at: datetime) -> str | None:
    """In whose place somebody decides: of who decides it and is away; none where it is, or once was, their own to decide."""
    whose = request.decider_id
    return whose if by != whose and who_acts(session, request, whose, at) == by else None


def acts_for(session: Session, actor: Actor, request: ChangeRequest) -> frozenset[str]:
    """Those with a part in a request for whom somebody acts now: who logged it, who decides it, who runs its project."""
    away = away_now(session, workspace_id=request.workspace_id, at=actor.now)
    project = session.get_one(Project, (request.workspace_id, request.project_id))
    parts = {request.requester_id, request.decider_id, project.pm_id} & away.keys()
    return frozenset(
        one
        for one in parts
        if one != actor.person_id and who_acts_among(session, request, one, away) == actor.person_id
    )


def stand_in(session: Session, request: Asked, person_id: str, at: datetime) -> StandIn | None:
    """Whoever acts for a person on a request now; none when they do so themselves."""
    away = away_now(session, workspace_id=request.workspace_id, at=at)
    acting = who_acts_among(session, request, person_id, away)
    if acting == person_id:
        return None
    name = people.name(session, workspace_id=request.workspace_id, person_id=acting)
    return StandIn(acting, name, away[person_id].until)
