"""When somebody works: what they set, else what their workspace set, else nine to five."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from bot.errors import WrongFields
from bot.people.hours import WorkingTime, change_hours, hours_among, hours_of, working_time_of
from bot.people.models import Person
from bot.people.refusals import (
    EndsBeforeItBegins,
    ExternalPerson,
    NotYourSettings,
    NoWorkingDay,
    UnknownHolidays,
)
from bot.people.settings import Targets, change_working_time, targets_of
from bot.workspaces.models import Workspace
from tests.factories import name_director
from tests.portfolio.agency import ANA, GUEST, HERE, MAX, NOW, OLGA, PETE, by

FOUR_DAYS = WorkingTime(frozenset({1, 2, 3, 4}), time(8), time(16, 30))


def test_who_set_nothing_works_from_nine_to_five_in_their_own_zone(agency) -> None:
    hours = hours_among(agency, workspace_id=HERE, ids=[ANA, MAX], now=NOW)
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert hours[ANA].next_start(monday) == monday  # 09:00 in Madrid
    assert hours[MAX].next_start(monday) == datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def test_what_a_person_set_counts_before_the_workspaces(agency) -> None:
    name_director(agency, OLGA)
    change_working_time(agency, by(OLGA), usual=WorkingTime(start=time(10), end=time(18)))
    change_hours(agency, by(PETE), theirs=WorkingTime(frozenset({1, 2}), time(10), time(16)))
    agency.flush()
    hours = hours_among(agency, workspace_id=HERE, ids=[ANA, PETE], now=NOW)
    assert (hours[ANA].start, hours[ANA].end) == (time(10), time(18))
    assert (hours[PETE].days, hours[PETE].start, hours[PETE].end) == (frozenset({1, 2}), time(10), time(16))


def test_what_is_as_in_the_workspace_follows_it(agency) -> None:
    change_hours(agency, by(PETE), theirs=WorkingTime(start=time(8)))
    pete = agency.get_one(Person, (HERE, PETE))
    assert (pete.work_days, pete.work_from, pete.work_to, pete.holidays_of) == (None, time(8), None, None)
    change_working_time(agency, by(OLGA), usual=WorkingTime(end=time(18)))
    assert working_time_of(pete, agency.get_one(Workspace, HERE)) == WorkingTime(start=time(8), end=time(18))


def test_public_holidays_are_days_off_and_can_be_given_up(agency) -> None:
    change_working_time(agency, by(OLGA), usual=WorkingTime(holidays="DE-BY"))
    change_hours(agency, by(PETE), theirs=WorkingTime(holidays=""))
    agency.flush()
    hours = hours_among(agency, workspace_id=HERE, ids=[ANA, PETE], now=NOW)
    epiphany = date(2027, 1, 6)
    assert not hours[ANA].is_working_day(epiphany)
    assert hours[PETE].is_working_day(epiphany)


def test_an_end_that_the_workspace_moved_before_somebodys_start_is_not_taken(agency) -> None:
    change_hours(agency, by(PETE), theirs=WorkingTime(start=time(16)))
    change_working_time(agency, by(OLGA), usual=WorkingTime(start=time(7), end=time(15)))
    agency.flush()
    hours = hours_of(agency, workspace_id=HERE, person_id=PETE, now=NOW)
    assert (hours.start, hours.end) == (time(7), time(15))


def test_whom_nobody_knows_is_taken_to_work_as_the_workspace_does(agency) -> None:
    agency.get_one(Workspace, HERE).zone = "Asia/Tokyo"
    assert hours_of(agency, workspace_id=HERE, person_id="U_NEW", now=NOW).zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        (WorkingTime(frozenset()), {"days": NoWorkingDay()}),
        (WorkingTime(frozenset({0, 8})), {"days": NoWorkingDay()}),
        (WorkingTime(start=time(9), end=time(9)), {"to": EndsBeforeItBegins(time(9), time(9))}),
        (WorkingTime(holidays="Atlantis"), {"holidays": UnknownHolidays("Atlantis")}),
        (
            WorkingTime(frozenset(), time(9), time(8), "XX"),
            {
                "days": NoWorkingDay(),
                "to": EndsBeforeItBegins(time(9), time(8)),
                "holidays": UnknownHolidays("XX"),
            },
        ),
    ],
)
def test_hours_in_which_nobody_would_ever_work_are_refused(agency, wrong, fields) -> None:
    for change in (
        lambda: change_hours(agency, by(PETE), theirs=wrong),
        lambda: change_working_time(agency, by(OLGA), usual=wrong),
    ):
        with pytest.raises(WrongFields) as refused:
            change()
        assert {one.field: one.why for one in refused.value.fields} == fields


def test_midnight_is_an_end(agency) -> None:
    change_hours(agency, by(PETE), theirs=WorkingTime(start=time(16), end=time(0)))
    assert hours_of(agency, workspace_id=HERE, person_id=PETE, now=NOW).end == time(0)


def test_a_guest_has_no_hours_to_set(agency) -> None:
    with pytest.raises(ExternalPerson):
        change_hours(agency, by(GUEST), theirs=FOUR_DAYS)


def test_only_the_director_or_an_admin_sets_the_workspaces(agency) -> None:
    name_director(agency, MAX)
    with pytest.raises(NotYourSettings):
        change_working_time(agency, by(PETE), usual=FOUR_DAYS)
    change_working_time(agency, by(MAX), usual=FOUR_DAYS, targets=Targets(60, 120, 960))
    assert targets_of(agency.get_one(Workspace, HERE)) == Targets(60, 120, 960)


def test_a_target_of_no_time_or_of_more_than_a_month_is_refused(agency) -> None:
    with pytest.raises(WrongFields) as refused:
        change_working_time(agency, by(OLGA), usual=WorkingTime(), targets=Targets(0, 120, 10**6))
    assert [one.field for one in refused.value.fields] == ["urgent", "normal"]
