"""What somebody says about a client or a project, before anything is checked against the rows."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bot.portfolio.languages import Language
from bot.workspaces.lines import Lines


class ClientField(enum.StrEnum):
    """The fields of a client, as `WrongField` names them."""

    NAME = "name"
    AM = "am"
    CONTACT = "contact"
    LANGUAGE = "language"
    CURRENCY = "currency"
    RENEWAL = "renewal_on"
    GOODWILL = "goodwill_hours"


class ProjectField(enum.StrEnum):
    """The fields of a project, as `WrongField` names them."""

    CLIENT = "client"
    NAME = "name"
    KEY = "key"
    PM = "pm"
    CHANNEL = "channel"
    HOURS = "hours"
    BUDGET = "budget"
    STARTS = "starts_on"
    DUE = "due_on"
    IN_SCOPE = "in_scope"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class ClientForm:
    """A client as somebody describes it; no currency means the workspace's."""

    name: str
    am_id: str
    contact_name: str = ""
    currency: str = ""
    renewal_on: date | None = None
    goodwill_minutes: int = 0
    language: Language = Language.ENGLISH
    # Where nothing is said of them (a file), they stay as they are.
    lines: Lines | None = None


@dataclass(frozen=True)
class ScopeLine:
    """One line of the statement of work; `rounds` are the revisions that the price holds."""

    text: str
    is_included: bool = True
    rounds: int | None = None


@dataclass(frozen=True)
class Figures:
    """What a baseline holds: hours as minutes, the budget in minor units of the client's currency, the due date."""

    minutes: int = 0
    budget_minor: int = 0
    due_on: date | None = None


@dataclass(frozen=True)
class ProjectForm:
    """A project as somebody describes it.

    Where figures or scope are nothing, they stay as they are (a new project: zero, and no scope items).
    """

    client_id: UUID
    name: str
    key: str
    pm_id: str
    channel_id: str
    starts_on: date | None = None
    figures: Figures | None = None
    scope: tuple[ScopeLine, ...] | None = None
