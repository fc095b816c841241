"""Queries for lists of requests: what waits for somebody, what somebody asked, what lies on projects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    String,
    TextClause,
    and_,
    bindparam,
    case,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.orm import Session, aliased

from bot.db.asking import ask, one_of
from bot.db.paging import COUNTED
from bot.outbox.models import Posting
from bot.people.models import Person
from bot.portfolio.models import Client, Project
from bot.requests.announcing import CARD
from bot.requests.facts import Line, PersonName
from bot.requests.models import AWAITING_DECISION, LIES_WITH_ANOTHER, ChangeRequest, State

_requester, _holder = aliased(Person), aliased(Person)


def open_lines(session: Session, *, workspace_id: str, holder_id: str, limit: int) -> list[Line]:
    """What waits for a person, what is needed first at the top."""
    ids = held_ids(session, workspace_id=workspace_id, holder_id=holder_id, limit=limit)
    return _lines(session, workspace_id, ids)


def held_lines(session: Session, *, workspace_id: str, holder_id: str, for_id: str, limit: int) -> list[Line]:
    """What lies with one person in the place of another, newest first."""
    conditions = (*_held_by(holder_id), ChangeRequest.ball_for_id == for_id)
    return _newest(session, workspace_id, _ids(workspace_id, *conditions), limit)


def lines_of(session: Session, *, workspace_id: str, ids: Sequence[UUID]) -> list[Line]:
    """These requests, in the order in which they were made."""
    wanted = _ids(workspace_id, ChangeRequest.id.in_(ids)).order_by(ChangeRequest.id)
    return _lines(session, workspace_id, list(session.scalars(wanted)))


def held_ids(
    session: Session, *, workspace_id: str, holder_id: str, limit: int, offset: int = 0
) -> list[UUID]:
    """The requests that wait for a person, the most urgent first.

    Urgent is what has to be answered, told or done soonest; among equals what is needed first, then the oldest. Of
    somebody who holds very many, those needed first and the oldest are looked at: two looks into an index.
    """
    whose = {"the_workspace": workspace_id, "the_holder": holder_id}
    rows = [row for query in (_HELD_DATED, _HELD_REST) for row in ask(session, query, whose)]
    # Among equals each keeps its place, and the database gave them in order.
    return [row.id for row in sorted(rows, key=_urgency)[offset : offset + limit]]


def _held(condition: ColumnElement[bool], *order: Any) -> Select[*tuple[Any, ...]]:
    is_to_be_told = and_(
        ChangeRequest.client_told_at.is_(None), ~one_of(ChangeRequest.state, AWAITING_DECISION)
    )
    owed_on = case((is_to_be_told, ChangeRequest.answer_owed_on)).label("owed_on")
    return (
        select(ChangeRequest.id, ChangeRequest.needed_by, ChangeRequest.due_at, owed_on)
        .where(ChangeRequest.workspace_id == bindparam("the_workspace", type_=String))
        .where(*_held_by(bindparam("the_holder", type_=String)), condition)
        .order_by(*order, ChangeRequest.submitted_at, ChangeRequest.id)
        .limit(COUNTED)
    )


def _urgency(row: Any) -> tuple[date, date]:
    needed_by = row.needed_by or date.max
    due_on = row.due_at.date() if row.due_at else date.max
    return min(needed_by, due_on, row.owed_on or date.max), needed_by


def asked_lines(
    session: Session, *, workspace_id: str, requester_id: str, limit: int, offset: int = 0
) -> list[Line]:
    """What a person asked for and somebody else still has to act on, newest first."""
    wanted = _ids(workspace_id, *_asked_by(requester_id))
    return _newest(session, workspace_id, wanted, limit, offset)


def project_lines(
    session: Session,
    *,
    workspace_id: str,
    project_ids: Sequence[UUID],
    states: Sequence[State] | None,
    limit: int,
    offset: int = 0,
    count: int = COUNTED,
) -> list[Line]:
    """The requests of some projects (all when empty), in some states (all when none given), newest first.

    `count` is what `count_lines` says of them, where it was asked.
    """
    wanted = _ids(workspace_id, *_on(project_ids, states))
    if count < COUNTED:
        # Going back from the newest would pass by all the others. With a limit of its own (and room for what comes
        # meanwhile) the inner query is answered first.
        few = wanted.add_columns(ChangeRequest.submitted_at).limit(2 * COUNTED).subquery()
        newest = select(few.c.id).order_by(few.c.submitted_at.desc(), few.c.id.desc())
        return _lines(session, workspace_id, list(session.scalars(newest.limit(limit).offset(offset))))
    return _newest(session, workspace_id, wanted, limit, offset)


def lines_in_order(session: Session, *, workspace_id: str, ids: Sequence[UUID]) -> list[Line]:
    """These requests, in this order."""
    return _lines(session, workspace_id, ids)


def count_lines(
    session: Session, *, workspace_id: str, project_ids: Sequence[UUID], states: Sequence[State] | None
) -> int:
    """How many requests `project_lines` would find without a limit, counted up to `COUNTED`."""
    return _count(session, workspace_id, *_on(project_ids, states))


def count_held(session: Session, *, workspace_id: str, holder_id: str) -> int:
    """How many requests wait for a person, counted up to `COUNTED`."""
    return _count(session, workspace_id, *_held_by(holder_id))


def count_asked(session: Session, *, workspace_id: str, requester_id: str) -> int:
    """How many of a person's asks wait for somebody else, counted up to `COUNTED`."""
    return _count(session, workspace_id, *_asked_by(requester_id))


Conditions = Sequence[ColumnElement[bool] | TextClause]


def _held_by(person_id: str | BindParameter[str]) -> Conditions:
    return (ChangeRequest.ball_holder_id == person_id, ChangeRequest.is_open.is_(True))


def _asked_by(person_id: str) -> Conditions:
    # Word for word the condition of an index: SQLite uses it only so.
    return (ChangeRequest.requester_id == person_id, text(LIES_WITH_ANOTHER))


def _on(project_ids: Sequence[UUID], states: Sequence[State] | None) -> Conditions:
    conditions: list[ColumnElement[bool]] = []
    if project_ids:
        conditions.append(ChangeRequest.project_id.in_(project_ids))
    if states is not None:
        conditions.append(ChangeRequest.state.in_(states))
    return conditions


def _ids(workspace_id: str, *conditions: ColumnElement[bool] | TextClause) -> Select[UUID]:
    return select(ChangeRequest.id).where(ChangeRequest.workspace_id == workspace_id, *conditions)


def _count(session: Session, workspace_id: str, *conditions: ColumnElement[bool] | TextClause) -> int:
    some = (
        select(literal(1))
        .select_from(ChangeRequest)
        .where(ChangeRequest.workspace_id == workspace_id, *conditions)
        .limit(COUNTED)
    )
    return int(session.execute(select(func.count()).select_from(some.subquery())).scalar_one())


def _newest(
    session: Session, workspace_id: str, wanted: Select[UUID], limit: int, offset: int = 0
) -> list[Line]:
    ordered = wanted.order_by(ChangeRequest.submitted_at.desc(), ChangeRequest.id.desc())
    return _lines(session, workspace_id, list(session.scalars(ordered.limit(limit).offset(offset))))


def _lines(session: Session, workspace_id: str, ids: Sequence[UUID]) -> list[Line]:
    """The lines of these ids, in their order. A second query, so that only what is shown is joined."""
    if not ids:
        return []
    found: dict[UUID, Line] = {}
    rows = session.execute(_WITH_NAMES, {"the_workspace": workspace_id, "the_ids": ids}).all()
    # Sorted here: asked for one request in the order of postings, SQLite reads every posting there is.
    for row in sorted(rows, key=lambda row: row.posting_id or row.id):
        # A card that was posted twice has two rows; the first is the card.
        found.setdefault(row.id, _line(row))
    return [found[request_id] for request_id in ids]


def _with_names() -> Select[*tuple[Any, ...]]:
    workspace = bindparam("the_workspace", type_=String)

    def here(model: Any, reference: Any) -> ColumnElement[bool]:
        return and_(model.workspace_id == workspace, model.id == reference)

    posted = and_(
        Posting.workspace_id == workspace,
        Posting.subject_id == ChangeRequest.id,
        Posting.kind == CARD,
        ~Posting.is_gone,
    )
    return (
        select(
            ChangeRequest.id,
            ChangeRequest.reference,
            ChangeRequest.title,
            ChangeRequest.state,
            ChangeRequest.requester_id,
            ChangeRequest.ball_holder_id,
            ChangeRequest.needed_by,
            ChangeRequest.answer_owed_on,
            ChangeRequest.submitted_at,
            ChangeRequest.is_open,
            ChangeRequest.client_told_at,
            ChangeRequest.client_answer,
            Project.name.label("project"),
            Client.name.label("client"),
            _requester.name.label("requester"),
            _holder.name.label("holder"),
            Posting.id.label("posting_id"),
            Posting.channel_id,
            Posting.ts,
        )
        .join(Project, here(Project, ChangeRequest.project_id))
        .join(Client, here(Client, Project.client_id))
        .join(_requester, here(_requester, ChangeRequest.requester_id))
        .outerjoin(_holder, here(_holder, ChangeRequest.ball_holder_id))
        .outerjoin(Posting, posted)
        .where(
            ChangeRequest.workspace_id == workspace,
            ChangeRequest.id.in_(bindparam("the_ids", expanding=True)),
        )
    )


# Built once: every list ends with it, and building costs more than asking.
_WITH_NAMES = _with_names()
# Asked of everybody whose Home is drawn.
_HELD_DATED = _held(ChangeRequest.needed_by.is_not(None), ChangeRequest.needed_by)
_HELD_REST = _held(ChangeRequest.needed_by.is_(None))


def _line(row: Any) -> Line:
    return Line(
        id=row.id,
        reference=row.reference,
        title=row.title,
        state=row.state,
        project=row.project,
        client=row.client,
        requester=PersonName(row.requester_id, row.requester),
        ball=PersonName(row.ball_holder_id, row.holder) if row.ball_holder_id else None,
        needed_by=row.needed_by,
        answer_owed_on=row.answer_owed_on,
        submitted_at=row.submitted_at,
        is_open=row.is_open,
        is_client_told=row.client_told_at is not None,
        client_answer=row.client_answer,
        card=(row.channel_id, row.ts) if row.ts else None,
    )
