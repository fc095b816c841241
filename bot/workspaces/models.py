"""The tenant and its settings."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base


class Workspace(Base):
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
    created_at: Mapped[datetime]
