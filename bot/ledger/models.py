"""Funding entries: every accepted hour names who pays for it."""

from __future__ import annotations

import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, Identified, belongs_to, text_enum


class Funding(enum.StrEnum):
    """Who pays for accepted hours."""

    CHANGE_ORDER = "change_order"
    RETAINER = "retainer"
    CONTINGENCY = "contingency"
    GOODWILL = "goodwill"
    SWAP = "swap"
    AGENCY_ERROR = "agency_error"

    @property
    def is_unpaid(self) -> bool:
        """Whether nobody pays: these hours are scope creep."""
        return self in {Funding.GOODWILL, Funding.AGENCY_ERROR}

    @property
    def is_billable(self) -> bool:
        """Whether the client is asked for a fee, on a change order."""
        return self is Funding.CHANGE_ORDER


class FundingEntry(Base, Identified):
    """So many accepted minutes of one request, and who pays for them.

    The ledger knows projects and requests by id only. An entry whose decision no longer stands is voided, never
    deleted.
    """

    __tablename__ = "funding_entries"
    __table_args__ = (
        belongs_to("project_id", "projects"),
        Index(None, "workspace_id", "project_id", "accepted_at"),
        Index(None, "workspace_id", "request_id"),
        CheckConstraint("minutes >= 0 AND amount_minor >= 0", name="not_negative"),
    )

    project_id: Mapped[UUID]
    request_id: Mapped[UUID]
    decision_id: Mapped[UUID]
    funding: Mapped[Funding] = mapped_column(text_enum(Funding))
    minutes: Mapped[int]
    # What these minutes are worth, in minor units: the fee where somebody pays, else the project's own rate.
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    accepted_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
