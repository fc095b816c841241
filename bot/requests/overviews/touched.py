"""Whom a change concerns: whose lists, projects or clients show a request that something happened to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from bot.portfolio.models import Client, Project
from bot.requests.models import BallInterval, ChangeRequest, Event
from bot.workspaces.models import Workspace

# One thing that happened: the request, and its place in that one's history.
Happening = tuple[UUID, int]
# A list of ids is asked for in pieces.
PIECE = 500


def happened_since(session: Session, *, workspace_id: str, since: datetime) -> set[Happening]:
    """Everything that happened to requests from a moment on."""
    query = select(Event.request_id, Event.position).where(
        Event.workspace_id == workspace_id, Event.at >= since
    )
    return {(row.request_id, row.position) for row in session.execute(query)}


def happened_anywhere(session: Session, *, since: datetime) -> dict[str, set[Happening]]:
    """The same for every workspace, by its id: one look into an index, however many workspaces there are."""
    query = select(Event.workspace_id, Event.request_id, Event.position).where(Event.at >= since)
    found: dict[str, set[Happening]] = {}
    for row in session.execute(query):
        found.setdefault(row.workspace_id, set()).add((row.request_id, row.position))
    return found


def concerned(session: Session, *, workspace_id: str, request_ids: Collection[UUID]) -> set[str]:
    """The people whom these requests concern: who asked, who has or had the ball, who runs the project or client.

    And the director, who looks at every project.
    """
    workspace = session.get(Workspace, workspace_id)
    people = {workspace.director_id} if workspace is not None and workspace.director_id else set[str]()
    for piece in _pieces(sorted(request_ids)):
        rows = session.execute(
            select(ChangeRequest.requester_id, ChangeRequest.decider_id, Project.pm_id, Client.am_id)
            .join(
                Project,
                and_(Project.workspace_id == workspace_id, Project.id == ChangeRequest.project_id),
            )
            .join(Client, and_(Client.workspace_id == workspace_id, Client.id == Project.client_id))
            .where(ChangeRequest.workspace_id == workspace_id, ChangeRequest.id.in_(piece))
        )
        people.update(person for row in rows for person in row)
        people.update(
            session.scalars(
                select(BallInterval.holder_id).where(
                    BallInterval.workspace_id == workspace_id, BallInterval.request_id.in_(piece)
                )
            )
        )
    return people


def _pieces(ids: list[UUID]) -> Iterable[list[UUID]]:
    return (ids[start : start + PIECE] for start in range(0, len(ids), PIECE))
