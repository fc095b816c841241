"""Business time: how many working minutes lie between two instants, and when so many have passed."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONDAY_TO_FRIDAY = frozenset({1, 2, 3, 4, 5})
MIDNIGHT = time(0, 0)
_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class WorkingHours:
    """When somebody works: ISO weekdays and local times of one zone; an `end` of 00:00 means midnight that night.

    Instants go in aware and come out in UTC. Seconds are cut off, so that adjoining intervals add up exactly.
    """

    zone: str
    days: frozenset[int] = MONDAY_TO_FRIDAY
    start: time = time(9, 0)
    end: time = time(17, 0)
    holidays: frozenset[date] = frozenset()
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _days_off: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse hours in which nobody would ever work (ValueError), or an unknown zone."""
        if not self.days or not self.days <= frozenset(range(1, 8)):
            raise ValueError("days are ISO weekdays, 1 to 7, at least one")
        if self.end != MIDNIGHT and self.start >= self.end:
            raise ValueError("a working day ends after it starts")
        if any(edge.second or edge.microsecond or edge.tzinfo for edge in (self.start, self.end)):
            raise ValueError("hours are local times in whole minutes")
        object.__setattr__(self, "_zone", ZoneInfo(self.zone))
        off = sorted(day for day in self.holidays if day.isoweekday() in self.days)
        object.__setattr__(self, "_days_off", tuple(off))

    def is_working(self, at: datetime) -> bool:
        """Whether `at` falls into working time; the end of a day no longer does."""
        span = self._span(self._local_date(at))
        return span is not None and span[0] <= at < span[1]

    def next_start(self, at: datetime) -> datetime:
        """The first instant from `at` on that is working time: `at` itself during work."""
        day = self._local_date(at)
        while True:
            span = self._span(day)
            if span is not None and at < span[1]:
                return max(span[0], at.astimezone(UTC))
            day += _DAY

    def begins(self, day: date) -> datetime | None:
        """When work begins on a date; none on a day off."""
        span = self._span(day)
        return None if span is None else span[0]

    def minutes_between(self, start: datetime, end: datetime) -> int:
        """How many working minutes pass from `start` to `end`; none if `end` is not later."""
        start, end = _whole_minute(start), _whole_minute(end)
        if end <= start:
            return 0
        first, last = self._local_date(start), self._local_date(end)
        if first == last:
            return self._minutes_within(first, start, end)
        return (
            self._minutes_within(first, start, end)
            + self._minutes_of_days(first + _DAY, last)
            + self._minutes_within(last, start, end)
        )

    def add(self, start: datetime, minutes: int) -> datetime:
        """The first instant at which `minutes` working minutes have passed since `start`; ValueError below none."""
        if minutes < 0:
            raise ValueError("working time cannot be taken back")
        if minutes == 0:
            return _aware(start).astimezone(UTC)
        start = _whole_minute(start)
        day = self._local_date(start)
        left = minutes - self._minutes_within(day, start, start + 2 * _DAY)
        if left <= 0:
            return self._moment(day, start, minutes)
        day += _DAY
        while (passed := self._minutes_of_days(day, day + _WEEK)) < left:
            left -= passed
            day += _WEEK
        while (passed := self._minutes_of_days(day, day + _DAY)) < left:
            left -= passed
            day += _DAY
        return self._moment(day, start, left)

    def add_days(self, day: date, n: int) -> date:
        """The `n`-th working day after `day` (before it, if `n` is negative); `day` itself for 0."""
        step = _DAY if n > 0 else -_DAY
        for _ in range(abs(n)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def is_working_day(self, day: date) -> bool:
        """Whether work is done on this date at all."""
        return day.isoweekday() in self.days and day not in self.holidays

    def _local_date(self, at: datetime) -> date:
        return _aware(at).astimezone(self._zone).date()

    def _moment(self, day: date, start: datetime, minutes: int) -> datetime:
        span = self._span(day)
        assert span is not None  # a day that has minutes has a span
        return max(span[0], start) + minutes * _MINUTE

    def _span(self, day: date) -> tuple[datetime, datetime] | None:
        """The working time of a date, as instants; None on a day off, and on a date that the zone skipped."""
        if not self.is_working_day(day):
            return None
        starts = datetime.combine(day, self.start, self._zone).astimezone(UTC)
        if starts.astimezone(self._zone).date() != day:
            return None  # Samoa had no 30 December 2011
        last_day = day + _DAY if self.end == MIDNIGHT else day
        return starts, datetime.combine(last_day, self.end, self._zone).astimezone(UTC)

    def _minutes_within(self, day: date, start: datetime, end: datetime) -> int:
        span = self._span(day)
        if span is None:
            return 0
        return max(0, (min(span[1], end) - max(span[0], start)) // _MINUTE)

    def _minutes_of_days(self, first: date, beyond: date) -> int:
        """The working minutes of whole dates; a week in which no clock is changed costs one step."""
        total = 0
        while first < beyond:
            stop = min(first + _WEEK, beyond)
            if self._offset(first) == self._offset(stop):
                total += self._nominal * self._working_days(first, stop)
            else:
                for n in range((stop - first).days):
                    span = self._span(first + n * _DAY)
                    total += (span[1] - span[0]) // _MINUTE if span else 0
            first = stop
        return total

    @property
    def _nominal(self) -> int:
        end = self.end.hour * 60 + self.end.minute
        return (end or 24 * 60) - (self.start.hour * 60 + self.start.minute)

    def _working_days(self, first: date, beyond: date) -> int:
        weeks, rest = divmod((beyond - first).days, 7)
        weekday = first.isoweekday()
        days = weeks * len(self.days) + sum((weekday + n - 1) % 7 + 1 in self.days for n in range(rest))
        return days - (bisect_left(self._days_off, beyond) - bisect_left(self._days_off, first))

    def _offset(self, day: date) -> timedelta | None:
        return datetime.combine(day, MIDNIGHT, self._zone).utcoffset()


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at


def _whole_minute(at: datetime) -> datetime:
    return _aware(at).astimezone(UTC).replace(second=0, microsecond=0)
