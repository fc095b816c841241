"""What Slack already delivered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, InWorkspace


class Received(Base, InWorkspace):
    """A delivery whose effect is committed; its repeat changes nothing."""

    __tablename__ = "received"
    __table_args__ = (Index(None, "received_at"),)

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    received_at: Mapped[datetime]
