"""Business time, on ordinary days and around every clock change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from time import thread_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.people.working_time import WorkingHours

BERLIN = WorkingHours("Europe/Berlin")
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Asia/Beirut",
    "Africa/Casablanca",
    "Pacific/Apia",
]


def local(zone: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-18 09:00", "2026-11-18 17:00", 480),
        ("2026-11-18 10:15", "2026-11-18 11:00", 45),
        ("2026-11-18 06:00", "2026-11-18 09:30", 30),
        ("2026-11-18 16:30", "2026-11-19 09:30", 60),
        ("2026-11-20 16:00", "2026-11-23 10:00", 120),
        ("2026-11-21 00:00", "2026-11-22 23:59", 0),
        ("2026-11-18 12:00", "2026-11-18 12:00", 0),
        ("2026-11-18 12:00", "2026-11-18 11:00", 0),
        ("2026-11-16 00:00", "2026-11-30 00:00", 10 * 480),
    ],
)
def test_only_working_time_counts(start: str, end: str, minutes: int) -> None:
    assert BERLIN.minutes_between(local("Europe/Berlin", start), local("Europe/Berlin", end)) == minutes


@pytest.mark.parametrize(
    ("start", "minutes", "result"),
    [
        ("2026-11-18 09:00", 60, "2026-11-18 10:00"),
        ("2026-11-18 09:00", 480, "2026-11-18 17:00"),
        ("2026-11-18 09:00", 481, "2026-11-19 09:01"),
        ("2026-11-18 20:00", 1, "2026-11-19 09:01"),
        ("2026-11-20 16:30", 90, "2026-11-23 10:00"),
        ("2026-11-21 12:00", 0, "2026-11-21 12:00"),
        ("2026-10-23 16:00", 480, "2026-10-26 16:00"),
        ("2026-11-18 09:00", 52 * 5 * 480, "2027-11-16 17:00"),
    ],
)
def test_adding_working_minutes_lands_where_they_have_passed(start: str, minutes: int, result: str) -> None:
    assert BERLIN.add(local("Europe/Berlin", start), minutes) == local("Europe/Berlin", result)


def test_two_zones_see_the_same_interval_differently() -> None:
    start, end = datetime(2026, 11, 18, 12, 0, tzinfo=UTC), datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
    assert BERLIN.minutes_between(start, end) == 240
    assert WorkingHours("America/New_York").minutes_between(start, end) == 180
    assert WorkingHours("Asia/Kathmandu").minutes_between(start, end) == 0


def test_a_holiday_is_no_working_day() -> None:
    hours = WorkingHours("Europe/Berlin", holidays=frozenset({date(2026, 12, 25), date(2026, 12, 26)}))
    assert hours.minutes_between(local("UTC", "2026-12-21"), local("UTC", "2026-12-28")) == 4 * 480
    assert hours.add_days(date(2026, 12, 24), 1) == date(2026, 12, 28)
    assert hours.add_days(date(2026, 12, 28), -1) == date(2026, 12, 24)
    assert not hours.is_working(local("Europe/Berlin", "2026-12-25 10:00"))
    assert hours.next_start(local("Europe/Berlin", "2026-12-24 17:00")) == local(
        "Europe/Berlin", "2026-12-28 09:00"
    )


def test_the_first_minute_is_work_and_the_end_is_not() -> None:
    assert BERLIN.is_working(local("Europe/Berlin", "2026-11-18 09:00"))
    assert BERLIN.is_working(local("Europe/Berlin", "2026-11-18 16:59"))
    assert not BERLIN.is_working(local("Europe/Berlin", "2026-11-18 17:00"))
    assert not BERLIN.is_working(local("Europe/Berlin", "2026-11-22 12:00"))


def test_work_goes_on_at_once_during_working_time() -> None:
    at = local("Europe/Berlin", "2026-11-18 11:11")
    assert BERLIN.next_start(at) == at
    assert BERLIN.next_start(local("Europe/Berlin", "2026-11-20 18:00")) == local(
        "Europe/Berlin", "2026-11-23 09:00"
    )


@pytest.mark.parametrize(("day", "minutes"), [("2026-03-29", 23 * 60), ("2026-10-25", 25 * 60)])
def test_a_day_and_night_shift_has_the_length_that_the_clocks_give_it(day: str, minutes: int) -> None:
    always = WorkingHours("Europe/Berlin", frozenset(range(1, 8)), time(0), time(0))
    start = local("Europe/Berlin", day)
    end = datetime.combine(start.date() + timedelta(days=1), time(0), ZoneInfo("Europe/Berlin"))
    assert always.minutes_between(start, end) == minutes
    assert always.add(start, minutes) == end


def test_a_night_shift_over_the_half_hour_of_lord_howe_is_counted_by_the_minute() -> None:
    nights = WorkingHours("Australia/Lord_Howe", frozenset(range(1, 8)), time(1), time(4))
    day = local("Australia/Lord_Howe", "2026-10-04 00:00"), local("Australia/Lord_Howe", "2026-10-05 00:00")
    assert nights.minutes_between(*day) == 150


def test_a_date_that_was_skipped_by_its_zone_has_no_working_time() -> None:
    apia = WorkingHours("Pacific/Apia")
    assert (
        apia.minutes_between(local("Pacific/Apia", "2011-12-26"), local("Pacific/Apia", "2012-01-02"))
        == 4 * 480
    )


def test_seconds_are_cut_off_and_zero_minutes_change_nothing() -> None:
    at = datetime(2026, 11, 18, 10, 0, 45, tzinfo=UTC)
    assert BERLIN.minutes_between(at, at + timedelta(seconds=30)) == 1
    assert BERLIN.add(at, 0) == at


@pytest.mark.parametrize("n", [1, 5, 260])
def test_adding_working_days_and_taking_them_back_returns(n: int) -> None:
    day = date(2026, 11, 18)
    assert BERLIN.add_days(BERLIN.add_days(day, n), -n) == day


def test_impossible_hours_are_refused() -> None:
    for days, start, end in [
        (frozenset[int](), time(9), time(17)),
        (frozenset({0}), time(9), time(17)),
        (frozenset({1}), time(17), time(9)),
        (frozenset({1}), time(9, 0, 30), time(17)),
    ]:
        with pytest.raises(ValueError):
            WorkingHours("UTC", days, start, end)
    with pytest.raises(ValueError):
        BERLIN.add(datetime(2026, 1, 1, tzinfo=UTC), -1)
    with pytest.raises(ValueError):
        BERLIN.is_working(datetime(2026, 1, 1))  # noqa: DTZ001  naive on purpose


def test_years_cost_steps_of_weeks() -> None:
    start, end = datetime(1996, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    begun = thread_time()
    minutes = BERLIN.minutes_between(start, end)
    assert BERLIN.minutes_between(start, BERLIN.add(start, minutes)) == minutes
    assert thread_time() - begun < 0.5  # 1,565 weeks, three times; by the minute it would be 47 million


instants = st.datetimes(datetime(2005, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  zone beside


@st.composite
def hours(draw: st.DrawFn) -> WorkingHours:
    start, end = sorted(draw(st.lists(st.integers(0, 1440), min_size=2, max_size=2, unique=True)))
    days = draw(st.frozensets(st.integers(1, 7), min_size=1))
    off = draw(st.frozensets(st.dates(date(2005, 1, 1), date(2036, 1, 1)), max_size=5))
    return WorkingHours(
        draw(st.sampled_from(ZONES)), days, time(*divmod(start, 60)), time(*divmod(end % 1440, 60)), off
    )


@given(hours(), st.lists(instants, min_size=3, max_size=3))
def test_adjoining_intervals_add_up(who: WorkingHours, at: list[datetime]) -> None:
    a, b, c = sorted(at)
    assert who.minutes_between(a, c) == who.minutes_between(a, b) + who.minutes_between(b, c)


@given(hours(), instants, st.integers(0, 40 * 24 * 60))
def test_working_minutes_never_exceed_those_that_pass(who: WorkingHours, at: datetime, span: int) -> None:
    assert 0 <= who.minutes_between(at, at + timedelta(minutes=span)) <= span


@given(hours(), instants, st.integers(1, 20_000))
def test_added_minutes_have_then_passed_and_a_minute_earlier_had_not(
    who: WorkingHours, at: datetime, minutes: int
) -> None:
    then = who.add(at, minutes)
    assert who.minutes_between(at, then) == minutes
    assert who.minutes_between(at, then - timedelta(minutes=1)) == minutes - 1


@given(hours(), instants)
def test_the_next_start_is_work_and_nothing_before_it_was(who: WorkingHours, at: datetime) -> None:
    then = who.next_start(at)
    assert then >= at
    assert who.is_working(then)
    assert who.minutes_between(at, then) == 0


@given(hours(), instants)
def test_counting_by_weeks_agrees_with_counting_by_the_minute(who: WorkingHours, at: datetime) -> None:
    at = at.replace(second=0, microsecond=0)
    slow = sum(who.is_working(at + timedelta(minutes=n)) for n in range(3 * 24 * 60))
    assert who.minutes_between(at, at + timedelta(days=3)) == slow
