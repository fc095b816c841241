"""What is known of a client or a project, as values: for cards, modals, digests and matching."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bot.portfolio.languages import Language
from bot.workspaces.lines import Lines


@dataclass(frozen=True)
class ClientFacts:
    """A client with its account manager's name."""

    id: UUID
    name: str
    am_id: str
    am_name: str
    contact_name: str
    currency: str
    renewal_on: date | None
    goodwill_minutes: int
    created_by: str | None
    language: Language = Language.ENGLISH
    # Above which figures two have to agree, where it is otherwise than in the workspace.
    second_minutes: int | None = None
    second_minor: int | None = None
    second_goodwill_minutes: int | None = None

    @property
    def lines(self) -> Lines:
        """The client's own lines."""
        return Lines(self.second_minutes, self.second_minor, self.second_goodwill_minutes)


@dataclass(frozen=True)
class ProjectFacts:
    """A project with its client, its people, what was agreed at the start and what stands now.

    Hours are minutes, money is minor units of `currency`. The agreed figures are what growth and creep are
    measured against; the others are the newest baseline.
    """

    workspace_id: str
    id: UUID
    key: str
    name: str
    channel_id: str
    starts_on: date | None
    closed_at: datetime | None
    created_by: str | None
    last_number: int

    client_id: UUID
    client_name: str
    contact_name: str
    currency: str
    renewal_on: date | None
    goodwill_minutes: int
    am_id: str
    am_name: str
    pm_id: str
    pm_name: str

    agreed_minutes: int
    agreed_budget_minor: int
    agreed_due_on: date | None
    minutes: int
    budget_minor: int
    due_on: date | None
    baseline_version: int
    has_approvals: bool
    # The client's.
    language: Language = Language.ENGLISH

    @property
    def is_open(self) -> bool:
        """Whether work goes on, so that requests may be logged."""
        return self.closed_at is None

    @property
    def label(self) -> str:
        """`Acme · Website`; the project alone where its name says the client already."""
        if self.client_name.casefold() in self.name.casefold():
            return self.name
        return f"{self.client_name} · {self.name}"


@dataclass(frozen=True)
class KnownProject:
    """As much of a project as is needed to find it by what somebody types."""

    id: UUID
    key: str
    name: str
    client_id: UUID
    client_name: str
    channel_id: str
