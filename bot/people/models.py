"""Slack users known to Handoff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, Identified, InWorkspace, belongs_to
from bot.workspaces.models import KeepsHours


@dataclass(frozen=True)
class Actor:
    """Who does something, in which workspace, and when: the first argument of every use case."""

    workspace_id: str
    person_id: str
    now: datetime


# Who acts when nobody does: the clock. It is nobody's id, and reads as a name where people are named.
HANDOFF = "Handoff"


def by_the_clock(workspace_id: str, now: datetime) -> Actor:
    """Handoff itself, doing what was to be done by now."""
    return Actor(workspace_id, HANDOFF, now)


class Person(Base, InWorkspace, KeepsHours):
    """A Slack user who touched Handoff or was named in it; `id` is Slack's user id."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    # From another company (Slack Connect), or a guest of ours: may look where they already are, may not decide.
    is_external: Mapped[bool] = mapped_column(default=False)
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    refreshed_at: Mapped[datetime]

    @property
    def tz(self) -> ZoneInfo:
        """The zone this person lives in."""
        return ZoneInfo(self.zone)


class Delegation(Base, Identified):
    """Somebody is away from one day to another (both included, where they live), and somebody else acts for them."""

    __tablename__ = "delegations"
    __table_args__ = (
        belongs_to("person_id", "people"),
        belongs_to("delegate_id", "people"),
        Index(None, "workspace_id", "last_day"),
        Index(None, "next_change_at"),
        CheckConstraint("first_day <= last_day", name="days_in_order"),
    )

    person_id: Mapped[str] = mapped_column(String(32))
    delegate_id: Mapped[str] = mapped_column(String(32))
    first_day: Mapped[date]
    last_day: Mapped[date]
    note: Mapped[str] = mapped_column(default="")
    set_by: Mapped[str] = mapped_column(String(32))
    set_at: Mapped[datetime]
    # Taken back, or ended with somebody's account: it counts no more from here on.
    ended_at: Mapped[datetime | None]
    # When the clock looks at it next: as it begins and when it is over; none when nothing more is to come.
    next_change_at: Mapped[datetime | None]

    @property
    def days(self) -> tuple[date, date]:
        """The first day and the last."""
        return self.first_day, self.last_day
