"""Who may do what to a request now: asked by every use case, on the row it has just loaded."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from bot.people import repository as people
from bot.people.models import Actor
from bot.portfolio.models import Project
from bot.requests import repository
from bot.requests.models import ChangeRequest, State
from bot.requests.refusals import (
    AgreedAlready,
    AlreadyDecided,
    NotNow,
    NotTheDecider,
    NotTheManager,
    NotTheRequester,
    NotWaiting,
    Outdated,
    OwnRequest,
)
from bot.requests.routing.standing_in import StandIn, stand_in


def require_waiting(session: Session, request: ChangeRequest) -> None:
    """Refuse what no longer waits for a decision: `AlreadyDecided`, `NotWaiting`."""
    if request.awaits_decision:
        return
    decision = repository.standing_decision(session, workspace_id=request.workspace_id, request_id=request.id)
    if decision is not None:
        by = name_of(session, request, decision.decided_by)
        raise AlreadyDecided(request.reference, decision.outcome, by, decision.decided_at)
    by = name_of(session, request, request.requester_id)
    raise NotWaiting(request.reference, request.state, by, request.closed_at)


def require_state(request: ChangeRequest, *states: State) -> None:
    """Refuse what makes no sense where the request is now: `NotNow`."""
    if request.state not in states:
        raise NotNow(request.reference, request.state)


def require_revision(request: ChangeRequest, revision: int) -> None:
    """Refuse what was pressed on another revision than the request has now: `Outdated`."""
    if revision != request.revision:
        raise Outdated(reference=request.reference, shown=revision, current=request.revision)


def require_requester(session: Session, actor: Actor, request: ChangeRequest) -> None:
    """Refuse everybody but who logged the request, and who acts for them meanwhile: `NotTheRequester`."""
    if not stands_for_requester(session, actor, request):
        other = stand_in(session, request, request.requester_id, actor.now)
        name = name_of(session, request, request.requester_id)
        raise NotTheRequester(request.reference, name, *_named(other))


def stands_for_requester(session: Session, actor: Actor, request: ChangeRequest) -> bool:
    """Whether this person logged the request, or acts for who did meanwhile."""
    if actor.person_id == request.requester_id:
        return True
    other = stand_in(session, request, request.requester_id, actor.now)
    return other is not None and other.person_id == actor.person_id


def require_decider(session: Session, actor: Actor, request: ChangeRequest) -> None:
    """Refuse everybody but who decides the request, and who acts for them meanwhile: `OwnRequest`, `NotTheDecider`, `AgreedAlready`."""
    if actor.person_id == request.requester_id:
        raise OwnRequest(reference=request.reference, decider=name_of(session, request, request.decider_id))
    if actor.person_id == request.decider_id:
        return
    if actor.person_id == request.first_approver_id:
        raise AgreedAlready(request.reference, name_of(session, request, request.decider_id))
    other = stand_in(session, request, request.decider_id, actor.now)
    if other is None or other.person_id != actor.person_id:
        project = session.get_one(Project, (request.workspace_id, request.project_id))
        name = name_of(session, request, request.decider_id)
        raise NotTheDecider(request.reference, project.name, name, *_named(other))


def require_manager(session: Session, actor: Actor, request: ChangeRequest, project: Project) -> None:
    """Refuse everybody but who runs the project, and who acts for them meanwhile: `NotTheManager`."""
    if actor.person_id == project.pm_id:
        return
    other = stand_in(session, request, project.pm_id, actor.now)
    if other is None or other.person_id != actor.person_id:
        name = name_of(session, request, project.pm_id)
        raise NotTheManager(request.reference, project.name, name, *_named(other))


def may_decide(session: Session, actor: Actor, request: ChangeRequest) -> bool:
    """Whether it is for this person to decide, as far as who they are goes."""
    try:
        require_decider(session, actor, request)
    except (OwnRequest, NotTheDecider, AgreedAlready):
        return False
    return True


def require_right_to_decide(session: Session, actor: Actor, request: ChangeRequest, revision: int) -> None:
    """Refuse everything but the decider's decision on the revision that waits.

    Raises `AlreadyDecided`, `NotWaiting`, `OwnRequest`, `NotTheDecider`, `Outdated`.
    """
    require_waiting(session, request)
    require_decider(session, actor, request)
    require_revision(request, revision)


def name_of(session: Session, request: ChangeRequest, person_id: str) -> str:
    """What somebody of the request's workspace is called."""
    return people.name(session, workspace_id=request.workspace_id, person_id=person_id)


def _named(other: StandIn | None) -> tuple[str, date | None]:
    return ("", None) if other is None else (other.name, other.until)
