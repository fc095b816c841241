"""The tenant and its settings."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base
from bot.workspaces.lines import KeepsLines


class KeepsHours:
    """When work is done, as far as it was set; what was not set is taken from further out (`people/hours.py`)."""

    # ISO weekdays: `12345`.
    work_days: Mapped[str | None] = mapped_column(String(7))
    # Local times; an end of 00:00 means midnight that night.
    work_from: Mapped[time | None]
    work_to: Mapped[time | None]
    # A country or a part of one whose public holidays are kept (`DE`, `DE-BY`); empty for none at all.
    holidays_of: Mapped[str | None] = mapped_column(String(32))


class Workspace(Base, KeepsHours, KeepsLines):
    """One Slack workspace, or one organisation where the app is installed for all of it.

    `id` is Slack's team id, or the enterprise id of an organisation-wide install.
    """

    __tablename__ = "workspaces"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str]
    bot_user_id: Mapped[str] = mapped_column(String(32), default="")
    bot_id: Mapped[str] = mapped_column(String(32), default="")
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    currency: Mapped[str] = mapped_column(String(3), default="EUR")
    # Decides what nobody else may: a request by somebody who is both AM and PM, goodwill above the limit.
    director_id: Mapped[str | None] = mapped_column(String(32))
    # In how many working minutes the first answer is due; what was not set is as in `requests/targets.py`.
    urgent_minutes: Mapped[int | None]
    high_minutes: Mapped[int | None]
    normal_minutes: Mapped[int | None]
    created_at: Mapped[datetime]
