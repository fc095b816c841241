"""Home tabs that people have opened: which of them no longer show what is, and how far changes were followed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, InWorkspace


class HomeTab(Base, InWorkspace):
    """One person's Home as it was published last: it is drawn anew until it shows what it should.

    However much changes, one refresh is pending for a person at a time.
    """

    __tablename__ = "home_tabs"
    __table_args__ = (Index(None, "is_stale", "next_attempt_at"),)

    person_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    opened_at: Mapped[datetime]
    # Which page of each list it shows.
    pages: Mapped[dict[str, Any]]
    wanted: Mapped[int] = mapped_column(default=1)
    is_stale: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    lease: Mapped[str | None] = mapped_column(String(36))
    leased_until: Mapped[datetime | None]
    # Slack's name for the view that stands there: who publishes over another one is refused.
    view_hash: Mapped[str] = mapped_column(String(80), default="")
    # What stands there, so that the same is not published twice.
    shows: Mapped[str] = mapped_column(String(64), default="")
    # When a publication whose end nobody knows must have landed: it is published once more then, over that.
    redraw_at: Mapped[datetime | None]


class HomeWatch(Base, InWorkspace):
    """Until when what happened in a workspace was followed by its Homes."""

    __tablename__ = "home_watches"

    seen_until: Mapped[datetime]
