"""What a decider puts on the table instead of yes or no: up to three priced options, round after round."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, Identified, belongs_to, text_enum
from bot.ledger.models import Funding


class Offer(Base, Identified):
    """One option of a counter-offer.

    It is on the table while its round is the request's newest, the request's state says so, and its time is not
    over: nothing has to be written when another is taken, or when all of them are replaced.
    """

    __tablename__ = "offers"
    __table_args__ = (
        belongs_to("request_id", "change_requests"),
        belongs_to("offered_by", "people"),
        belongs_to("taken_by", "people"),
        UniqueConstraint("workspace_id", "request_id", "round", "position"),
        Index(None, "lapsed_at", "expires_at"),
        CheckConstraint("minutes >= 0 AND fee_minor >= 0 AND delay_days >= 0", name="not_negative"),
    )

    request_id: Mapped[UUID]
    # Counted within the request: a new counter-offer takes the place of the one before.
    round: Mapped[int]
    # 1, 2, 3: people read A, B, C.
    position: Mapped[int]
    revision: Mapped[int]
    offered_by: Mapped[str] = mapped_column(String(32))
    offered_at: Mapped[datetime]
    what: Mapped[str]
    minutes: Mapped[int]
    fee_minor: Mapped[int] = mapped_column(BigInteger)
    # How much later the whole project is delivered by this option.
    delay_days: Mapped[int]
    # When this part is there, on a project that has no date of delivery.
    ready_on: Mapped[date | None]
    funding: Mapped[Funding] = mapped_column(text_enum(Funding))
    valid_until: Mapped[date]
    # The end of that day where its decider lives.
    expires_at: Mapped[datetime]
    # When the clock saw that its time was over, and had the card drawn anew.
    lapsed_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]
    taken_by: Mapped[str | None] = mapped_column(String(32))
