"""The work after the yes, by the project's manager: begun, done with what it took, closed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from bot.errors import WrongField, WrongFields
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.portfolio.models import Client, Project
from bot.requests import history, repository
from bot.requests.afterwards.after_yes import pass_on
from bot.requests.announcing import changed
from bot.requests.approval_figures import MOST_MINUTES
from bot.requests.models import ChangeRequest, EventKind, State
from bot.requests.refusals import ClientNotTold, NotAccepted, TooMuch
from bot.requests.rights import name_of, require_manager, require_state


def start(session: Session, actor: Actor, *, request_id: UUID) -> ChangeRequest:
    """Write down that accepted work has begun.

    It may begin before the client has answered: what they should pay for is at risk until they do.
    Raises `NoSuchRequest`, `NotTheManager`, `NotNow`, `ExternalPerson`, `UnknownPerson`.
    """
    request = _held_by_manager(session, actor, request_id)
    require_state(request, State.APPROVED)
    request.state = State.IN_PROGRESS
    history.record(session, actor, request, EventKind.STARTED, answer=str(request.client_answer))
    changed(session, actor, request)
    return request


def delivered(
    session: Session, actor: Actor, *, request_id: UUID, actual_minutes: int | None = None
) -> ChangeRequest:
    """Write down that accepted work is done, and what it took; without `actual_minutes`, as much as was accepted.

    Where the client still owes an answer, the ball stays with whoever has to get it; else nobody has it any more.
    Raises what `require_deliverable` raises, and `WrongFields` (hours).
    """
    request = _held_by_manager(session, actor, request_id)
    minutes = _deliverable(session, request)
    if actual_minutes is not None:
        if not 0 <= actual_minutes <= MOST_MINUTES:
            raise WrongFields([WrongField("hours", TooMuch(most=MOST_MINUTES // 60))])
        minutes = actual_minutes
    request.state = State.IMPLEMENTED
    request.actual_minutes = minutes
    pass_on(session, actor, request)
    history.record(session, actor, request, EventKind.IMPLEMENTED, minutes=minutes)
    changed(session, actor, request)
    return request


def close(session: Session, actor: Actor, *, request_id: UUID) -> ChangeRequest:
    """Close what is done: nothing more is expected of it.

    Raises `NoSuchRequest`, `NotTheManager`, `NotNow`, `ClientNotTold` (while the client's answer is outstanding),
    `ExternalPerson`, `UnknownPerson`.
    """
    request = _held_by_manager(session, actor, request_id)
    require_state(request, State.IMPLEMENTED)
    if request.is_open:
        project = session.get_one(Project, (request.workspace_id, request.project_id))
        client = session.get_one(Client, (request.workspace_id, project.client_id))
        requester = name_of(session, request, request.requester_id)
        raise ClientNotTold(request.reference, client.name, requester)
    request.state = State.CLOSED
    history.record(session, actor, request, EventKind.CLOSED)
    changed(session, actor, request)
    return request


def require_deliverable(session: Session, actor: Actor, *, request_id: UUID) -> int:
    """The minutes that were accepted, if this person may say now that the work is done.

    Raises `NoSuchRequest`, `NotTheManager`, `NotAccepted`, `ExternalPerson`, `UnknownPerson`.
    """
    require_internal(session, actor)
    request = repository.row(session, workspace_id=actor.workspace_id, request_id=request_id)
    _require_manager(session, actor, request)
    return _deliverable(session, request)


def _held_by_manager(session: Session, actor: Actor, request_id: UUID) -> ChangeRequest:
    require_internal(session, actor)
    request = repository.locked(session, workspace_id=actor.workspace_id, request_id=request_id)
    _require_manager(session, actor, request)
    return request


def _require_manager(session: Session, actor: Actor, request: ChangeRequest) -> None:
    project = session.get_one(Project, (request.workspace_id, request.project_id))
    require_manager(session, actor, request, project)


def _deliverable(session: Session, request: ChangeRequest) -> int:
    decision = repository.standing_decision(session, workspace_id=request.workspace_id, request_id=request.id)
    if request.state not in {State.APPROVED, State.IN_PROGRESS} or decision is None:
        raise NotAccepted(request.reference, request.state)
    return decision.minutes
