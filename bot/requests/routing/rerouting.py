"""A project changes hands: what waits and what is being done on it follows."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from bot.people import repository as people
from bot.people.models import Actor
from bot.portfolio.models import Project
from bot.portfolio.refusals import UnknownProject
from bot.portfolio.repository import project_locked
from bot.requests import ball, history, repository
from bot.requests.announcing import REASSIGNED, changed, say
from bot.requests.models import ChangeRequest, EventKind
from bot.requests.routing.authority import authorities_over, decider_for
from bot.requests.routing.passing_on import pass_on

# All of a project moves at once.
MOST = 100_000


def reroute(session: Session, actor: Actor, *, project_id: UUID) -> int:
    """Send what waits on a project to whoever decides there now, and what is to be done to its manager.

    Called in the transaction that gives a project or its client to somebody else, after that is written. Returns
    how many requests moved. Raises `UnknownProject`.
    """
    project = project_locked(session, workspace_id=actor.workspace_id, project_id=project_id)
    if project is None:
        raise UnknownProject(project_id)
    moved = _to_decide(session, actor, project) + _to_do(session, actor, project)
    # What waits for somebody who is away, since nobody else could decide it: by now there may be somebody.
    pass_on(session, actor, project_id=project_id, limit=MOST)
    return moved


def reroute_all(session: Session, actor: Actor) -> int:
    """The same for every project of the workspace: after another director was named."""
    projects = repository.projects_with_waiting(session, workspace_id=actor.workspace_id)
    return sum(reroute(session, actor, project_id=project_id) for project_id in projects)


def _to_decide(session: Session, actor: Actor, project: Project) -> int:
    authorities = authorities_over(session, workspace_id=project.workspace_id, project_id=project.id)
    moved = 0
    for request in repository.waiting_on_project(
        session, workspace_id=project.workspace_id, project_id=project.id
    ):
        if (request.is_assigned or request.first_approver_id) and _can_decide(session, request):
            # It was given to them: it stays with them, whatever becomes of the project.
            continue
        others = [person for person in authorities if person != request.requester_id]
        if request.appealed_from not in {None, request.decider_id} and request.decider_id in others:
            # An appeal stays with who decides it, not with who would have decided first.
            continue
        but_not = {request.appealed_from, request.first_approver_id}
        able = [person for person in authorities if person not in but_not]
        decider = decider_for(requester_id=request.requester_id, authorities=able)
        if decider is None or decider == request.decider_id:
            continue
        # While its requester has to act first, only who decides afterwards changes.
        if (request.ball_for_id or request.ball_holder_id) == request.decider_id:
            ball.hand_to(session, actor, request, decider)
        before, request.decider_id, request.is_assigned = request.decider_id, decider, False
        event = history.record(session, actor, request, EventKind.REASSIGNED, before=before, decider=decider)
        changed(session, actor, request)
        holder = request.ball_holder_id
        say(session, actor, request, REASSIGNED, key=str(event.position), before=before, holder=holder)
        moved += 1
    return moved


def _can_decide(session: Session, request: ChangeRequest) -> bool:
    """Whether who decides it now still can: the one it was given to may have left."""
    if request.decider_id == request.requester_id:
        return False
    return _is_able(session, request.workspace_id, request.decider_id)


def _is_able(session: Session, workspace_id: str, person_id: str) -> bool:
    person = people.person(session, workspace_id=workspace_id, person_id=person_id)
    return person is not None and person.is_active and not person.is_external


def _to_do(session: Session, actor: Actor, project: Project) -> int:
    """Only the manager says that work is done: it must not lie with the one before."""
    if not _is_able(session, project.workspace_id, project.pm_id):
        # Who has it instead keeps it (`departures`).
        return 0
    moved = 0
    for request in repository.promised_on_project(
        session, workspace_id=project.workspace_id, project_id=project.id
    ):
        before = request.ball_holder_id
        if (request.ball_for_id or before) == project.pm_id:
            continue
        ball.hand_to(session, actor, request, project.pm_id)
        event = history.record(
            session, actor, request, EventKind.HANDED_OVER, before=before, manager=project.pm_id
        )
        changed(session, actor, request)
        holder = request.ball_holder_id
        say(session, actor, request, REASSIGNED, key=str(event.position), before=before, holder=holder)
        moved += 1
    return moved
