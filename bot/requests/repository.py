"""Every query over change requests: their rows are here, what cards show in `cards`, lists in `lists`."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, Uuid, and_, bindparam, select
from sqlalchemy.orm import Session

from bot.db.asking import ask
from bot.db.followed import followed
from bot.people.models import Person
from bot.portfolio.models import Client, Project
from bot.requests.cards import card_facts, card_place, request_at
from bot.requests.facts import PastEvent, PersonName
from bot.requests.models import AWAITING_DECISION, OUTSTANDING, ChangeRequest, Decision, Event, State
from bot.requests.overviews.lists import (
    asked_lines,
    count_asked,
    count_held,
    count_lines,
    held_ids,
    held_lines,
    lines_of,
    open_lines,
    project_lines,
)
from bot.requests.refusals import NoSuchRequest
from bot.requests.typed.typed_text import without_controls

__all__ = [
    "asked_lines",
    "card_facts",
    "card_place",
    "chains",
    "count_asked",
    "count_held",
    "count_lines",
    "currency",
    "find_by_reference",
    "held_ids",
    "held_lines",
    "history",
    "lines_of",
    "locked",
    "open_lines",
    "project_lines",
    "projects_with_waiting",
    "promised_on_project",
    "request_at",
    "row",
    "standing_decision",
    "waiting_on_project",
]

# How many requests `chains` holds in memory at a time.
PAGE = 500


def row(session: Session, *, workspace_id: str, request_id: UUID) -> ChangeRequest:
    """The request as it stands, without holding it.

    Raises `NoSuchRequest`.
    """
    return _found(session, _ROW, workspace_id, request_id)


def locked(session: Session, *, workspace_id: str, request_id: UUID) -> ChangeRequest:
    """The request, with its row locked until the transaction ends: whoever comes second sees what the first did.

    Raises `NoSuchRequest`.
    """
    return _found(session, _LOCKED, workspace_id, request_id)


def currency(session: Session, *, workspace_id: str, request_id: UUID) -> str:
    """The currency in which a request is paid: its client's.

    Raises `NoSuchRequest`.
    """
    this = {"workspace_id": workspace_id, "request_id": request_id}
    found: str | None = ask(session, _CURRENCY, this).scalar_one_or_none()
    if found is None:
        raise NoSuchRequest(reference=str(request_id))
    return found


def standing_decision(session: Session, *, workspace_id: str, request_id: UUID) -> Decision | None:
    """The decision that stands, if there is one."""
    return session.scalar(
        select(Decision)
        .where(
            Decision.workspace_id == workspace_id,
            Decision.request_id == request_id,
            Decision.cleared_at.is_(None),
        )
        .order_by(Decision.decided_at.desc())
        .limit(1)
    )


def find_by_reference(session: Session, *, workspace_id: str, reference: str) -> UUID:
    """The id behind `ACME-12`, written in any case.

    Raises `NoSuchRequest`.
    """
    key, _, number = without_controls(reference).strip().upper().rpartition("-")
    found = None
    if number.isdecimal() and len(number) < 9:
        found = session.scalar(
            select(ChangeRequest.id)
            .join(
                Project,
                and_(
                    Project.workspace_id == ChangeRequest.workspace_id, Project.id == ChangeRequest.project_id
                ),
            )
            .where(
                Project.workspace_id == workspace_id, Project.key == key, ChangeRequest.number == int(number)
            )
        )
    if found is None:
        raise NoSuchRequest(reference=reference)
    return found


def projects_with_waiting(session: Session, *, workspace_id: str) -> list[UUID]:
    """The projects on which something waits for a decision, in one order."""
    return list(
        session.scalars(
            select(ChangeRequest.project_id)
            .where(
                ChangeRequest.workspace_id == workspace_id,
                ChangeRequest.state.in_(AWAITING_DECISION),
            )
            .distinct()
            .order_by(ChangeRequest.project_id)
        )
    )


def waiting_on_project(session: Session, *, workspace_id: str, project_id: UUID) -> list[ChangeRequest]:
    """The requests of a project that wait for a decision, locked, always in the same order."""
    return _locked_on(session, workspace_id, project_id, ChangeRequest.state.in_(AWAITING_DECISION))


def promised_on_project(session: Session, *, workspace_id: str, project_id: UUID) -> list[ChangeRequest]:
    """The requests of a project that the client said yes to and that are not done, locked, in the same order."""
    return _locked_on(
        session,
        workspace_id,
        project_id,
        ChangeRequest.state.in_((State.APPROVED, State.IN_PROGRESS)),
        ChangeRequest.client_told_at.is_not(None),
        ChangeRequest.client_answer.not_in(OUTSTANDING),
    )


def _locked_on(
    session: Session, workspace_id: str, project_id: UUID, *conditions: ColumnElement[bool]
) -> list[ChangeRequest]:
    return list(
        session.scalars(
            select(ChangeRequest)
            .where(
                ChangeRequest.workspace_id == workspace_id,
                ChangeRequest.project_id == project_id,
                *conditions,
            )
            .order_by(ChangeRequest.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    )


def history(session: Session, *, workspace_id: str, request_id: UUID) -> list[PastEvent]:
    """What happened to a request, oldest first."""
    rows = session.execute(
        select(Event, Person.name)
        .outerjoin(Person, and_(Person.workspace_id == Event.workspace_id, Person.id == Event.actor_id))
        .where(Event.workspace_id == workspace_id, Event.request_id == request_id)
        .order_by(Event.position)
    )
    return [
        PastEvent(
            kind=event.kind,
            by=PersonName(event.actor_id, name or event.actor_id),
            at=event.at,
            facts=event.facts,
            hash=event.hash,
        )
        for event, name in rows
    ]


def chains(session: Session, *, workspace_id: str) -> Iterator[tuple[ChangeRequest, list[Event]]]:
    """Every request of a workspace with its events in order, a page at a time."""
    last: UUID | None = None
    while True:
        page = select(ChangeRequest).where(ChangeRequest.workspace_id == workspace_id)
        if last is not None:
            page = page.where(ChangeRequest.id > last)
        requests = list(session.scalars(page.order_by(ChangeRequest.id).limit(PAGE)))
        if not requests:
            return
        last = requests[-1].id
        events: dict[UUID, list[Event]] = {request.id: [] for request in requests}
        for event in session.scalars(
            select(Event)
            .where(Event.workspace_id == workspace_id, Event.request_id.in_(list(events)))
            .order_by(Event.request_id, Event.position)
        ):
            events[event.request_id].append(event)
        for request in requests:
            yield request, events[request.id]


# Built once: they are asked at every press, and building them costs more than asking.
_WORKSPACE, _REQUEST = bindparam("workspace_id", type_=String), bindparam("request_id", type_=Uuid)
_ROW = select(ChangeRequest).where(ChangeRequest.workspace_id == _WORKSPACE, ChangeRequest.id == _REQUEST)
# key_share: rows that refer to this one (its history, its ball) can still be written and checked.
_LOCKED = _ROW.with_for_update(key_share=True)
_CURRENCY = (
    select(Client.currency)
    .join(Project, and_(Project.workspace_id == Client.workspace_id, Project.client_id == Client.id))
    .join(ChangeRequest, ChangeRequest.project_id == Project.id)
    .where(
        Client.workspace_id == _WORKSPACE,
        ChangeRequest.workspace_id == _WORKSPACE,
        ChangeRequest.id == _REQUEST,
    )
)


def _found(
    session: Session, query: Select[ChangeRequest], workspace_id: str, request_id: UUID
) -> ChangeRequest:
    request = followed(session, query, {"workspace_id": workspace_id, "request_id": request_id})
    if request is None:
        raise NoSuchRequest(reference=str(request_id))
    return request
