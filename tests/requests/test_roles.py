"""Who may do what: every act that matters by every role there is, in one table; what is not in it is refused.

A new role is a line in `ROLES`, a new act one in `ACTS`; `tests/lives/test_permissions.py` tries every other act by
those who may do nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from bot.digests.models import DigestKind
from bot.digests.service import set_schedule
from bot.errors import Refusal, WrongFields
from bot.ledger.models import Funding
from bot.people.lines import change_lines
from bot.people.models import Actor
from bot.people.service import PersonFacts, remember
from bot.people.settings import change_settings
from bot.portfolio import service as portfolio
from bot.requests import deciding, editing, service
from bot.requests.afterwards import delivering
from bot.requests.bargaining import asking, offering
from bot.requests.bargaining.offering import Option
from bot.requests.models import ChangeRequest
from bot.requests.routing import absences, reassigning
from bot.requests.service import Ask
from bot.workspaces.lines import Lines
from bot.workspaces.models import Workspace
from tests.factories import a_bridge, a_request, accept, an_ask, some_figures
from tests.portfolio.agency import (
    ANA,
    GUEST,
    HERE,
    MAX,
    NOW,
    OLGA,
    PETE,
    a_client,
    a_client_form,
    a_project,
    a_project_form,
    settle,
)

DELEGATE, STRANGER, OTHERS, GONE, UNKNOWN = "U_DELE", "U_QUINN", "U_OTTO", "U_GONE", "U_NOBODY"
ELSEWHERE = "T_ELSEWHERE"
ROLES = {
    "AM": (HERE, ANA),
    "PM": (HERE, PETE),
    # Stands in for the PM, who is away.
    "delegate": (HERE, DELEGATE),
    "director": (HERE, MAX),
    "admin": (HERE, OLGA),
    # A colleague who manages another project.
    "stranger": (HERE, STRANGER),
    "guest": (HERE, GUEST),
    # Of another company, in a shared channel.
    "external": (HERE, OTHERS),
    "deactivated": (HERE, GONE),
    "unknown": (HERE, UNKNOWN),
    # The PM's own name in another workspace.
    "another workspace": (ELSEWHERE, PETE),
}
INSIDE = {"AM", "PM", "delegate", "director", "admin", "stranger"}


@dataclass(frozen=True)
class Scene:
    """Ana's client, Pete's project, her request that waits and one that was accepted."""

    session: Session
    client_id: UUID
    project_id: UUID
    waiting: ChangeRequest
    going: ChangeRequest

    @property
    def this(self) -> dict[str, Any]:
        return {"request_id": self.waiting.id, "revision": self.waiting.revision}


Act = Callable[[Scene, Actor], object]
OPTION = Option("Smaller", 60, 9_000, Funding.CHANGE_ORDER, date(2026, 12, 1), None)
DECIDES = {"PM", "delegate"}
# It is their own workspace that these change.
OWN = {"another workspace"}
OVER_PROJECT = {"AM", "PM", "director", "admin"}

ACTS: dict[str, tuple[Act, set[str]]] = {
    "log a request": (lambda s, by: service.submit(s.session, by, an_ask(s.project_id)), INSIDE),
    "accept": (
        lambda s, by: deciding.accept(s.session, by, **s.this, figures=some_figures()),
        DECIDES,
    ),
    "decline": (
        lambda s, by: deciding.decline(s.session, by, **s.this, reason="No room", bridge=a_bridge()),
        DECIDES,
    ),
    "defer": (
        lambda s, by: deciding.defer(s.session, by, **s.this, reason="Later", until=date(2026, 12, 20)),
        DECIDES,
    ),
    "counter-offer": (
        lambda s, by: offering.counter_offer(s.session, by, **s.this, options=[OPTION]),
        DECIDES,
    ),
    "ask for info": (lambda s, by: asking.ask_for_info(s.session, by, **s.this, question="Which?"), DECIDES),
    "reassign": (
        lambda s, by: reassigning.reassign(s.session, by, **s.this, person_id=STRANGER, reason="Knows it"),
        {"PM", "delegate", "director"},
    ),
    "withdraw": (lambda s, by: service.withdraw(s.session, by, request_id=s.waiting.id), {"AM"}),
    "edit": (
        lambda s, by: editing.edit(
            s.session,
            by,
            **s.this,
            ask=Ask(project_id=s.project_id, title="Another", promise=s.waiting.promise),
        ),
        {"AM"},
    ),
    "say that the client was told": (
        lambda s, by: service.client_told(s.session, by, request_id=s.going.id),
        {"AM"},
    ),
    "start": (lambda s, by: delivering.start(s.session, by, request_id=s.going.id), {"PM", "delegate"}),
    "edit the project": (
        lambda s, by: portfolio.edit_project(
            s.session, by, project_id=s.project_id, form=a_project_form(s.client_id, name="New", figures=None)
        ),
        OVER_PROJECT,
    ),
    "close the project": (
        lambda s, by: portfolio.close_project(s.session, by, project_id=s.project_id),
        OVER_PROJECT,
    ),
    "edit the client": (
        lambda s, by: portfolio.edit_client(
            s.session, by, client_id=s.client_id, form=a_client_form(contact_name="Kim")
        ),
        {"AM", "director", "admin"},
    ),
    "set a digest": (
        lambda s, by: set_schedule(
            s.session,
            by,
            channel_id="C_ACME",
            kind=DigestKind.SCOPE,
            is_on=True,
            zone="UTC",
            at=time(9),
            is_external=False,
        ),
        INSIDE | OWN,
    ),
    "change the settings": (
        lambda s, by: change_settings(s.session, by, director_id=None, zone="Europe/Paris", currency=None),
        {"director", "admin"} | OWN,
    ),
    "set the lines": (
        lambda s, by: change_lines(s.session, by, lines=Lines(minutes=600)),
        {"director", "admin"},
    ),
    "send a colleague away": (
        lambda s, by: absences.go_away(
            s.session,
            by,
            person_id=STRANGER,
            first_day=date(2026, 12, 1),
            last_day=date(2026, 12, 2),
            delegate_id=PETE,
        ),
        {"stranger", "director", "admin"},
    ),
}


@pytest.fixture
def scene(session: Session) -> Scene:
    settle(session, ELSEWHERE)
    for person_id, flags in {
        DELEGATE: {},
        STRANGER: {},
        OTHERS: {"is_external": True},
        GONE: {"is_active": False},
    }.items():
        remember(
            session, HERE, PersonFacts(person_id, person_id, "UTC", f"{person_id}@x.example", **flags), NOW
        )
    session.get_one(Workspace, HERE).director_id = MAX
    client = a_client(session)
    project = a_project(session, client)
    a_project(session, client, key="APP", name="App", pm_id=STRANGER, channel_id="C_APP")
    going = a_request(session, project)
    accept(session, going)
    absences.go_away(
        session,
        Actor(HERE, PETE, NOW),
        first_day=NOW.date(),
        last_day=date(2026, 12, 1),
        delegate_id=DELEGATE,
    )
    return Scene(session, client, project, a_request(session, project), going)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("what", ACTS)
def test_only_who_may_does_it(scene: Scene, what: str) -> None:
    act, may = ACTS[what]
    let_in = {
        role for role, (workspace_id, person) in ROLES.items() if is_let(scene, act, workspace_id, person)
    }
    assert let_in == may


def is_let(scene: Scene, act: Act, workspace_id: str, person: str) -> bool:
    """Whether it is done; whatever it did is taken back."""
    with scene.session.begin_nested() as part:
        try:
            act(scene, Actor(workspace_id, person, NOW))
        except WrongFields as wrong:
            if workspace_id == ELSEWHERE:
                # There, nobody knows the project.
                return False
            raise AssertionError(
                f"{person} may, and is told that what was given is wrong: {wrong}"
            ) from wrong
        except Refusal:
            return False
        finally:
            if part.is_active:
                part.rollback()
            scene.session.expire_all()
    return True
