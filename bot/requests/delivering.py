"""After the yes: what was accepted is done, and nobody has to act on it any more."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from bot.people.models import Actor
from bot.people.service import require_internal
from bot.portfolio.models import Client, Project
from bot.requests import ball, history, repository
from bot.requests.announcing import changed
from bot.requests.models import ChangeRequest, EventKind, State
from bot.requests.refusals import ClientNotTold, NotAccepted
from bot.requests.rights import name_of, require_manager


def delivered(session: Session, actor: Actor, *, request_id: UUID) -> ChangeRequest:
    """Write down that accepted work is done: the request is closed to everybody.

    Raises `NoSuchRequest`, `NotTheManager`, `NotAccepted`, `ClientNotTold`, `ExternalPerson`, `UnknownPerson`.
    """
    require_internal(session, actor)
    request = repository.locked(session, workspace_id=actor.workspace_id, request_id=request_id)
    project = session.get_one(Project, (request.workspace_id, request.project_id))
    require_manager(session, actor, request, project)
    if request.state is not State.APPROVED:
        raise NotAccepted(request.reference, request.state)
    if request.client_told_at is None:
        client = session.get_one(Client, (request.workspace_id, project.client_id))
        requester = name_of(session, request, request.requester_id)
        raise ClientNotTold(request.reference, client.name, requester)
    ball.put_away(session, actor, request)
    request.state = State.IMPLEMENTED
    request.closed_at = actor.now
    history.record(session, actor, request, EventKind.IMPLEMENTED)
    changed(session, actor, request)
    return request
