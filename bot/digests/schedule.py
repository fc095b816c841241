"""When a digest is due, in local times of a zone: pure arithmetic, no rows and no clock.

Daylight saving: a local time that the spring night skips is moved on by the gap (00:00 becomes 01:00); one that the
autumn night repeats is its first occurrence.

A late start, because the clock process was off: a weekly digest is still worth reading two days later, a deadline
digest only on its own day (with an hour's grace around midnight). What is later than that is skipped, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WORKDAYS = frozenset({1, 2, 3, 4, 5})
WEEKLY_GRACE = timedelta(hours=48)
DAILY_GRACE = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rule:
    """A local time on some ISO weekdays (1 = Monday) of a zone."""

    at: time
    zone: ZoneInfo
    weekdays: frozenset[int]

    @property
    def is_weekly(self) -> bool:
        """Whether it comes round once a week."""
        return len(self.weekdays) == 1


@dataclass(frozen=True)
class Due:
    """One time that a rule comes round: the instant, and the calendar day that it is for."""

    at: datetime
    day: date


def instant_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, of a local time on a day: a gap moves it on, an overlap gives its first occurrence."""
    # With fold=0 a skipped time is read with the offset before the gap, which lands after the gap by its length,
    # and a repeated time is read as its first occurrence.
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)


def next_due(rule: Rule, after: datetime) -> Due:
    """The first time that the rule comes round strictly after an instant."""
    # One day early: a gap may have moved yesterday's time into today.
    day = after.astimezone(rule.zone).date() - _DAY
    while True:
        if day.isoweekday() in rule.weekdays:
            due = instant_of(day, rule.at, rule.zone)
            if due > after:
                return Due(due, day)
        day += _DAY


def due_at(rule: Rule, instant: datetime) -> Due:
    """The due time that a stored instant stands for, with the calendar day it is for."""
    local = instant.astimezone(rule.zone).date()
    for day in (local - _DAY, local):
        if day.isoweekday() in rule.weekdays and instant_of(day, rule.at, rule.zone) == instant:
            return Due(instant, day)
    # The zone's rules changed since the instant was stored.
    return Due(instant, local)


def period_of(rule: Rule, due: Due) -> str:
    """The name of the period: an ISO week (`2026-W48`) of a weekly rule, else the local date (`2026-11-23`)."""
    if not rule.is_weekly:
        return due.day.isoformat()
    year, week, _ = due.day.isocalendar()
    return f"{year}-W{week:02d}"


def is_current(rule: Rule, due: Due, now: datetime) -> bool:
    """Whether a digest that was due is still worth posting."""
    late = now - due.at
    if rule.is_weekly:
        return late <= WEEKLY_GRACE
    return late <= DAILY_GRACE or now.astimezone(rule.zone).date() == due.day


def missed_and_due(rule: Rule, since: datetime, now: datetime) -> tuple[list[Due], Due | None]:
    """What came round from `since` (a due instant) until `now`: what is too late by now, and what may be posted."""
    due = due_at(rule, since)
    if due.at > now:
        return [], None
    missed = []
    while (following := next_due(rule, due.at)).at <= now:
        missed.append(due)
        due = following
    if is_current(rule, due, now):
        return missed, due
    return [*missed, due], None


def weeks_before(end: datetime, zone: ZoneInfo, weeks: int) -> datetime:
    """The instant that was the same local time so many weeks earlier; none earlier is the instant itself."""
    if weeks == 0:
        return end  # it may be the second of two like local times
    local = end.astimezone(zone)
    return instant_of(local.date() - timedelta(weeks=weeks), local.time(), zone)
