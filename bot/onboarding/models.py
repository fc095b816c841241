"""Who is guided through the first steps of a workspace."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, InWorkspace


class Guide(Base, InWorkspace):
    """One workspace's first steps: what cannot be told from the other tables.

    Once finished it stays so: who switches a digest off later needs no guide.
    """

    __tablename__ = "guides"

    person_id: Mapped[str] = mapped_column(String(32))
    # A project's home channel in which Handoff was seen; empty until then.
    channel_id: Mapped[str] = mapped_column(String(32), default="")
    finished_at: Mapped[datetime | None]
