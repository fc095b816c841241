"""When the story's moments are: counted back in working days, so that it always ends at the last business moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from bot.demo.agency import HOME_ZONE

_DAY = timedelta(days=1)
# From this local time on, the present day is the story's last one.
_DAY_HAS_BEGUN = time(9, 30)
_DAY_BEGINS, _DAY_ENDS = time(9), time(19)
_JUST_NOW = timedelta(minutes=2)
# Less than a minute, so that what is a minute apart in the tables stays in order.
_MOST_SECONDS_LATER = 55


class Calendar:
    """Turns `(day, "10:15")` into instants. All of them have passed at `now`; the same `seed` gives the same seconds."""

    def __init__(self, now: datetime, seed: int) -> None:
        self.now = now.astimezone(UTC)
        self._seed = seed
        local = now.astimezone(ZoneInfo(HOME_ZONE))
        today = local.date()
        has_begun = _works(today) and local.time() >= _DAY_HAS_BEGUN
        self.last_day = today if has_begun else _back(today, 1)

    def day(self, back: int) -> date:
        """The date so many working days before the last one (after it, if negative)."""
        return _back(self.last_day, back)

    def instant(self, back: int, at: str, zone: str) -> datetime:
        """The instant of a local time, a little later at random, and never after `now`."""
        moment = self.exactly(back, at, zone)
        moment += timedelta(
            seconds=Random(f"{self._seed} {back} {at} {zone}").randint(0, _MOST_SECONDS_LATER)
        )
        return self._squeezed(moment) if back == 0 else moment

    def exactly(self, back: int, at: str, zone: str) -> datetime:
        """The instant of a local time, to the minute."""
        return datetime.combine(self.day(back), time.fromisoformat(at), ZoneInfo(zone)).astimezone(UTC)

    def _squeezed(self, moment: datetime) -> datetime:
        """A moment of the last day, which may not be over: its hours then pass faster."""
        home = ZoneInfo(HOME_ZONE)
        begin = datetime.combine(self.last_day, _DAY_BEGINS, home)
        end = datetime.combine(self.last_day, _DAY_ENDS, home)
        until = self.now - _JUST_NOW
        if until < end:
            moment = begin + (moment - begin) * ((until - begin) / (end - begin))
        return min(moment, until).astimezone(UTC)


def _works(day: date) -> bool:
    return day.isoweekday() <= 5


def _back(day: date, working_days: int) -> date:
    step = _DAY if working_days > 0 else -_DAY
    left = abs(working_days)
    while left:
        day -= step
        left -= _works(day)
    return day
