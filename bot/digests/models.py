"""When a digest is due, and which periods were posted."""

from __future__ import annotations

import enum
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, Identified, text_enum
from bot.digests.schedule import WORKDAYS, Rule


class DigestKind(enum.StrEnum):
    """What a digest tells."""

    SCOPE = "scope"
    DEADLINES = "deadlines"

    @property
    def is_weekly(self) -> bool:
        """Whether it comes once a week; the other kind comes on every weekday."""
        return self is DigestKind.SCOPE


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
        CheckConstraint("weekday BETWEEN 1 AND 7", name="iso_weekday"),
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

    @property
    def rule(self) -> Rule:
        """When it is due, as a rule of local times."""
        days = frozenset({self.weekday}) if self.kind.is_weekly else WORKDAYS
        return Rule(at=self.at, zone=ZoneInfo(self.zone), weekdays=days)


class DigestRun(Base, Identified):
    """One period of one digest of one channel: the unique key is why it is posted once.

    It holds all that its report depends on, so that the message can be rendered long after the schedule changed.
    """

    __tablename__ = "digest_runs"
    __table_args__ = (UniqueConstraint("workspace_id", "channel_id", "kind", "period"),)

    channel_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[DigestKind] = mapped_column(text_enum(DigestKind))
    # The local date (`2026-11-23`) or ISO week (`2026-W48`): not an instant, so a clock change cannot double it.
    # A digest posted by hand has a period of its own (`now:` and the instant).
    period: Mapped[str] = mapped_column(String(40))
    covers: Mapped[Coverage] = mapped_column(text_enum(Coverage))
    zone: Mapped[str] = mapped_column(String(64))
    # When it was due: its week ends here, and this is its `today`.
    due_at: Mapped[datetime]
    state: Mapped[RunState] = mapped_column(text_enum(RunState))
    # Why a period was skipped; empty where it was posted.
    reason: Mapped[str] = mapped_column(default="")
    ran_at: Mapped[datetime]
