from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.schedule import (
    WORKDAYS,
    Due,
    Rule,
    due_at,
    instant_of,
    is_current,
    missed_and_due,
    next_due,
    period_of,
    weeks_before,
)

BERLIN = "Europe/Berlin"
ZONES = [
    BERLIN,
    "America/New_York",
    "America/Santiago",
    "Asia/Beirut",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Africa/Casablanca",
    "UTC",
]


def weekly(zone: str, weekday: int, at: time) -> Rule:
    return Rule(at=at, zone=ZoneInfo(zone), weekdays=frozenset({weekday}))


def workdays(zone: str, at: time) -> Rule:
    return Rule(at=at, zone=ZoneInfo(zone), weekdays=WORKDAYS)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        pytest.param(BERLIN, date(2026, 3, 29), time(2, 30), utc(2026, 3, 29, 1, 30), id="Berlin, skipped"),
        pytest.param(BERLIN, date(2026, 10, 25), time(2, 30), utc(2026, 10, 25, 0, 30), id="Berlin, twice"),
        pytest.param(
            "America/New_York", date(2026, 3, 8), time(2, 30), utc(2026, 3, 8, 7, 30), id="New York, skipped"
        ),
        pytest.param(
            "America/New_York", date(2026, 11, 1), time(1, 30), utc(2026, 11, 1, 5, 30), id="New York, twice"
        ),
        pytest.param(
            "America/Santiago", date(2026, 9, 6), time(0, 0), utc(2026, 9, 6, 4), id="Santiago, no midnight"
        ),
        pytest.param(
            "Asia/Beirut", date(2026, 3, 29), time(0, 15), utc(2026, 3, 28, 22, 15), id="Beirut, no 00:15"
        ),
        pytest.param(
            "Australia/Lord_Howe",
            date(2026, 10, 4),
            time(2, 15),
            utc(2026, 10, 3, 15, 45),
            id="Lord Howe, half an hour skipped",
        ),
        pytest.param(
            "Australia/Lord_Howe",
            date(2026, 4, 5),
            time(1, 45),
            utc(2026, 4, 4, 14, 45),
            id="Lord Howe, half an hour twice",
        ),
        pytest.param(
            "Asia/Kathmandu", date(2026, 11, 23), time(9, 0), utc(2026, 11, 23, 3, 15), id="Kathmandu"
        ),
    ],
)
def test_a_local_time_is_one_instant(zone: str, day: date, at: time, expected: datetime) -> None:
    assert instant_of(day, at, ZoneInfo(zone)) == expected


def test_a_skipped_time_is_moved_on_by_the_gap() -> None:
    shown = {
        zone: instant_of(day, at, ZoneInfo(zone)).astimezone(ZoneInfo(zone)).time()
        for zone, day, at in [
            (BERLIN, date(2026, 3, 29), time(2, 30)),
            ("America/Santiago", date(2026, 9, 6), time(0, 0)),
            ("Asia/Beirut", date(2026, 3, 29), time(0, 15)),
            ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15)),
        ]
    }
    assert shown == {
        BERLIN: time(3, 30),
        "America/Santiago": time(1, 0),
        "Asia/Beirut": time(1, 15),
        "Australia/Lord_Howe": time(2, 45),
    }


def test_a_weekly_digest_keeps_its_local_time_when_the_clocks_change() -> None:
    rule = weekly(BERLIN, 1, time(9))
    first = next_due(rule, utc(2026, 10, 18))
    second = next_due(rule, first.at)
    assert (first.at, second.at) == (utc(2026, 10, 19, 7), utc(2026, 10, 26, 8))


def test_the_deadline_digest_comes_on_weekdays_only() -> None:
    rule = workdays("Asia/Kathmandu", time(8, 30))
    due = next_due(rule, utc(2026, 11, 19))
    days = []
    for _ in range(4):
        days.append(due.day.isoformat())
        due = next_due(rule, due.at)
    assert days == ["2026-11-19", "2026-11-20", "2026-11-23", "2026-11-24"]


def test_a_due_time_is_strictly_after_the_instant_asked_from() -> None:
    rule = weekly(BERLIN, 1, time(9))
    monday = utc(2026, 11, 23, 8)
    assert next_due(rule, monday - timedelta(microseconds=1)).at == monday
    assert next_due(rule, monday).at == monday + timedelta(days=7)


def test_periods_are_named_by_iso_week_and_by_local_date() -> None:
    assert period_of(weekly(BERLIN, 5, time(9)), Due(utc(2027, 1, 1, 8), date(2027, 1, 1))) == "2026-W53"
    assert (
        period_of(workdays("Pacific/Auckland", time(1)), Due(utc(2026, 11, 22, 12), date(2026, 11, 23)))
        == "2026-11-23"
    )


def test_a_day_that_a_zone_skipped_whole_does_not_repeat_a_digest() -> None:
    rule = workdays("Pacific/Apia", time(9))
    before = next_due(rule, utc(2011, 12, 29, 12))
    following = next_due(rule, before.at)
    assert [before.at < following.at, period_of(rule, before) != period_of(rule, following)] == [True, True]


def test_a_clock_that_was_off_for_a_day_posts_the_weekly_digest_late_and_skips_the_daily_one() -> None:
    scope, deadlines = weekly(BERLIN, 1, time(9)), workdays(BERLIN, time(9))
    monday, tuesday = utc(2026, 11, 23, 8), utc(2026, 11, 24, 8)
    back = tuesday + timedelta(minutes=5)
    assert missed_and_due(scope, monday, back) == ([], Due(monday, date(2026, 11, 23)))
    assert missed_and_due(deadlines, monday, back) == (
        [Due(monday, date(2026, 11, 23))],
        Due(tuesday, date(2026, 11, 24)),
    )


def test_a_clock_that_was_off_for_weeks_posts_only_what_is_still_current() -> None:
    scope = weekly(BERLIN, 1, time(9))
    missed, due = missed_and_due(scope, utc(2026, 11, 2, 8), utc(2026, 11, 26, 8))
    assert [each.day.day for each in missed] == [2, 9, 16, 23]
    assert due is None


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (utc(2026, 11, 23, 22, 59), True),
        (utc(2026, 11, 23, 23, 1), False),
    ],
)
def test_a_deadline_digest_is_current_on_its_own_local_day(now: datetime, expected: bool) -> None:
    rule = workdays(BERLIN, time(9))
    assert is_current(rule, Due(utc(2026, 11, 23, 8), date(2026, 11, 23)), now) is expected


def test_a_deadline_digest_due_just_before_midnight_survives_the_tick_after_it() -> None:
    rule = workdays(BERLIN, time(23, 59))
    due = next_due(rule, utc(2026, 11, 23, 12))
    assert is_current(rule, due, due.at + timedelta(minutes=2))


def test_a_weekly_digest_is_current_for_two_days() -> None:
    rule = weekly(BERLIN, 7, time(23))
    due = next_due(rule, utc(2026, 11, 20))
    assert is_current(rule, due, due.at + timedelta(hours=48))
    assert not is_current(rule, due, due.at + timedelta(hours=48, seconds=1))


def test_weeks_are_counted_in_local_time() -> None:
    assert weeks_before(utc(2026, 10, 26, 8), ZoneInfo(BERLIN), 1) == utc(2026, 10, 19, 7)


zones = st.sampled_from(ZONES)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
instants = st.datetimes(datetime(2009, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
rules = st.one_of(
    st.builds(weekly, zones, st.integers(1, 7), times),
    st.builds(workdays, zones, times),
)


@given(rules, instants)
def test_every_due_time_is_later_and_has_a_period_of_its_own(rule: Rule, start: datetime) -> None:
    dues = [next_due(rule, start)]
    for _ in range(12):
        dues.append(next_due(rule, dues[-1].at))
    assert all(earlier.at < later.at for earlier, later in pairwise(dues))
    assert all(due.day.isoweekday() in rule.weekdays for due in dues)
    assert len({period_of(rule, due) for due in dues}) == len(dues)


@given(rules, instants)
def test_no_period_is_left_out(rule: Rule, start: datetime) -> None:
    first = next_due(rule, start)
    second = next_due(rule, first.at)
    between = [first.day + timedelta(days=n) for n in range(1, (second.day - first.day).days)]
    # A day on which the rule should come round may lack only because its instant is that of the day before or after.
    for day in between:
        if day.isoweekday() in rule.weekdays:
            assert instant_of(day, rule.at, rule.zone) in {first.at, second.at}


@given(rules, instants)
def test_a_stored_due_time_tells_which_period_it_was_for(rule: Rule, start: datetime) -> None:
    due = next_due(rule, start)
    assert period_of(rule, due_at(rule, due.at)) == period_of(rule, due)


@given(rules, instants, st.timedeltas(timedelta(0), timedelta(days=20)))
def test_whenever_the_clock_comes_back_each_period_is_either_missed_or_due(
    rule: Rule, start: datetime, away: timedelta
) -> None:
    first = next_due(rule, start)
    now = first.at + away
    missed, due = missed_and_due(rule, first.at, now)
    dealt_with = [*missed, *([due] if due else [])]
    expected = [first]
    while (following := next_due(rule, expected[-1].at)).at <= now:
        expected.append(following)
    assert dealt_with == expected
    assert next_due(rule, now).at > now
