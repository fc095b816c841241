"""The week that a scope digest reports, and the seven before it.

A week is the seven local days up to the instant the digest was due, so that from one digest to the next nothing is
left out and nothing told twice, whatever the weekday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.digests.schedule import weeks_before

WEEKS = 8
# Days on which a week that ends there is nearly a calendar week: then it is called by its number.
_NAMED_WEEKDAYS = frozenset({5, 6, 7, 1, 2})


@dataclass(frozen=True)
class Week:
    """Eight weeks of seven local days; the last one ends when the digest is due."""

    zone: ZoneInfo
    end: datetime

    @property
    def start(self) -> datetime:
        """The instant at which the reported week begins."""
        return weeks_before(self.end, self.zone, 1)

    @property
    def edges(self) -> tuple[datetime, ...]:
        """The nine instants between and around the eight weeks, oldest first."""
        return tuple(weeks_before(self.end, self.zone, back) for back in range(WEEKS, -1, -1))

    @property
    def first_day(self) -> date:
        """The local day on which the reported week begins."""
        return self.start.astimezone(self.zone).date()

    @property
    def last_day(self) -> date:
        """The local day on which it ends."""
        return self.end.astimezone(self.zone).date()

    @property
    def has_number(self) -> bool:
        """Whether it is near enough to a calendar week to be called by that week's number."""
        return self.last_day.isoweekday() in _NAMED_WEEKDAYS

    def number(self, back: int = 0) -> int:
        """The ISO week in which most of the week so many weeks back lies."""
        middle = weeks_before(self.end, self.zone, back) - timedelta(days=3.5)
        return middle.astimezone(self.zone).isocalendar().week
