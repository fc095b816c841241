from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from bot.db.transaction import reading, transaction
from bot.digests.edition import CardLink, Edition
from bot.digests.models import Coverage
from bot.digests.scope_report import Hours, ScopeReport
from bot.digests.service import scope_report
from bot.ledger.models import Funding, FundingEntry
from bot.portfolio.models import BaselineOrigin
from bot.requests.models import ClientAnswer, Decision, State
from tests.digests.agency import ANA, MONDAY, OLGA, agency, an_edition

LAST_WEEK = MONDAY - timedelta(days=3)
EARLIER = MONDAY - timedelta(days=20)


def report_of(engine: Engine, edition: Edition | None = None) -> ScopeReport:
    with reading(engine) as session:
        return scope_report(session, edition or an_edition())


def test_a_week_is_counted_per_project(engine: Engine) -> None:
    with agency(engine) as house:
        project = house.project(house.client())
        house.request(project, submitted_at=LAST_WEEK)
        house.request(project)
        house.accepted(project, 240, Funding.GOODWILL, amount_minor=480_00)
        house.accepted(project, 60, submitted_at=LAST_WEEK, amount_minor=120_00)
        house.accepted(project, 600, at=EARLIER, amount_minor=1200_00)
        house.declined(project)
    (scope,) = report_of(engine).active
    assert [len(rows) for rows in (scope.asked, scope.accepted, scope.declined, scope.waiting)] == [
        2,
        2,
        1,
        2,
    ]
    assert scope.week == Hours(300, 240, 600_00, 480_00)
    assert scope.so_far == Hours(900, 240, 1800_00, 480_00)


def test_growth_is_measured_against_the_hours_and_the_budget_as_first_agreed(engine: Engine) -> None:
    with agency(engine) as house:
        project = house.project(house.client(), minutes=6_000)
        house.baseline(project, version=2, minutes=7_200, budget_minor=9_600_00)
        house.baseline(
            project, version=3, minutes=9_999, budget_minor=9_999_00, origin=BaselineOrigin.APPROVAL
        )
        house.accepted(project, 60)
    (scope,) = report_of(engine).active
    assert (scope.project.agreed_minutes, scope.project.agreed_budget_minor) == (7_200, 9_600_00)


def test_a_wait_is_counted_in_the_working_hours_of_whoever_has_the_ball(engine: Engine) -> None:
    with agency(engine) as house:
        project = house.project(house.client())
        # Friday 15:00 in Berlin, 09:00 in New York; Monday morning is still night there.
        since = MONDAY - timedelta(days=2, hours=18)
        house.request(project, since=since)
        house.request(project, since=since, ball_holder_id=OLGA, state=State.NEEDS_INFO)
    (scope,) = report_of(engine).active
    assert [(waiting.holder, waiting.minutes) for waiting in scope.waiting] == [("Olga", 480), ("Pete", 120)]


def test_only_the_ball_as_it_is_now_counts(engine: Engine) -> None:
    with agency(engine) as house:
        project = house.project(house.client())
        request = house.request(project, since=MONDAY - timedelta(hours=1), ball_holder_id=ANA)
        request.state = State.NEEDS_INFO
    (scope,) = report_of(engine).active
    assert [waiting.holder for waiting in scope.waiting] == ["Ana"]


def test_what_no_longer_stands_does_not_count(engine: Engine) -> None:
    with agency(engine) as house:
        project = house.project(house.client())
        house.accepted(project, 240)
        house.request(project, state=State.VOID, ball_holder_id=None, submitted_at=LAST_WEEK)
    with transaction(engine) as session:
        _undo_everything(session)
    report = report_of(engine)
    assert (report.active, len(report.quiet)) == ((), 1)


def _undo_everything(session: Session) -> None:
    for entry in session.query(FundingEntry):
        entry.voided_at = MONDAY
    for decision in session.query(Decision):
        decision.cleared_at = MONDAY


def test_money_is_summed_by_currency_only(engine: Engine) -> None:
    with agency(engine) as house:
        house.accepted(house.project(house.client()), 60, amount_minor=100_00)
        dollars = house.client("Globex", currency="USD")
        house.accepted(house.project(dollars, "GLX"), 120, amount_minor=300_00)
        house.accepted(house.project(dollars, "GLY"), 120, amount_minor=300_00)
    assert report_of(engine).week_by_currency == {
        "EUR": Hours(60, 0, 100_00, 0),
        "USD": Hours(240, 0, 600_00, 0),
    }


def test_the_chart_has_eight_weeks_and_each_hour_in_its_own(engine: Engine) -> None:
    with agency(engine) as house:
        project = house.project(house.client())
        house.accepted(project, 60, at=MONDAY - timedelta(seconds=1))
        house.accepted(project, 30, Funding.AGENCY_ERROR, at=MONDAY - timedelta(days=7))
        house.accepted(project, 120, at=MONDAY - timedelta(days=8))
        house.accepted(project, 600, at=MONDAY - timedelta(days=60))
        house.accepted(project, 660, at=MONDAY)
    report = report_of(engine)
    assert [week.number for week in report.weeks] == [40, 41, 42, 43, 44, 45, 46, 47]
    assert [(week.paid_minutes, week.unpaid_minutes) for week in report.weeks[-2:]] == [(120, 0), (60, 30)]
    assert sum(week.paid_minutes for week in report.weeks) == 180
    assert report.active[0].so_far.minutes == 1_470


def test_work_begun_on_a_change_order_the_client_has_not_accepted_is_at_risk(engine: Engine) -> None:
    with agency(engine) as house:
        project = house.project(house.client())
        risky = [
            house.accepted(project, 60, at=EARLIER, state=state, client_answer=answer).reference
            for state in (State.IN_PROGRESS, State.IMPLEMENTED)
            for answer in (ClientAnswer.NOT_SENT, ClientAnswer.SENT, ClientAnswer.EXPIRED)
        ]
        house.accepted(project, 60, at=EARLIER, state=State.APPROVED, client_answer=ClientAnswer.SENT)
        for answer in (ClientAnswer.ACCEPTED, ClientAnswer.NOT_REQUIRED):
            house.accepted(project, 60, at=EARLIER, state=State.IN_PROGRESS, client_answer=answer)
    (scope,) = report_of(engine).active
    assert [row.reference for row in scope.at_risk] == risky


def test_a_channel_hears_of_its_own_projects_and_a_wide_digest_of_all(engine: Engine) -> None:
    with agency(engine) as house:
        client = house.client()
        house.request(house.project(client))
        house.request(house.project(client, "OTHER", channel_id="C_OTHER"))
        house.request(house.project(client, "OLD", closed_at=MONDAY))
    own = report_of(engine, an_edition(covers=Coverage.CHANNEL))
    assert [scope.project.key for scope in own.active] == ["ACME"]
    assert {scope.project.key for scope in report_of(engine).active} == {"ACME", "OTHER"}


def test_tenants_never_meet(engine: Engine) -> None:
    with agency(engine) as house:
        house.request(house.project(house.client()))
    with agency(engine, "T2") as other:
        project = other.project(other.client("Their client"), "THEIRS")
        other.accepted(project, 60)
        other.request(project)
    report = report_of(engine)
    assert [scope.project.key for scope in report.active] == ["ACME"]
    assert report.total.minutes == 0


def test_named_requests_are_linked_to_their_cards_in_the_project_channel(engine: Engine) -> None:
    with agency(engine) as house:
        project = house.project(house.client())
        request = house.request(project)
        house.card(request, channel_id="D_PRIVATE", ts="1.1")
        house.card(request, ts="2.2")
        request_id = request.id
    assert report_of(engine).links == {request_id: CardLink("C_ACME", "2.2")}


def test_the_number_of_queries_does_not_grow_with_the_projects(engine: Engine) -> None:
    with agency(engine) as house:
        client = house.client()
        for number in range(12):
            project = house.project(client, f"P{number}", name=f"Project {number}")
            house.card(house.request(project, submitted_at=LAST_WEEK), ts=f"{number}.1")
            house.accepted(project, 60)
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    report = report_of(engine)
    queries = [statement for statement in statements if statement.lstrip().startswith("SELECT")]
    assert (len(report.active), len(queries)) == (12, 8)
