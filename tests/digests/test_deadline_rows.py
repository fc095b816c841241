from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event

from bot.db.transaction import reading
from bot.digests.deadline_report import DeadlineReport, DueKind
from bot.digests.edition import Edition
from bot.digests.models import Coverage, DigestKind
from bot.digests.service import deadline_report
from bot.portfolio.models import BaselineOrigin
from bot.requests.models import State
from tests.digests.agency import ANA, MONDAY, agency, an_edition

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def report_of(engine: Engine, edition: Edition | None = None) -> DeadlineReport:
    with reading(engine) as session:
        return deadline_report(session, edition or an_edition(DigestKind.DEADLINES))


def test_requests_are_due_on_the_day_they_are_needed(engine: Engine) -> None:
    with agency(engine) as house:
        project = house.project(house.client())
        for days in (-2, 0, 7, 8):
            house.request(project, needed_by=TODAY + days * DAY)
    report = report_of(engine)
    parts = (report.overdue, report.due_today, report.coming)
    assert [[row.on for row in rows] for rows in parts] == [[TODAY - 2 * DAY], [TODAY], [TODAY + 7 * DAY]]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.UNDER_REVIEW, [(DueKind.DECISION, "Ana")]),
        (State.NEEDS_INFO, [(DueKind.DECISION, "Ana")]),
        (State.APPROVED, [(DueKind.DELIVERY, "Pete")]),
        (State.IN_PROGRESS, [(DueKind.DELIVERY, "Pete")]),
        (State.IMPLEMENTED, []),
        (State.REJECTED, []),
        (State.WITHDRAWN, []),
        (State.DEFERRED, []),
    ],
)
def test_a_needed_by_date_is_the_deciders_first_and_the_project_managers_then(
    engine: Engine, state: State, expected: list[tuple[DueKind, str]]
) -> None:
    with agency(engine) as house:
        house.request(
            house.project(house.client()),
            state=state,
            needed_by=TODAY,
            ball_holder_id=ANA,
            client_told_at=MONDAY,
        )
    assert [(row.kind, row.whose) for row in report_of(engine).due_today] == expected


@pytest.mark.parametrize(
    ("changes", "is_owed"),
    [
        ({}, True),
        ({"state": State.REJECTED}, True),
        ({"state": State.APPROVED}, True),
        ({"client_told_at": MONDAY}, False),
        ({"state": State.WITHDRAWN}, False),
        ({"state": State.VOID}, False),
    ],
)
def test_an_answer_is_owed_until_the_client_was_told(
    engine: Engine, changes: dict[str, object], is_owed: bool
) -> None:
    with agency(engine) as house:
        house.request(house.project(house.client()), answer_owed_on=TODAY - DAY, **changes)
    owed = [(row.kind, row.whose, row.client) for row in report_of(engine).overdue]
    assert owed == ([(DueKind.ANSWER, "Ana", "Acme")] if is_owed else [])


def test_a_project_is_due_by_its_newest_baseline(engine: Engine) -> None:
    with agency(engine) as house:
        project = house.project(house.client(), due_on=TODAY)
        house.baseline(project, version=2, minutes=0, origin=BaselineOrigin.APPROVAL, due_on=TODAY + 3 * DAY)
        house.project(house.client("Gone"), "GONE", due_on=TODAY, closed_at=MONDAY)
    report = report_of(engine)
    assert [(row.kind, row.title, row.whose, row.on) for row in report.coming] == [
        (DueKind.PROJECT, "Acme Website", "Pete", TODAY + 3 * DAY)
    ]
    assert report.due_today == ()


def test_renewals_show_for_forty_five_days(engine: Engine) -> None:
    with agency(engine) as house:
        for name, days in {"Past": -1, "Now": 0, "Last": 45, "Later": 46}.items():
            house.project(house.client(name, renewal_on=TODAY + days * DAY), name.upper())
    assert [row.client for row in report_of(engine).renewals] == ["Now", "Last"]


def test_a_channel_hears_of_the_clients_it_works_for(engine: Engine) -> None:
    with agency(engine) as house:
        house.project(house.client("Ours", renewal_on=TODAY), "OURS")
        house.project(house.client("Theirs", renewal_on=TODAY), "THEIRS", channel_id="C_OTHER")
        house.client("Nobodys", renewal_on=TODAY)
    own = report_of(engine, an_edition(DigestKind.DEADLINES, covers=Coverage.CHANNEL))
    assert [row.client for row in own.renewals] == ["Ours"]
    assert [row.client for row in report_of(engine).renewals] == ["Nobodys", "Ours", "Theirs"]


def test_today_is_the_day_of_the_digests_zone(engine: Engine) -> None:
    with agency(engine) as house:
        house.request(house.project(house.client()), needed_by=TODAY)
    # 08:00 UTC on Monday is still Sunday in Honolulu.
    hawaii = report_of(engine, an_edition(DigestKind.DEADLINES, zone="Pacific/Honolulu"))
    assert (hawaii.today, hawaii.due_today, len(hawaii.coming)) == (TODAY - DAY, (), 1)


def test_tenants_never_meet(engine: Engine) -> None:
    with agency(engine) as house:
        house.project(house.client(), due_on=TODAY)
    with agency(engine, "T2") as other:
        client = other.client("Their client", renewal_on=TODAY)
        other.request(other.project(client, "THEIRS", due_on=TODAY), needed_by=TODAY, answer_owed_on=TODAY)
    report = report_of(engine)
    assert [row.title for row in report.due_today] == ["Acme Website"]
    assert report.renewals == ()


def test_the_number_of_queries_does_not_grow_with_the_requests(engine: Engine) -> None:
    with agency(engine) as house:
        for number in range(10):
            project = house.project(house.client(f"Client {number}", renewal_on=TODAY), f"P{number}")
            house.card(house.request(project, needed_by=TODAY, answer_owed_on=TODAY), ts=f"{number}.1")
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    report = report_of(engine)
    queries = [statement for statement in statements if statement.lstrip().startswith("SELECT")]
    assert (len(report.due_today), len(queries)) == (10, 5)
