"""Giving a decision to somebody else, with the reason: it stays with them, whatever becomes of the project."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from bot.errors import Refusal, WrongField, WrongFields
from bot.people.models import Actor
from bot.people.service import require_internal, require_owner
from bot.people.standing_in import away_now
from bot.portfolio.models import Project
from bot.requests import ball, history, repository
from bot.requests.announcing import GIVEN, changed, say
from bot.requests.models import ChangeRequest, EventKind
from bot.requests.refusals import AgreedAlready, DecidesAlready, DeclinedIt, LoggedIt, MayNotReassign, Missing
from bot.requests.rights import name_of, require_revision, require_waiting
from bot.requests.routing.standing_in import who_acts_among
from bot.requests.typed.typed_text import without_controls
from bot.workspaces.models import Workspace


def reassign(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, person_id: str, reason: str
) -> ChangeRequest:
    """Let somebody else decide a request that waits; a later change of the project does not undo it while they can.

    Raises what `require_reassignable` raises, and `WrongFields`: person (`UnknownPerson`, `ExternalPerson`,
    `LoggedIt`, `DecidesAlready`, `DeclinedIt`), why (`Missing`).
    """
    require_internal(session, actor)
    request = repository.locked(session, workspace_id=actor.workspace_id, request_id=request_id)
    _require_reassignable(session, actor, request, revision)
    reason = without_controls(reason).strip()
    wrong = _wrong_person(session, request, person_id)
    if not reason:
        wrong.append(WrongField("why", Missing()))
    if wrong:
        raise WrongFields(wrong)
    before = request.decider_id
    # While somebody else has to act first, only who decides afterwards changes.
    if (request.ball_for_id or request.ball_holder_id) == before:
        ball.hand_to(session, actor, request, person_id)
    request.decider_id, request.is_assigned = person_id, True
    event = history.record(
        session, actor, request, EventKind.REASSIGNED, before=before, decider=person_id, reason=reason
    )
    changed(session, actor, request)
    said = {"by": actor.person_id, "to": person_id, "reason": reason}
    say(session, actor, request, GIVEN, key=str(event.position), **said)
    return request


def require_reassignable(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> ChangeRequest:
    """The request, if this person may say who decides it; it is not held, so `reassign` asks again.

    Raises `NoSuchRequest`, `AlreadyDecided`, `NotWaiting`, `MayNotReassign`, `Outdated`, `ExternalPerson`,
    `UnknownPerson`.
    """
    require_internal(session, actor)
    request = repository.row(session, workspace_id=actor.workspace_id, request_id=request_id)
    _require_reassignable(session, actor, request, revision)
    return request


def who_may_reassign(session: Session, actor: Actor, request: ChangeRequest) -> tuple[str, ...]:
    """Who decides it, the project's manager, the director, and who acts for them now; never who logged it, nor who
    declined what was appealed: they would choose their own judge.
    """
    workspace = session.get_one(Workspace, request.workspace_id)
    project = session.get_one(Project, (request.workspace_id, request.project_id))
    may: tuple[str | None, ...] = (request.decider_id,)
    if request.first_approver_id is None:
        # Whoever agreed first does not choose who agrees too.
        may = (*may, project.pm_id, workspace.director_id)
    away = away_now(session, workspace_id=request.workspace_id, at=actor.now)
    acting = (who_acts_among(session, request, one, away) for one in may if one)
    but_not = {request.requester_id, request.first_approver_id, request.appealed_from}
    return tuple(dict.fromkeys(one for one in (*may, *acting) if one and one not in but_not))


def _require_reassignable(session: Session, actor: Actor, request: ChangeRequest, revision: int) -> None:
    require_waiting(session, request)
    may = who_may_reassign(session, actor, request)
    if actor.person_id not in may:
        raise MayNotReassign(request.reference, tuple(name_of(session, request, one) for one in may))
    require_revision(request, revision)


def _wrong_person(session: Session, request: ChangeRequest, person_id: str) -> list[WrongField]:
    why: Refusal
    try:
        person = require_owner(session, workspace_id=request.workspace_id, person_id=person_id)
    except Refusal as refused:
        why = Missing() if not person_id else refused
    else:
        if person_id == request.requester_id:
            why = LoggedIt(person.name)
        elif person_id == request.decider_id:
            why = DecidesAlready(person.name)
        elif person_id == request.appealed_from:
            why = DeclinedIt(person.name)
        elif person_id == request.first_approver_id:
            why = AgreedAlready(request.reference, name_of(session, request, request.decider_id))
        else:
            return []
    return [WrongField("person", why)]
