"""Holding rows for a change, always in one order (client, project, request), so that no two wait for each other.

A change of set-up that moves requests on holds the client or the project first and then `waiting_on_project`: the
same order. What touches one request alone holds that alone (`repository.locked`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, String, Uuid, and_, bindparam, select
from sqlalchemy.orm import Session

from bot.db.records import record
from bot.portfolio.models import Client, Project
from bot.requests import repository
from bot.requests.models import ChangeRequest
from bot.requests.refusals import NoSuchRequest

M = TypeVar("M", Client, Project)


@dataclass(frozen=True)
class Held:
    """Rows that nobody else changes until the transaction ends; the client only where it was asked for.

    The request is there to be changed, the others to look at.
    """

    request: ChangeRequest
    project: Project
    client: Client | None


def for_approval(session: Session, *, workspace_id: str, request_id: UUID, with_client: bool) -> Held:
    """Hold a request and its project, whose baseline gets its next version.

    With the client, when hours are given away: two who do so at once must not both see the same hours left.
    Raises `NoSuchRequest`.
    """
    while True:
        client = _client_of(session, workspace_id, request_id) if with_client else None
        project = _project_of(session, workspace_id, request_id)
        # Until the project was held, it could be given to another client.
        if client is None or client.id == project.client_id:
            request = repository.locked(session, workspace_id=workspace_id, request_id=request_id)
            return Held(request, project, client)


def _project_of(session: Session, workspace_id: str, request_id: UUID) -> Project:
    return _held(session, _PROJECT_OF, workspace_id, request_id)


def _client_of(session: Session, workspace_id: str, request_id: UUID) -> Client:
    return _held(session, _CLIENT_OF, workspace_id, request_id)


def _held(session: Session, query: Select[M], workspace_id: str, request_id: UUID) -> M:
    held = record(session, query, {"workspace_id": workspace_id, "request_id": request_id})
    if held is None:
        raise NoSuchRequest(reference=str(request_id))
    return held


def _locking(kind: type[M], query: Select[M]) -> Select[M]:
    here = bindparam("workspace_id", type_=String)
    return (
        query.where(
            kind.workspace_id == here,
            ChangeRequest.workspace_id == here,
            ChangeRequest.id == bindparam("request_id", type_=Uuid),
        )
        # key_share: rows that refer to this one can still be written and checked.
        .with_for_update(of=kind, key_share=True)
    )


_on_project = ChangeRequest.project_id == Project.id
_of_client = and_(Project.workspace_id == Client.workspace_id, Project.client_id == Client.id)
_PROJECT_OF = _locking(Project, select(Project).join(ChangeRequest, _on_project))
_CLIENT_OF = _locking(Client, select(Client).join(Project, _of_client).join(ChangeRequest, _on_project))
