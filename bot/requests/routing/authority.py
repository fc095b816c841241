"""Who decides: the project's manager, or the next authority when it is their own request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from bot.people.models import Person
from bot.portfolio.models import Client, Project
from bot.workspaces.models import Workspace

_pm, _director, _am = aliased(Person), aliased(Person), aliased(Person)


def decider_for(*, requester_id: str, authorities: Sequence[str]) -> str | None:
    """The first authority who did not log the request; none if there is none.

    Nobody decides a request of their own: checks and balances stay when AM and PM are one person.
    """
    return next((person_id for person_id in authorities if person_id != requester_id), None)


@dataclass(frozen=True)
class Roles:
    """Who stands where over a project, as far as they can act."""

    pm: str | None
    director: str | None
    am: str | None

    @property
    def in_order(self) -> tuple[str, ...]:
        """Who may decide, first to last."""
        return tuple(dict.fromkeys(one for one in (self.pm, self.director, self.am) if one))


def roles_over(session: Session, *, workspace_id: str, project_id: UUID) -> Roles:
    """The manager of a project, the director, and its client's account manager; those who left are nobody."""
    row = session.execute(_AUTHORITIES, {"workspace_id": workspace_id, "project_id": project_id}).one()
    return Roles(*row)


def authorities_over(session: Session, *, workspace_id: str, project_id: UUID) -> tuple[str, ...]:
    """Who may decide on a project, first to last: its manager, the director, its client's account manager.

    Those who left, and people from outside, are passed over: a request must not wait for somebody who cannot act.
    """
    return roles_over(session, workspace_id=workspace_id, project_id=project_id).in_order


def _authorities() -> Select[*tuple[Any, ...]]:
    here = bindparam("workspace_id", type_=String)

    def able(person: type[Person], reference: Any) -> ColumnElement[bool]:
        return and_(
            person.workspace_id == here, person.id == reference, person.is_active, ~person.is_external
        )

    return (
        select(_pm.id, _director.id, _am.id)
        .select_from(Project)
        .join(Client, and_(Client.workspace_id == here, Client.id == Project.client_id))
        .join(Workspace, Workspace.id == Project.workspace_id)
        .outerjoin(_pm, able(_pm, Project.pm_id))
        .outerjoin(_director, able(_director, Workspace.director_id))
        .outerjoin(_am, able(_am, Client.am_id))
        .where(Project.workspace_id == here, Project.id == bindparam("project_id"))
    )


# Built once: it is asked for every request, and building costs more than asking.
_AUTHORITIES = _authorities()
