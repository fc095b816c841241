"""The lines above which one yes is not enough: hours, money, hours given away in one decision."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column


class KeepsLines:
    """Above which figures a second yes is needed; nothing where none is set."""

    second_minutes: Mapped[int | None]
    # Minor units of the row's own currency.
    second_minor: Mapped[int | None] = mapped_column(BigInteger)
    second_goodwill_minutes: Mapped[int | None]


@dataclass(frozen=True)
class Lines:
    """The lines as somebody sets them; nothing for no line."""

    minutes: int | None = None
    fee_minor: int | None = None
    goodwill_minutes: int | None = None

    @property
    def are_set(self) -> bool:
        """Whether there is any line at all."""
        return self != Lines()

    @classmethod
    def of(cls, row: KeepsLines) -> Lines:
        """What a row keeps."""
        return cls(row.second_minutes, row.second_minor, row.second_goodwill_minutes)

    def put(self, row: KeepsLines) -> None:
        """Let a row keep them."""
        row.second_minutes = self.minutes
        row.second_minor = self.fee_minor
        row.second_goodwill_minutes = self.goodwill_minutes
