"""A small agency to test on: three colleagues, an admin, a guest, and shapes of clients and projects."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.db.transaction import transaction
from bot.people.models import Actor
from bot.people.service import PersonFacts, remember
from bot.portfolio import service
from bot.portfolio.forms import ClientForm, Figures, ProjectForm
from bot.workspaces.service import WorkspaceFacts, ensure

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HERE = "T1"
ANA, PETE, MAX, OLGA, GUEST = "U_ANA", "U_PETE", "U_MAX", "U_OLGA", "U_GUEST"
PEOPLE = (
    PersonFacts(ANA, "Ana", "Europe/Madrid", "ana@agency.example"),
    PersonFacts(PETE, "Pete", "Europe/London", "pete@agency.example"),
    PersonFacts(MAX, "Max", "America/New_York", "max@agency.example"),
    PersonFacts(OLGA, "Olga", "Europe/Warsaw", "olga@agency.example", is_admin=True),
    PersonFacts(GUEST, "Gus", "UTC", "gus@client.example", is_external=True),
)
AGREED = Figures(minutes=120 * 60, budget_minor=14_400_00, due_on=date(2026, 12, 4))


def by(person_id: str, workspace_id: str = HERE) -> Actor:
    """Somebody, doing something now."""
    return Actor(workspace_id, person_id, NOW)


def open_agency(engine: Engine, workspace_id: str = HERE) -> None:
    """The workspace and its people, committed."""
    with transaction(engine) as session:
        settle(session, workspace_id)


def settle(session: Session, workspace_id: str = HERE) -> None:
    """The workspace and its people."""
    ensure(session, WorkspaceFacts(workspace_id, "Agency", "U_BOT", "B1"), NOW)
    for facts in PEOPLE:
        remember(session, workspace_id, facts, NOW)


def a_client_form(**changes: Any) -> ClientForm:
    """Acme, owned by Ana."""
    return replace(ClientForm(name="Acme", am_id=ANA, contact_name="Jo", currency="EUR"), **changes)


def a_project_form(client_id: UUID, **changes: Any) -> ProjectForm:
    """Acme Website, run by Pete."""
    form = ProjectForm(
        client_id=client_id,
        name="Acme Website",
        key="ACME",
        pm_id=PETE,
        channel_id="C_ACME",
        starts_on=date(2026, 9, 1),
        figures=AGREED,
    )
    return replace(form, **changes)


def a_client(session: Session, *, creator: str = ANA, workspace_id: str = HERE, **changes: Any) -> UUID:
    """A client's id."""
    return service.add_client(session, by(creator, workspace_id), form=a_client_form(**changes)).id


def a_project(
    session: Session, client_id: UUID, *, creator: str = ANA, workspace_id: str = HERE, **changes: Any
) -> UUID:
    """A project's id."""
    form = a_project_form(client_id, **changes)
    return service.add_project(session, by(creator, workspace_id), form=form).id
