"""Rows for reports: an agency with projects, requests, decisions and funding, written straight into the tables.

The reports read rows whoever wrote them, so these tests need none of the use cases that usually do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.db.transaction import transaction
from bot.digests.edition import Edition
from bot.digests.models import Coverage, DigestKind
from bot.ledger.models import Funding, FundingEntry
from bot.outbox.models import Posting
from bot.people.models import Actor, Person
from bot.portfolio.models import Baseline, BaselineOrigin, Client, Project
from bot.requests.models import BallInterval, ChangeRequest, Decision, Outcome, Promise, Reason, State
from bot.workspaces.models import Workspace

HERE = "T1"
# Monday of ISO week 48, 09:00 in Berlin.
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
ANA, PETE, OLGA, GUEST = "U_ANA", "U_PETE", "U_OLGA", "U_GUEST"
HOME = "C_ACME"


def by(person_id: str, now: datetime = MONDAY) -> Actor:
    """Somebody, doing something now."""
    return Actor(HERE, person_id, now)


def an_edition(kind: DigestKind = DigestKind.SCOPE, **changes: Any) -> Edition:
    """What a channel would get on that Monday."""
    values: dict[str, Any] = {
        "workspace_id": HERE,
        "channel_id": HOME,
        "kind": kind,
        "covers": Coverage.ALL,
        "zone": "Europe/Berlin",
        "due_at": MONDAY,
        "now": MONDAY,
    }
    return Edition(**(values | changes))


@dataclass
class Agency:
    """Writes rows into one transaction."""

    session: Session
    workspace_id: str = HERE
    numbers: dict[UUID, int] = field(default_factory=dict)

    def open(self) -> None:
        """The workspace and its people."""
        self.session.add(
            Workspace(id=self.workspace_id, name="Agency", zone="Europe/Berlin", created_at=MONDAY)
        )
        self.session.flush()  # everything refers to it
        for person_id, name, zone, is_external in (
            (ANA, "Ana", "Europe/Madrid", False),
            (PETE, "Pete", "Europe/Berlin", False),
            (OLGA, "Olga", "America/New_York", False),
            (GUEST, "Gus", "UTC", True),
        ):
            self.session.add(
                Person(
                    workspace_id=self.workspace_id,
                    id=person_id,
                    name=name,
                    zone=zone,
                    is_external=is_external,
                    refreshed_at=MONDAY,
                )
            )
        self.session.flush()  # clients and projects refer to them

    def client(self, name: str = "Acme", **changes: Any) -> Client:
        """A client of Ana's."""
        values = {
            "am_id": ANA,
            "currency": "EUR",
            "renewal_on": None,
            "created_by": ANA,
            "created_at": MONDAY,
        }
        row = Client(workspace_id=self.workspace_id, id=new_id(), name=name, **(values | changes))
        self.session.add(row)
        self.session.flush()  # projects refer to it
        return row

    def project(self, client: Client, key: str = "ACME", **changes: Any) -> Project:
        """A project of Pete's, with 120 hours agreed unless `minutes` says otherwise."""
        baseline = {
            name: changes.pop(name, default)
            for name, default in {"minutes": 7_200, "budget_minor": 14_400_00, "due_on": None}.items()
        }
        values = {
            "name": f"{client.name} Website",
            "pm_id": PETE,
            "channel_id": HOME,
            "starts_on": None,
            "closed_at": None,
            "created_by": ANA,
            "created_at": MONDAY,
        }
        row = Project(
            workspace_id=self.workspace_id, id=new_id(), client_id=client.id, key=key, **(values | changes)
        )
        self.session.add(row)
        self.session.flush()  # its baseline and requests refer to it
        self.baseline(row, version=1, **baseline)
        return row

    def baseline(self, project: Project, **changes: Any) -> None:
        """One more version of a project's baseline."""
        values = {
            "origin": BaselineOrigin.AGREED,
            "budget_minor": 0,
            "due_on": None,
            "request_id": None,
            "created_at": MONDAY,
        }
        self.session.add(
            Baseline(workspace_id=self.workspace_id, id=new_id(), project_id=project.id, **(values | changes))
        )

    def request(self, project: Project, **changes: Any) -> ChangeRequest:
        """A request that Pete has had since three working days before that Monday, unless told otherwise."""
        number = self.numbers[project.id] = self.numbers.get(project.id, 0) + 1
        values = {
            "reference": f"{project.key}-{number}",
            "state": State.UNDER_REVIEW,
            "title": f"Ask {number}",
            "reason": Reason.CLIENT_REQUEST,
            "needed_by": None,
            "estimated_minutes": None,
            "promise": Promise.NOTHING_SAID,
            "answer_owed_on": date(2027, 1, 1),
            "client_told_at": None,
            "requester_id": ANA,
            "decider_id": PETE,
            "ball_holder_id": PETE,
            "submitted_at": MONDAY - timedelta(days=30),
            "decided_at": None,
            "closed_at": None,
        }
        since = changes.pop("since", MONDAY - timedelta(days=5))
        values |= changes
        row = ChangeRequest(
            workspace_id=self.workspace_id, id=new_id(), project_id=project.id, number=number, **values
        )
        self.session.add(row)
        self.session.flush()  # the ball and decisions refer to it
        if row.ball_holder_id is not None:
            self.session.add(
                BallInterval(
                    workspace_id=self.workspace_id,
                    request_id=row.id,
                    holder_id=row.ball_holder_id,
                    since=since,
                    until=None,
                )
            )
        return row

    def accepted(
        self,
        project: Project,
        minutes: int,
        funding: Funding = Funding.CHANGE_ORDER,
        at: datetime = MONDAY - timedelta(days=3),
        amount_minor: int = 0,
        **changes: Any,
    ) -> ChangeRequest:
        """A request accepted at so many minutes, paid for by `funding`."""
        row = self.request(
            project, **({"state": State.APPROVED, "ball_holder_id": ANA, "decided_at": at} | changes)
        )
        decision = self._decided(row, Outcome.APPROVED, at, minutes=minutes)
        self.session.add(
            FundingEntry(
                workspace_id=self.workspace_id,
                id=new_id(),
                project_id=project.id,
                request_id=row.id,
                decision_id=decision.id,
                funding=funding,
                minutes=minutes,
                amount_minor=amount_minor,
                accepted_at=at,
                voided_at=None,
            )
        )
        return row

    def declined(
        self, project: Project, at: datetime = MONDAY - timedelta(days=3), **changes: Any
    ) -> ChangeRequest:
        """A request that was declined."""
        row = self.request(project, state=State.REJECTED, ball_holder_id=ANA, decided_at=at, **changes)
        self._decided(row, Outcome.REJECTED, at)
        return row

    def card(self, request: ChangeRequest, channel_id: str = HOME, ts: str = "1763900000.000100") -> None:
        """The posted card of a request."""
        self.session.add(
            Posting(
                workspace_id=self.workspace_id,
                id=new_id(),
                kind="card",
                subject_id=request.id,
                facts={},
                destination=channel_id,
                channel_id=channel_id,
                ts=ts,
                next_attempt_at=MONDAY,
            )
        )

    def _decided(self, row: ChangeRequest, outcome: Outcome, at: datetime, minutes: int = 0) -> Decision:
        decision = Decision(
            workspace_id=self.workspace_id,
            id=new_id(),
            request_id=row.id,
            revision=1,
            outcome=outcome,
            decided_by=PETE,
            decided_at=at,
            minutes=minutes,
            reason="",
            cleared_at=None,
        )
        self.session.add(decision)
        return decision


@contextmanager
def agency(engine: Engine, workspace_id: str = HERE) -> Iterator[Agency]:
    """A new agency; what is written in the block is committed at its end."""
    with transaction(engine) as session:
        house = Agency(session, workspace_id)
        house.open()
        yield house
