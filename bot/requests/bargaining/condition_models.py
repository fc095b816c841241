"""What an acceptance depends on: a condition that somebody confirms, or the client's yes to what goes out instead."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, Identified, belongs_to, text_enum


class ConditionKind(enum.StrEnum):
    """What has to be confirmed."""

    CONDITION = "condition"
    # The client agrees that something goes out for it.
    SWAP = "swap"


class ConditionOutcome(enum.StrEnum):
    """How it ended."""

    MET = "met"
    NOT_MET = "not_met"
    EXPIRED = "expired"


class Condition(Base, Identified):
    """What one decision depends on; it waits while that decision stands and nobody said how it ended."""

    __tablename__ = "conditions"
    __table_args__ = (
        belongs_to("request_id", "change_requests"),
        belongs_to("decision_id", "decisions"),
        belongs_to("confirmer_id", "people"),
        belongs_to("settled_by", "people"),
        UniqueConstraint("workspace_id", "request_id", "number"),
        UniqueConstraint("workspace_id", "decision_id"),
        Index(None, "settled_at", "expires_at"),
    )

    request_id: Mapped[UUID]
    decision_id: Mapped[UUID]
    # Counted within the request: a button says which condition it showed.
    number: Mapped[int]
    kind: Mapped[ConditionKind] = mapped_column(text_enum(ConditionKind))
    text: Mapped[str] = mapped_column(default="")
    confirmer_id: Mapped[str] = mapped_column(String(32))
    # The last day, and its end where the decider lives; none: it waits for ever.
    due_on: Mapped[date | None]
    expires_at: Mapped[datetime | None]
    # Who would pay for how many minutes: written to the ledger only once it is confirmed.
    split: Mapped[dict[str, Any]]
    outcome: Mapped[ConditionOutcome | None] = mapped_column(text_enum(ConditionOutcome))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(default="")


class SwapPart(Base, Identified):
    """One thing that goes out for a request: so many minutes of a scope item, or an accepted request as a whole."""

    __tablename__ = "swap_parts"
    __table_args__ = (
        belongs_to("condition_id", "conditions"),
        belongs_to("out_request_id", "change_requests"),
        Index(None, "workspace_id", "condition_id"),
        Index(None, "workspace_id", "out_request_id"),
        CheckConstraint("minutes > 0", name="positive"),
    )

    condition_id: Mapped[UUID]
    out_request_id: Mapped[UUID | None]
    # As the scope item read when it was swapped: scope is rewritten, what was agreed is not.
    text: Mapped[str] = mapped_column(default="")
    minutes: Mapped[int]
