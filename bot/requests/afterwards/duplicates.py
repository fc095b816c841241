"""Duplicates: found while somebody types, marked by those it concerns, and linked to the original for ever."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, Uuid, bindparam, func, or_, select
from sqlalchemy.orm import Session

from bot.db.asking import ask, one_of
from bot.errors import WrongField, WrongFields
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.portfolio.models import Project
from bot.portfolio.repository import project_locked
from bot.requests import ball, history, repository
from bot.requests.announcing import DUPLICATE, DUPLICATE_OF, changed, say
from bot.requests.facts import Line
from bot.requests.models import AWAITING_DECISION, ChangeRequest, EventKind, State
from bot.requests.overviews.lists import lines_in_order
from bot.requests.refusals import Missing, NotAnOriginal, NotTheirs, OtherClient, SameRequest
from bot.requests.rights import (
    may_decide,
    name_of,
    require_revision,
    require_state,
    stands_for_requester,
)
from bot.requests.typed.likeness import ALIKE, likeness, words_of
from bot.requests.undoing import undo_decision

MARKABLE = AWAITING_DECISION | {State.DEFERRED}
# What nobody asks for any more is not asked for twice.
_GONE = (State.VOID, State.WITHDRAWN)
# As many as are compared while somebody types; the newest are the likeliest to be asked for again.
_COMPARED = 80
_LIKELY = 2
_OFFERED = 20
_LETTERS = 5
_WORDS = 6
_ESCAPE = "/"


def mark_duplicate(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, original_id: UUID | None
) -> ChangeRequest:
    """Put a request away since another one of the same client asks for the same; both say so from then on.

    Raises what `require_markable` raises, and `WrongFields` (original) when there is none, or it cannot be one.
    """
    require_internal(session, actor)
    request = repository.row(session, workspace_id=actor.workspace_id, request_id=request_id)
    _require_markable(session, actor, request, revision)
    if original_id is None:
        raise WrongFields([WrongField("original", Missing())])
    request, original = hold_both(session, actor.workspace_id, request_id, original_id)
    _require_markable(session, actor, request, revision)
    _check_original(session, request, original)
    project = session.get_one(Project, (request.workspace_id, request.project_id))
    undo_decision(session, actor, project=project, request=request)
    # The ball first: its hand-over is a statement, which would write a half-changed request before it.
    ball.put_away(session, actor, request)
    request.state = State.VOID
    request.closed_at = actor.now
    request.duplicate_of_id = original.id
    original.duplicate_count += 1
    event = history.record(session, actor, request, EventKind.MARKED_DUPLICATE, original=original.reference)
    found = history.record(session, actor, original, EventKind.DUPLICATE_FOUND, duplicate=request.reference)
    changed(session, actor, request)
    changed(session, actor, original)
    for one, other, kind, told in (
        (request, original, DUPLICATE, event),
        (original, request, DUPLICATE_OF, found),
    ):
        say(
            session,
            actor,
            one,
            kind,
            key=str(told.position),
            position=told.position,
            other_id=str(other.id),
        )
    return request


def unlink(session: Session, actor: Actor, request: ChangeRequest, original: ChangeRequest) -> None:
    """The request stands for itself again; both are held."""
    request.duplicate_of_id = None
    original.duplicate_count -= 1
    changed(session, actor, original)


def require_markable(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> ChangeRequest:
    """The request, if this person may mark it as a duplicate now; it is not held, so `mark_duplicate` asks again.

    Raises `NoSuchRequest`, `NotTheirs`, `NotNow`, `Outdated`, `ExternalPerson`, `UnknownPerson`.
    """
    require_internal(session, actor)
    request = repository.row(session, workspace_id=actor.workspace_id, request_id=request_id)
    _require_markable(session, actor, request, revision)
    return request


def hold_both(
    session: Session, workspace_id: str, request_id: UUID, other_id: UUID
) -> tuple[ChangeRequest, ChangeRequest]:
    """Two requests with their projects, held: projects first and each kind in one order, as everywhere.

    Raises `NoSuchRequest`.
    """
    ids = {request_id, other_id}
    projects = {
        repository.row(session, workspace_id=workspace_id, request_id=each).project_id for each in ids
    }
    for project_id in sorted(projects):
        project_locked(session, workspace_id=workspace_id, project_id=project_id)
    held = {
        each: repository.locked(session, workspace_id=workspace_id, request_id=each) for each in sorted(ids)
    }
    return held[request_id], held[other_id]


def likely_duplicates(session: Session, *, workspace_id: str, project_id: UUID, title: str) -> list[Line]:
    """The requests of the project's client that most look like this title, likeliest first; at most two."""
    words = sorted(words_of(title), key=len, reverse=True)[:_WORDS]
    if not words:
        return []
    letters = {_word(place): _escaped(word[:_LETTERS]) for place, word in enumerate(words)}
    rows = ask(session, _holding_any(len(words)), {**_here(workspace_id, project_id), **letters})
    return _lines(session, workspace_id, _by_likeness(title, rows, least=ALIKE)[:_LIKELY])


def possible_originals(session: Session, *, workspace_id: str, request_id: UUID, typed: str) -> list[Line]:
    """What a request may be a duplicate of: found by reference or title, and what looks like it first.

    Raises `NoSuchRequest`.
    """
    request = repository.row(session, workspace_id=workspace_id, request_id=request_id)
    said = typed.strip()
    holds = or_(
        ChangeRequest.reference.icontains(said, autoescape=True),
        ChangeRequest.title.icontains(said, autoescape=True),
    )
    others = _of_same_client(holds, ChangeRequest.id != request_id)
    rows = session.execute(others, _here(workspace_id, request.project_id))
    return _lines(session, workspace_id, _by_likeness(request.title, rows, least=0)[:_OFFERED])


def _of_same_client(*conditions: ColumnElement[bool]) -> Select[UUID, str]:
    """Ids and titles of what is asked for the client of a project, newest first; as many as are compared."""
    workspace, project = bindparam("the_workspace", type_=String), bindparam("the_project", type_=Uuid)
    client = (
        select(Project.client_id)
        .where(Project.workspace_id == workspace, Project.id == project)
        .scalar_subquery()
    )
    projects = select(Project.id).where(Project.workspace_id == workspace, Project.client_id == client)
    return (
        select(ChangeRequest.id, ChangeRequest.title)
        .where(
            ChangeRequest.workspace_id == workspace,
            ChangeRequest.project_id.in_(projects),
            ~one_of(ChangeRequest.state, _GONE),
            *conditions,
        )
        # Not plainly the time, lest SQLite go through everybody's by the index of times to find this client's.
        .order_by(
            func.coalesce(ChangeRequest.submitted_at, ChangeRequest.submitted_at).desc(),
            ChangeRequest.id.desc(),
        )
        .limit(_COMPARED)
    )


def _here(workspace_id: str, project_id: UUID) -> dict[str, Any]:
    return {"the_workspace": workspace_id, "the_project": project_id}


@lru_cache
def _holding_any(words: int) -> Select[UUID, str]:
    """The same whose title holds one of so many words; built once for each number, since it is asked as people type."""
    return _of_same_client(
        or_(
            *(
                ChangeRequest.title.icontains(bindparam(_word(place), type_=String), escape=_ESCAPE)
                for place in range(words)
            )
        )
    )


def _word(place: int) -> str:
    return f"word_{place}"


def _escaped(letters: str) -> str:
    for special in (_ESCAPE, "%", "_"):
        letters = letters.replace(special, _ESCAPE + special)
    return letters


def _by_likeness(title: str, rows: Iterable[tuple[UUID, str]], *, least: float) -> list[UUID]:
    """The ids of what is at least so much alike, likeliest first; what is equally alike stays newest first."""
    scored = [(likeness(title, other), request_id) for request_id, other in rows]
    alike = [pair for pair in scored if pair[0] >= least]
    return [request_id for _, request_id in sorted(alike, key=lambda pair: -pair[0])]


def _lines(session: Session, workspace_id: str, ids: list[UUID]) -> list[Line]:
    return lines_in_order(session, workspace_id=workspace_id, ids=ids)


def _require_markable(session: Session, actor: Actor, request: ChangeRequest, revision: int) -> None:
    if not stands_for_requester(session, actor, request) and not may_decide(session, actor, request):
        requester, decider = (
            name_of(session, request, person) for person in (request.requester_id, request.decider_id)
        )
        raise NotTheirs(request.reference, requester, decider)
    require_state(request, *MARKABLE)
    require_revision(request, revision)


def _check_original(session: Session, request: ChangeRequest, original: ChangeRequest) -> None:
    """Refuse what cannot stand for this request."""
    if original.id == request.id:
        raise WrongFields([WrongField("original", SameRequest())])
    if original.state in _GONE:
        raise WrongFields([WrongField("original", NotAnOriginal(original.reference, original.state))])
    clients = {
        session.get_one(Project, (row.workspace_id, row.project_id)).client_id for row in (request, original)
    }
    if len(clients) > 1:
        raise WrongFields([WrongField("original", OtherClient(original.reference))])
