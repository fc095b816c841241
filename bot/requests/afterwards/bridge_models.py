"""What a "no" or a "not now" leads to: one row beside the decision, with the day on which it comes back."""

from __future__ import annotations

import enum
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, Identified, belongs_to, text_enum


class BridgeKind(enum.StrEnum):
    """What goes on instead: another way, the agreement that rules it out, or what would make it a yes."""

    ALTERNATIVE = "alternative"
    CLAUSE = "clause"
    DATE = "date"
    BUDGET = "budget"
    PHASE = "phase"
    CAPACITY = "capacity"
    # Of what was deferred alone: until the client renews.
    RENEWAL = "renewal"
    # Of what was accepted in case of something, and that did not come: once it does.
    CONDITION = "condition"
    # The same of a swap: once the client lets that go.
    SWAP = "swap"

    @property
    def is_said_by_its_date(self) -> bool:
        """Whether the date alone says all."""
        return self in {BridgeKind.DATE, BridgeKind.RENEWAL}


# It comes back with something that happens, not on a day of its own; few do, however many were declined.
AWAITS_EVENT = "kind IN ('renewal', 'phase') AND settled_at IS NULL AND came_back_at IS NULL"


class DecisionBridge(Base, Identified):
    """Where one decision that was no yes leads to."""

    __tablename__ = "decision_bridges"
    __table_args__ = (
        belongs_to("request_id", "change_requests"),
        belongs_to("decision_id", "decisions"),
        UniqueConstraint("workspace_id", "decision_id"),
        # Whether a later one stands in its place is not looked for among all later ones of the workspace.
        Index(None, "workspace_id", "request_id", "id"),
        Index(None, "settled_at", "came_back_at", "returns_on"),
        Index(
            "ix_decision_bridges_awaiting_event",
            "kind",
            sqlite_where=text(AWAITS_EVENT),
            postgresql_where=text(AWAITS_EVENT),
        ),
    )

    request_id: Mapped[UUID]
    decision_id: Mapped[UUID]
    kind: Mapped[BridgeKind] = mapped_column(text_enum(BridgeKind))
    text: Mapped[str] = mapped_column(default="")
    # On the morning of this day it is back with the account manager; none: when somebody asks again.
    returns_on: Mapped[date | None]
    came_back_at: Mapped[datetime | None]
    # Asked again, or let go: it comes back no more.
    settled_at: Mapped[datetime | None]
