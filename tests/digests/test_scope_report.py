from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from bot.digests.scope_report import (
    THIS_WEEK,
    HoursRow,
    ProjectRow,
    RequestRow,
    ScopeReport,
    ScopeRows,
    WaitRow,
    build_scope_report,
)
from bot.digests.week import Week
from bot.people.working_time import WorkingHours

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
WEEK = Week(BERLIN, MONDAY)


def a_project(number: int, agreed_minutes: int = 6_000) -> ProjectRow:
    return ProjectRow(
        UUID(int=number), f"P{number}", f"Project {number}", "Acme", "EUR", "Pete", agreed_minutes, 1_000_00
    )


def hours(
    project: ProjectRow, minutes: int, week: int | None = THIS_WEEK, *, unpaid: bool = False
) -> HoursRow:
    return HoursRow(project.id, week, unpaid, minutes, minutes * 100)


def a_wait(project: ProjectRow, since: datetime, holder_zone: str = "Europe/Berlin") -> WaitRow:
    request = RequestRow(UUID(int=project.id.int + 1_000), project.id, f"{project.key}-1", "An ask")
    return WaitRow(request, "Pete", WorkingHours(holder_zone), since)


def report(rows: ScopeRows) -> ScopeReport:
    return build_scope_report(rows, WEEK, MONDAY)


def names(made: ScopeReport) -> list[str]:
    return [scope.project.key for scope in made.active]


def test_the_worst_project_is_the_one_that_crept_most_against_its_agreed_hours() -> None:
    small, large, grown = a_project(1, 600), a_project(2, 60_000), a_project(3, 600)
    made = report(
        ScopeRows(
            [grown, large, small],
            [hours(small, 60, unpaid=True), hours(large, 600, unpaid=True), hours(grown, 300)],
        )
    )
    assert names(made) == ["P1", "P2", "P3"]


def test_hours_accepted_where_none_were_agreed_are_worse_than_any_share() -> None:
    agreed, nothing_agreed, waiting = a_project(1), a_project(2, 0), a_project(3, 0)
    made = report(
        ScopeRows(
            [agreed, waiting, nothing_agreed],
            [hours(agreed, 6_000, unpaid=True), hours(nothing_agreed, 30, unpaid=True)],
            waits=[a_wait(waiting, MONDAY - timedelta(days=9))],
        )
    )
    assert names(made) == ["P2", "P1", "P3"]


def test_a_project_that_grew_before_keeps_its_line_in_a_quiet_week_and_its_place_among_the_worst() -> None:
    before, now, never = a_project(1), a_project(2), a_project(3)
    made = report(
        ScopeRows(
            [never, before, now], [hours(before, 600, week=3), hours(before, 600, None), hours(now, 60)]
        )
    )
    assert [(scope.project.key, scope.so_far.minutes) for scope in made.active] == [("P1", 1_200), ("P2", 60)]
    assert [scope.project.key for scope in made.quiet] == ["P3"]


def test_a_project_that_grew_before_did_not_grow_most_this_week() -> None:
    before = a_project(1)
    made = report(ScopeRows([before], [hours(before, 600, week=3, unpaid=True)]))
    assert (made.grew_most, made.total.minutes, made.week_by_currency) == (None, 0, {})


def test_what_grew_most_is_the_weeks_worst_even_if_another_is_worse_so_far() -> None:
    crept_before, grew_now = a_project(1), a_project(2)
    made = report(
        ScopeRows(
            [crept_before, grew_now],
            [hours(crept_before, 900, 2, unpaid=True), hours(crept_before, 60), hours(grew_now, 120)],
        )
    )
    assert names(made)[0] == "P1"
    assert made.grew_most is not None
    assert made.grew_most.project.key == "P2"


def test_a_wait_over_a_weekend_counts_no_weekend() -> None:
    project = a_project(1)
    friday_noon = datetime(2026, 11, 20, 11, tzinfo=UTC)
    made = report(ScopeRows([project], waits=[a_wait(project, friday_noon)]))
    assert made.waiting[0].minutes == 5 * 60


def test_the_week_ends_when_the_digest_is_due_and_counts_local_days() -> None:
    # The clocks went back in this week: it has an hour more.
    week = Week(BERLIN, datetime(2026, 10, 26, 8, tzinfo=UTC))
    assert week.end - week.start == timedelta(days=7, hours=1)


@pytest.mark.parametrize(
    ("end", "number", "has_number"),
    [
        (datetime(2026, 11, 23, 8, tzinfo=UTC), 47, True),
        (datetime(2026, 11, 27, 15, tzinfo=UTC), 48, True),
        (datetime(2026, 11, 25, 8, tzinfo=UTC), 47, False),
        (datetime(2027, 1, 4, 8, tzinfo=UTC), 53, True),
    ],
)
def test_a_week_is_called_by_its_number_when_it_is_nearly_one(
    end: datetime, number: int, has_number: bool
) -> None:
    week = Week(BERLIN, end)
    assert (week.number(), week.has_number) == (number, has_number)


def test_eight_weeks_adjoin() -> None:
    edges = WEEK.edges
    assert (len(edges), edges[-1], edges[-2]) == (9, WEEK.end, WEEK.start)
    assert all(earlier < later for earlier, later in pairwise(edges))


def test_a_digest_by_hand_in_the_hour_that_comes_twice_ends_its_week_then() -> None:
    second_half_past_two = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert Week(BERLIN, second_half_past_two).edges[-1] == second_half_past_two


def test_an_agency_without_projects_has_an_empty_report() -> None:
    made = report(ScopeRows([]))
    assert (made.project_count, made.grew_most, made.waiting, made.week_by_currency) == (0, None, (), {})
