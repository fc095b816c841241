from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from bot.digests.edition import CardLink
from bot.digests.scope_report import (
    DecisionRow,
    Hours,
    ProjectRow,
    ProjectScope,
    RequestRow,
    ScopeReport,
    Waiting,
    WeekHours,
)
from bot.digests.week import Week
from bot.sandbox.block_kit.validate import check_blocks
from bot.slack.limits import MESSAGE_TEXT
from bot.slack.message import Message
from bot.slack.text.digests import scope_headline, scope_line, scope_second
from bot.slack.views.plain import plain_text
from bot.slack.views.scope_digest import DETAILS_TEXT, PROJECTS_IN_FULL, scope_digest, scope_digest_details

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
QUIET_WEEKS = tuple(WeekHours(number, 0, 0) for number in range(40, 48))
WEEKS = (*QUIET_WEEKS[:-1], WeekHours(47, 780, 240))
HOSTILE = "<!channel> *bold* _x_ `code` <https://evil.example|Acme> & \u202eevil\u0007"


def a_request(number: int = 1, title: str = "Newsletter", project: int = 1) -> RequestRow:
    return RequestRow(UUID(int=number), UUID(int=project), f"ACME-{number}", title)


def a_scope(
    name: str = "Acme Website",
    *,
    agreed: int = 7_200,
    budget: int = 14_400_00,
    client: str = "Acme",
    **changes: Any,
) -> ProjectScope:
    row = ProjectRow(UUID(int=1), "ACME", name, client, "EUR", "Pete", agreed, budget)
    return ProjectScope(row, **changes)


def a_wait(minutes: int = 1_000, number: int = 12, holder: str = "Pete") -> Waiting:
    return Waiting(a_request(number), holder, minutes)


def accepted(number: int = 3, minutes: int = 240) -> DecisionRow:
    return DecisionRow(a_request(number), True, minutes)


DECLINED = DecisionRow(a_request(4), False, 0)


def a_report(*active: ProjectScope, quiet: int = 0, **changes: Any) -> ScopeReport:
    values: dict[str, Any] = {
        "week": Week(ZoneInfo("Europe/Berlin"), MONDAY),
        "active": active,
        "quiet": tuple(a_scope(f"Quiet {number}") for number in range(quiet)),
        "weeks": QUIET_WEEKS,
        "week_by_currency": {},
    }
    return ScopeReport(**(values | changes))


GREW = a_scope(week=Hours(1_020, 240, 2040_00, 480_00), so_far=Hours(1_020, 240, 2040_00, 480_00))
GREW_BEFORE = a_scope(
    "Globex App", week=Hours(360, 0, 720_00, 0), so_far=Hours(720, 0, 1440_00, 0), accepted=(accepted(),)
)


@pytest.mark.parametrize(
    ("report", "first", "second"),
    [
        pytest.param(
            a_report(),
            "There is no project to report on yet; `/handoff project` adds one.",
            "",
            id="no projects",
        ),
        pytest.param(
            a_report(quiet=2),
            "A quiet week: nothing was asked, nothing accepted, and nothing waits.",
            "",
            id="nothing happened",
        ),
        pytest.param(
            a_report(a_scope(so_far=Hours(1_020, 240, 2040_00, 480_00)), quiet=2),
            "A quiet week: nothing was asked, nothing accepted, and nothing waits.",
            "",
            id="nothing happened where it grew before",
        ),
        pytest.param(
            a_report(GREW),
            "Acme Website crept: +17 h (14 %), 4 h of it nobody pays for.",
            "Nothing waits for a decision.",
            id="crept",
        ),
        pytest.param(
            a_report(GREW_BEFORE),
            "Globex App grew: +6 h this week; so far +12 h (10 %).",
            "Nothing waits for a decision.",
            id="grew",
        ),
        pytest.param(
            a_report(GREW, GREW_BEFORE, a_scope(waiting=(a_wait(), a_wait(200, 13)))),
            "Acme Website crept: +17 h (14 %), 4 h of it nobody pays for.",
            "Two asks wait, the oldest 2.1 working days, with Pete.",
            id="several things",
        ),
        pytest.param(
            a_report(GREW_BEFORE, a_scope(week=Hours(60), so_far=Hours(60))),
            "Globex App grew most: +6 h this week; so far +12 h (10 %).",
            "Nothing waits for a decision.",
            id="two grew",
        ),
        pytest.param(
            a_report(a_scope(agreed=0, week=Hours(60, 60), so_far=Hours(60, 60))),
            "Acme Website crept: +1 h, none of it paid for.",
            "Nothing waits for a decision.",
            id="no hours agreed, so no share",
        ),
        pytest.param(
            a_report(a_scope(waiting=(a_wait(),))),
            "One ask waits for a decision: ACME-12, 2.1 working days, with Pete.",
            "",
            id="only one waits",
        ),
        pytest.param(
            a_report(a_scope(waiting=(a_wait(30), a_wait(20), a_wait(10)), declined=(DECLINED,))),
            "Three asks wait, the oldest less than an hour, with Pete.",
            "Nothing was accepted this week; one ask was declined.",
            id="several wait, one was declined",
        ),
        pytest.param(
            a_report(a_scope(declined=(DECLINED, DECLINED))),
            "Nothing was accepted this week; two asks were declined.",
            "",
            id="only declined",
        ),
        pytest.param(
            a_report(a_scope(accepted=(accepted(minutes=0),), declined=(DECLINED,))),
            "One ask was accepted at no hours, and one declined.",
            "",
            id="accepted at nothing",
        ),
        pytest.param(
            a_report(a_scope(at_risk=(a_request(7),))),
            "ACME-7 was begun before Acme answered.",
            "",
            id="at risk",
        ),
        pytest.param(
            a_report(a_scope(asked=(a_request(1), a_request(2)))),
            "Two asks came in, nothing was accepted, and nothing waits.",
            "",
            id="only asked",
        ),
    ],
)
def test_the_first_sentence_says_what_matters_most(report: ScopeReport, first: str, second: str) -> None:
    assert (scope_headline(report), scope_second(report)) == (first, second)


def test_a_project_is_one_line_with_growth_and_creep_apart() -> None:
    scope = a_scope(
        week=Hours(60),
        so_far=GREW.so_far,
        asked=(a_request(),),
        accepted=(accepted(),),
        waiting=(a_wait(), a_wait()),
        at_risk=(a_request(7),),
    )
    assert scope_line(scope, a_report(scope)) == (
        "*Acme Website* · +17 h (14 %), 1 h of it this week · creep 3 % · 1 asked, 1 accepted · 2 waiting · "
        "at risk: ACME-7 begun before Acme answered"
    )


def test_the_post_has_a_native_chart_and_a_text_chart_to_fall_back_on() -> None:
    message = scope_digest(a_report(GREW, quiet=1, weeks=WEEKS))
    chart = next(block for block in message.blocks if block["type"] == "data_visualization")
    paid, unpaid = chart["chart"]["series"]
    assert (paid["data"][-1], unpaid["data"][-1]) == (
        {"label": "W47", "value": 13},
        {"label": "W47", "value": 4},
    )
    assert check_blocks(list(message.blocks), "message") == []
    assert message.fallback is not None
    assert {block["type"] for block in message.fallback.blocks} == {"section", "context"}
    assert len(message.fallback.blocks) == len(message.blocks)
    assert message.fallback.text == message.text
    assert "W47 ███████████████░░░░░ 17 h, 4 h unpaid" in plain_text(message)


def test_eight_weeks_without_an_hour_have_no_chart() -> None:
    message = scope_digest(a_report(quiet=5))
    assert message.fallback is None
    assert {block["type"] for block in message.blocks} == {"section", "context"}


def test_quiet_projects_are_named_while_they_are_few_and_counted_after() -> None:
    assert "Quiet 0, Quiet 1 and Quiet 2 were quiet." in plain_text(scope_digest(a_report(GREW, quiet=3)))
    assert "7 projects were quiet." in plain_text(scope_digest(a_report(GREW, quiet=7)))


def test_what_grew_before_is_told_in_a_week_in_which_it_was_quiet() -> None:
    report = a_report(a_scope(so_far=GREW.so_far), quiet=4)
    assert plain_text(scope_digest(report)).split("\n")[4:6] == [
        "Acme Website · +17 h (14 %) · creep 3 %",
        "4 projects were quiet.",
    ]
    assert "\nSo far: +17 h worth €2,040" in plain_text(scope_digest_details(report))


def test_the_fallback_text_says_all_that_matters() -> None:
    assert scope_digest(a_report(GREW, GREW_BEFORE, quiet=1)).text.splitlines() == [
        "*Scope, week 47* · 3 projects",
        "Acme Website crept: +17 h (14 %), 4 h of it nobody pays for. Nothing waits for a decision.",
        "*Acme Website* · +17 h (14 %) this week · creep 3 %",
        "*Globex App* · +12 h (10 %), 6 h of it this week · creep 0 % · 1 accepted",
        "Quiet 0 was quiet.",
    ]


def test_the_details_tell_hours_and_money_of_the_week_and_so_far() -> None:
    scope = a_scope(
        week=GREW.week,
        so_far=GREW.so_far + Hours(60, 0, 100_00, 0),
        accepted=(accepted(),),
        declined=(DECLINED,),
        waiting=(a_wait(),),
    )
    report = a_report(
        scope,
        quiet=1,
        week_by_currency={"EUR": scope.week, "USD": Hours(60, 0, 90_00, 0)},
        links={UUID(int=12): CardLink("C_ACME", "1763900000.000100")},
    )
    assert plain_text(scope_digest_details(report)).split("\n") == [
        "Scope, week 47: each project, the worst first",
        "Accepted this week: 17 h, worth €2,040 and $90. Nobody pays for 4 h of it (€480).",
        "",
        "Acme Website · Acme · PM Pete",
        "This week: 1 accepted, 1 declined · +17 h worth €2,040, 4 h (€480) of it nobody pays for"
        " · growth 14 %, creep 3 % of 120 h agreed · growth 14 %, creep 3 % of €14,400 agreed",
        "So far: +18 h worth €2,140, 4 h (€480) of it nobody pays for"
        " · growth 15 %, creep 3 % of 120 h agreed · growth 15 %, creep 3 % of €14,400 agreed",
        "• Waiting: ACME-12 (https://slack.com/archives/C_ACME/p1763900000000100) Newsletter · Pete, 2.1 working days",
        "• Accepted: ACME-3 Newsletter · 4 h",
        "• Declined: ACME-4 Newsletter",
        "",
        "Quiet 0 was quiet.",
    ]


@pytest.mark.parametrize(
    ("agreed", "budget", "compared"),
    [
        (7_200, 0, " · growth 2 %, creep 0 % of 120 h agreed"),
        (0, 1_200_00, " · no hours were agreed to compare with · growth 20 %, creep 0 % of €1,200 agreed"),
        (0, 0, " · no hours were agreed to compare with"),
    ],
)
def test_hours_and_money_are_each_compared_with_what_was_agreed_of_them(
    agreed: int, budget: int, compared: str
) -> None:
    scope = a_scope(agreed=agreed, budget=budget, so_far=Hours(120, 0, 240_00, 0))
    assert plain_text(scope_digest_details(a_report(scope))).split("\n")[-1] == (
        f"So far: +2 h worth €240{compared}"
    )


def test_a_project_told_in_one_line_of_the_details_has_its_money_there() -> None:
    scopes = [
        a_scope(f"Project {number}", week=Hours(60, 0, 120_00, 0), so_far=Hours(120, 0, 1_440_00, 0))
        for number in range(PROJECTS_IN_FULL + 1)
    ]
    assert plain_text(scope_digest_details(a_report(*scopes))).split("\n")[-1] == (
        "Project 20 · +2 h (2 %), 1 h of it this week · creep 0 % · €1,440 of €14,400 (10 %), €120 of it this week"
    )


def test_a_quiet_week_has_details_too() -> None:
    details = scope_digest_details(a_report(quiet=5))
    assert "All 5 projects were quiet." in details.text + plain_text(details)


def a_crowd(count: int, name: str) -> ScopeReport:
    requests = [a_request(number, title="Ä&<" * 400) for number in range(1, 9)]
    links = {request.id: CardLink("C0123456789", "1763900000.000100") for request in requests}
    scopes = [
        a_scope(
            f"{number} {name}",
            client=name,
            week=Hours(999_999, 99_999, 99_999_999, 9_999_999),
            so_far=Hours(9_999_999, 999_999, 999_999_999, 99_999_999),
            asked=tuple(requests),
            accepted=tuple(DecisionRow(request, True, 6_000) for request in requests),
            declined=tuple(DecisionRow(request, False, 0) for request in requests),
            waiting=tuple(Waiting(request, name, 100_000) for request in requests),
            at_risk=tuple(requests),
        )
        for number in range(count)
    ]
    return a_report(*scopes, quiet=3, weeks=WEEKS, week_by_currency={"EUR": Hours(1, 1, 1, 1)}, links=links)


def assert_fits(message: Message) -> None:
    assert check_blocks(list(message.blocks), "message") == []
    assert 0 < len(message.text) <= MESSAGE_TEXT
    if message.fallback is not None:
        assert_fits(message.fallback)


@pytest.mark.parametrize("name", ["Short", "Long name " * 40, HOSTILE * 20, "مشروع " * 60, "👩‍👩‍👧‍👦" * 100])
@pytest.mark.parametrize("count", [1, 15, 16, 60, 400])
def test_it_fits_slacks_limits(count: int, name: str) -> None:
    report = a_crowd(count, name)
    assert_fits(scope_digest(report))
    details = scope_digest_details(report)
    assert_fits(details)
    assert sum(len(block["text"]["text"]) for block in details.blocks) < DETAILS_TEXT + 1_000


def test_what_does_not_fit_is_counted_with_where_to_see_it() -> None:
    report = a_crowd(60, "Short")
    assert "and 45 more projects, in the thread" in plain_text(scope_digest(report))
    details = plain_text(scope_digest_details(report))
    assert "more projects: /handoff list" in details


def test_many_small_projects_fit_too() -> None:
    report = a_report(*[a_scope(str(number), client="A", asked=(a_request(),)) for number in range(200)])
    assert_fits(scope_digest_details(report))


def test_what_people_typed_cannot_ping_link_or_format() -> None:
    scope = a_scope(
        HOSTILE,
        client=HOSTILE,
        waiting=(a_wait(holder=HOSTILE),),
        accepted=(DecisionRow(a_request(1, HOSTILE), True, 60),),
    )
    report = a_report(scope)
    for message in (scope_digest(report), scope_digest_details(report)):
        everything = message.text + "".join(
            element["text"] if isinstance(element["text"], str) else element["text"]["text"]
            for block in message.blocks
            for element in (block.get("elements") or [block])
        )
        assert "<!channel>" not in everything
        assert "<https://evil" not in everything
        assert "\u202e" not in everything
        assert "&lt;!channel&gt;" in everything
        assert " *bold* " not in everything


def test_a_preview_shows_what_people_typed_as_they_typed_it() -> None:
    shown = plain_text(scope_digest(a_report(a_scope("R&D *now* 2*3", asked=(a_request(),)))))
    assert "R&D *now* 2*3 · 1 asked" in shown


def test_a_week_that_is_no_calendar_week_is_called_by_its_days() -> None:
    week = Week(ZoneInfo("Europe/Berlin"), MONDAY + timedelta(days=2))
    assert plain_text(scope_digest(a_report(week=week))).startswith(
        "Scope, Wed 18 Nov to Wed 25 Nov · 0 projects"
    )
