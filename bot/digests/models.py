"""When a digest is due, and which periods were posted."""

from __future__ import annotations

import enum
from datetime import datetime, time
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, Identified, belongs_to, text_enum


class DigestKind(enum.StrEnum):
    """What a digest tells."""

    SCOPE = "scope"
    DEADLINES = "deadlines"


class Coverage(enum.StrEnum):
    """Which projects a digest speaks of."""

    CHANNEL = "channel"
    ALL = "all"


class RunState(enum.StrEnum):
    """What became of a period."""

    POSTED = "posted"
    SKIPPED = "skipped"


class DigestSchedule(Base, Identified):
    """One digest of one channel: when it is due in the channel's own zone, and whether it is on."""

    __tablename__ = "digest_schedules"
    __table_args__ = (
        UniqueConstraint("workspace_id", "channel_id", "kind"),
        Index(None, "is_on", "next_run_at"),
    )

    channel_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[DigestKind] = mapped_column(text_enum(DigestKind))
    covers: Mapped[Coverage] = mapped_column(text_enum(Coverage), default=Coverage.CHANNEL)
    is_on: Mapped[bool] = mapped_column(default=True)
    zone: Mapped[str] = mapped_column(String(64))
    at: Mapped[time]
    # ISO weekday (1 = Monday) of a weekly digest; the deadline digest comes on every weekday.
    weekday: Mapped[int] = mapped_column(default=1)
    next_run_at: Mapped[datetime]
    set_by: Mapped[str] = mapped_column(String(32))


class DigestRun(Base, Identified):
    """One period of one schedule: the unique key is why it is posted once."""

    __tablename__ = "digest_runs"
    __table_args__ = (
        belongs_to("schedule_id", "digest_schedules"),
        UniqueConstraint("workspace_id", "schedule_id", "period"),
    )

    schedule_id: Mapped[UUID]
    # The local date (`2026-11-23`) or ISO week (`2026-W48`): not an instant, so a clock change cannot double it.
    period: Mapped[str] = mapped_column(String(16))
    state: Mapped[RunState] = mapped_column(text_enum(RunState))
    reason: Mapped[str] = mapped_column(default="")
    ran_at: Mapped[datetime]
