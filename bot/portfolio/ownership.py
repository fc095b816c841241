"""Who may change a client or a project."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.people import repository as people
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.portfolio.models import Client, Project
from bot.portfolio.refusals import NotYours
from bot.workspaces.models import Workspace


def require_client_owner(session: Session, actor: Actor, *, client: Client, workspace: Workspace) -> None:
    """Let its AM, its creator, the director and Slack admins pass; raises `NotYours` with the others' names."""
    owners = [client.am_id, client.created_by, workspace.director_id]
    _require(session, actor, what=client.name, owners=owners)


def require_project_owner(
    session: Session, actor: Actor, *, project: Project, client: Client, workspace: Workspace
) -> None:
    """Let its PM, its client's AM, its creator, the director and Slack admins pass; raises `NotYours`."""
    owners = [project.pm_id, client.am_id, project.created_by, workspace.director_id]
    _require(session, actor, what=project.name, owners=owners)


def _require(session: Session, actor: Actor, *, what: str, owners: Sequence[str | None]) -> None:
    person = require_internal(session, actor)
    ids = [owner for owner in dict.fromkeys(owners) if owner]
    if person.is_admin or person.id in ids:
        return
    names = people.names(session, workspace_id=actor.workspace_id, ids=ids)
    raise NotYours(what, tuple(names[owner] for owner in ids if owner in names))
