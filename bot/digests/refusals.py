"""Why a digest cannot be set as asked."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import Refusal


@dataclass(unsafe_hash=True)
class DigestsStayInside(Refusal):
    """The channel is shared with another company, and digests speak of money, hours and other clients."""

    channel_id: str


@dataclass(unsafe_hash=True)
class NotAWeekday(Refusal):
    """ISO weekdays go from 1, Monday, to 7, Sunday."""

    weekday: int


@dataclass(unsafe_hash=True)
class NotAWholeMinute(Refusal):
    """A digest comes at a local time of a whole minute."""

    given: str
