"""A first yes: the decider agreed, and above the workspace's line the director has to agree too."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, Identified, belongs_to


class FirstApproval(Base, Identified):
    """What was agreed to first, by whom, and above which lines it lies; it counts until it is decided or changed."""

    __tablename__ = "first_approvals"
    __table_args__ = (
        belongs_to("request_id", "change_requests"),
        belongs_to("approved_by", "people"),
        Index(None, "workspace_id", "request_id"),
        CheckConstraint("minutes >= 0 AND fee_minor >= 0 AND delay_days >= 0", name="not_negative"),
    )

    request_id: Mapped[UUID]
    revision: Mapped[int]
    approved_by: Mapped[str] = mapped_column(String(32))
    on_behalf_of: Mapped[str | None] = mapped_column(String(32))
    approved_at: Mapped[datetime]
    # Whose decision it is, before it goes to the director and after it comes back from there.
    decider_id: Mapped[str] = mapped_column(String(32))
    minutes: Mapped[int]
    fee_minor: Mapped[int] = mapped_column(BigInteger)
    delay_days: Mapped[int]
    # Minutes by who pays.
    split: Mapped[dict[str, Any]]
    # The lines above which it lies: `{"minutes": 1200}`.
    above: Mapped[dict[str, Any]]
    # Decided, declined, edited: from here on it only tells what was.
    settled_at: Mapped[datetime | None]
