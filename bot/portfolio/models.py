"""Clients, projects, baselines and scope items: who owns what, and what was agreed."""

from __future__ import annotations

import enum
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, Identified, belongs_to, text_enum
from bot.portfolio.languages import Language
from bot.workspaces.lines import KeepsLines


class BaselineOrigin(enum.StrEnum):
    """Why a version of the baseline exists: agreed at the start (or corrected), approved, or an approval taken back."""

    AGREED = "agreed"
    APPROVAL = "approval"
    REVERSAL = "reversal"


# A query uses the index of them that says so word for word.
IS_AGREED = text("origin = 'agreed'")


class Client(Base, Identified, KeepsLines):
    """A customer, kept for years, owned by one account manager."""

    __tablename__ = "clients"
    __table_args__ = (
        belongs_to("am_id", "people"),
        UniqueConstraint("workspace_id", "name"),
        CheckConstraint("goodwill_minutes >= 0", name="goodwill_not_negative"),
    )

    name: Mapped[str]
    am_id: Mapped[str] = mapped_column(String(32))
    # Whom the AM writes to: the name that opens the words for the client.
    contact_name: Mapped[str] = mapped_column(default="")
    # In which the words for the client are written.
    language: Mapped[Language] = mapped_column(
        text_enum(Language), default=Language.ENGLISH, server_default=Language.ENGLISH.value
    )
    currency: Mapped[str] = mapped_column(String(3))
    renewal_on: Mapped[date | None]
    # Minutes a month that may be given away.
    goodwill_minutes: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]


class Project(Base, Identified):
    """Time-bounded work for a client, owned by one project manager."""

    __tablename__ = "projects"
    __table_args__ = (
        belongs_to("client_id", "clients"),
        belongs_to("pm_id", "people"),
        UniqueConstraint("workspace_id", "key"),
        Index(None, "workspace_id", "channel_id"),
        Index(None, "workspace_id", "client_id"),
        Index(None, "workspace_id", "pm_id"),
    )

    client_id: Mapped[UUID]
    key: Mapped[str] = mapped_column(String(10))
    name: Mapped[str]
    pm_id: Mapped[str] = mapped_column(String(32))
    channel_id: Mapped[str] = mapped_column(String(32))
    starts_on: Mapped[date | None]
    # Requests are numbered within their project; this is the last number given out.
    last_number: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]
    created_by: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]


class Baseline(Base, Identified):
    """One approved version of a project's hours, budget and due date."""

    __tablename__ = "baselines"
    __table_args__ = (
        belongs_to("project_id", "projects"),
        UniqueConstraint("workspace_id", "project_id", "version"),
        # What was agreed is looked up behind every version that came after it.
        Index(
            "ix_baselines_agreed",
            *("workspace_id", "project_id", "version"),
            sqlite_where=IS_AGREED,
            postgresql_where=IS_AGREED,
        ),
        CheckConstraint("minutes >= 0 AND budget_minor >= 0", name="not_negative"),
    )

    project_id: Mapped[UUID]
    version: Mapped[int]
    origin: Mapped[BaselineOrigin] = mapped_column(text_enum(BaselineOrigin))
    minutes: Mapped[int]
    # In minor units (cents) of the client's currency.
    # Four bytes would end at 21 million euros, and at 80 thousand of them in dong.
    budget_minor: Mapped[int] = mapped_column(BigInteger)
    due_on: Mapped[date | None]
    # The approved request that made this version.
    request_id: Mapped[UUID | None]
    created_at: Mapped[datetime]


class ScopeItem(Base, Identified):
    """One line of the statement of work: in scope, or explicitly out."""

    __tablename__ = "scope_items"
    __table_args__ = (
        belongs_to("project_id", "projects", ondelete="CASCADE"),
        Index(None, "workspace_id", "project_id"),
    )

    project_id: Mapped[UUID]
    position: Mapped[int]
    text: Mapped[str]
    is_included: Mapped[bool]
    # How many rounds of revision the price holds; none where the item has no rounds.
    revision_rounds: Mapped[int | None]
