"""What the client says to a change order, recorded by whoever logged the request: sent, accepted, declined, expired."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from bot.errors import WrongField, WrongFields
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.portfolio.models import Client, Project
from bot.requests import history, holding, repository
from bot.requests.afterwards.after_yes import ACCEPTED, pass_on, send
from bot.requests.afterwards.bridges import NotAhead
from bot.requests.announcing import ANSWER_EXPIRED, CLIENT_ANSWERED, changed, say
from bot.requests.bargaining.reviewing import owe_again, to_review
from bot.requests.models import OUT_WITH_CLIENT, ChangeRequest, ClientAnswer, EventKind
from bot.requests.refusals import ClientHasAnswered, NoAnswerNeeded
from bot.requests.rights import require_requester, require_revision, require_state
from bot.requests.typed.typed_text import without_controls
from bot.requests.undoing import undo_decision
from bot.workspaces.installations import is_at_work
from bot.workspaces.models import Workspace
from bot.workspaces.repository import days_by_zone

# Whoever acts for the clock, in the history.
CLOCK = "Handoff"
# How many one run of the clock lets expire; the next run takes the rest.
BATCH = 200


def sent_to_client(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, valid_until: date | None = None
) -> ChangeRequest:
    """Write down that the client has the change order (again), and until when they can say yes to it.

    Raises `NoSuchRequest`, `NotTheRequester`, `NotNow`, `Outdated`, `NoAnswerNeeded`, `ClientHasAnswered`,
    `ExternalPerson`, `UnknownPerson`, and `WrongFields` (valid_until) for a day that is over.
    """
    person = require_internal(session, actor)
    request = repository.locked(session, workspace_id=actor.workspace_id, request_id=request_id)
    _require_outstanding(session, actor, request, revision)
    if valid_until is not None and valid_until < actor.now.astimezone(person.tz).date():
        raise WrongFields([WrongField("valid_until", NotAhead(valid_until))])
    send(session, actor, request, valid_until)
    return request


def client_accepted(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> ChangeRequest:
    """Write down the client's yes: the work is the manager's to deliver, or over where it is done.

    Raises what `sent_to_client` raises but `WrongFields`.
    """
    require_internal(session, actor)
    request = repository.locked(session, workspace_id=actor.workspace_id, request_id=request_id)
    _require_outstanding(session, actor, request, revision)
    request.client_answer = ClientAnswer.ACCEPTED
    request.client_told_at = request.client_told_at or actor.now
    pass_on(session, actor, request)
    event = history.record(session, actor, request, EventKind.CLIENT_ACCEPTED)
    changed(session, actor, request)
    say(session, actor, request, CLIENT_ANSWERED, key=str(event.position), answer=str(ClientAnswer.ACCEPTED))
    return request


def client_declined(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, reason: str = ""
) -> ChangeRequest:
    """Write down the client's no: the approval is undone, and whoever decides has to decide anew.

    Raises what `client_accepted` raises.
    """
    require_internal(session, actor)
    held = holding.for_approval(
        session, workspace_id=actor.workspace_id, request_id=request_id, with_client=False
    )
    request = held.request
    _require_outstanding(session, actor, request, revision)
    reason = without_controls(reason).strip()
    undo_decision(session, actor, project=held.project, request=request)
    to_review(session, actor, request)
    owe_again(session, actor, request)
    request.client_answer = ClientAnswer.DECLINED
    event = history.record(session, actor, request, EventKind.CLIENT_DECLINED, reason=reason)
    changed(session, actor, request)
    answer = str(ClientAnswer.DECLINED)
    say(session, actor, request, CLIENT_ANSWERED, key=str(event.position), answer=answer, reason=reason)
    return request


def require_outstanding(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> ChangeRequest:
    """The request, if this person may record the client's answer to it now.

    Raises what `client_accepted` raises.
    """
    require_internal(session, actor)
    request = repository.row(session, workspace_id=actor.workspace_id, request_id=request_id)
    _require_outstanding(session, actor, request, revision)
    return request


def expire_answers(session: Session, now: datetime) -> int:
    """Let expire what the client did not answer in time, and tell whoever sent it; how many there were.

    A day is over when it is over in the workspace's zone. Any number of processes may call this at once.
    """
    expired = 0
    for today, zones in days_by_zone(session, now).items():
        for request in list(session.scalars(_over(today, zones))):
            _expire(session, Actor(request.workspace_id, CLOCK, now), request)
            expired += 1
    return expired


def _over(today: date, zones: Collection[str]) -> Select[ChangeRequest]:
    """What could be answered until yesterday where it is `today`; a look into an index for all workspaces together."""
    there = select(Workspace.id).where(Workspace.id == ChangeRequest.workspace_id, Workspace.zone.in_(zones))
    return (
        select(ChangeRequest)
        .where(
            # Word for word the condition of an index: SQLite uses it only so.
            text(OUT_WITH_CLIENT),
            ChangeRequest.answer_valid_until < today,
            ChangeRequest.state.in_(ACCEPTED),
            there.exists(),
            is_at_work(ChangeRequest.workspace_id),
        )
        .order_by(ChangeRequest.answer_valid_until, ChangeRequest.id)
        .limit(BATCH)
        # What another process holds is being answered, or expires there, right now.
        .with_for_update(skip_locked=True, key_share=True)
    )


def _expire(session: Session, actor: Actor, request: ChangeRequest) -> None:
    request.client_answer = ClientAnswer.EXPIRED
    event = history.record(
        session,
        actor,
        request,
        EventKind.ANSWER_EXPIRED,
        valid_until=request.answer_valid_until.isoformat() if request.answer_valid_until else None,
    )
    changed(session, actor, request)
    say(
        session,
        actor,
        request,
        ANSWER_EXPIRED,
        destination=request.requester_id,
        key=str(event.position),
    )


def _require_outstanding(session: Session, actor: Actor, request: ChangeRequest, revision: int) -> None:
    require_requester(session, actor, request)
    require_state(request, *ACCEPTED)
    require_revision(request, revision)
    if request.client_answer.is_outstanding:
        return
    project = session.get_one(Project, (request.workspace_id, request.project_id))
    client = session.get_one(Client, (request.workspace_id, project.client_id))
    if request.client_answer is ClientAnswer.NOT_REQUIRED:
        raise NoAnswerNeeded(request.reference, client.name)
    raise ClientHasAnswered(request.reference, client.name)
