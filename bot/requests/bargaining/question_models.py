"""What a decider asked back about a request, and what was answered: every round is kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, Identified, belongs_to


class Question(Base, Identified):
    """One question about a request, with its answer once there is one.

    It waits for its answer while it is the request's newest and the request's state says so; what was decided or
    edited meanwhile leaves it unanswered.
    """

    __tablename__ = "questions"
    __table_args__ = (
        belongs_to("request_id", "change_requests"),
        belongs_to("asked_by", "people"),
        belongs_to("answered_by", "people"),
        UniqueConstraint("workspace_id", "request_id", "number"),
    )

    request_id: Mapped[UUID]
    # Counted within the request: the form of an answer says which question it showed.
    number: Mapped[int]
    revision: Mapped[int]
    asked_by: Mapped[str] = mapped_column(String(32))
    asked_at: Mapped[datetime]
    text: Mapped[str]
    answered_by: Mapped[str | None] = mapped_column(String(32))
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
