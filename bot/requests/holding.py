"""Holding rows for a change, always in one order (client, project, request), so that no two wait for each other.

A change of set-up that moves requests on holds the client or the project first and then `waiting_on_project`: the
same order. What touches one request alone holds that alone (`repository.locked`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from bot.portfolio.models import Client, Project
from bot.requests import repository
from bot.requests.models import ChangeRequest
from bot.requests.refusals import NoSuchRequest

M = TypeVar("M", Client, Project)


@dataclass(frozen=True)
class Held:
    """Rows that nobody else changes until the transaction ends; the client only where it was asked for."""

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
    query = select(Project).join(ChangeRequest, ChangeRequest.project_id == Project.id)
    return _held(session, Project, query, workspace_id, request_id)


def _client_of(session: Session, workspace_id: str, request_id: UUID) -> Client:
    of_client = and_(Project.workspace_id == workspace_id, Project.client_id == Client.id)
    query = (
        select(Client).join(Project, of_client).join(ChangeRequest, ChangeRequest.project_id == Project.id)
    )
    return _held(session, Client, query, workspace_id, request_id)


def _held(session: Session, kind: type[M], query: Select[M], workspace_id: str, request_id: UUID) -> M:
    held = session.scalar(
        query.where(
            kind.workspace_id == workspace_id,
            ChangeRequest.workspace_id == workspace_id,
            ChangeRequest.id == request_id,
        )
        # key_share: rows that refer to this one can still be written and checked.
        .with_for_update(of=kind, key_share=True)
        .execution_options(populate_existing=True)
    )
    if held is None:
        raise NoSuchRequest(reference=str(request_id))
    return held
