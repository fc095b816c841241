from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from bot.digests.deadline_report import DeadlineReport, DueKind, DueRow, build_deadline_report
from bot.digests.edition import CardLink
from bot.sandbox.block_kit.validate import check_blocks
from bot.slack.limits import MESSAGE_TEXT
from bot.slack.text.deadlines import deadline_headline, deadline_line, deadline_second
from bot.slack.views.deadline_digest import deadline_digest
from bot.slack.views.plain import plain_text

TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def due(days: int, kind: DueKind = DueKind.DECISION, **changes: Any) -> DueRow:
    values: dict[str, Any] = {"client": "Acme", "whose": "Pete", "title": "Newsletter"}
    if kind in {DueKind.DECISION, DueKind.DELIVERY, DueKind.ANSWER}:
        values |= {"request_id": UUID(int=12), "reference": "ACME-12"}
    return DueRow(kind=kind, on=TODAY + days * DAY, **(values | changes))


def report(*rows: DueRow) -> DeadlineReport:
    """A report of rows that are each about a request of their own."""
    apart = [
        replace(row, request_id=UUID(int=12 + number)) if row.request_id else row
        for number, row in enumerate(rows)
    ]
    return build_deadline_report(apart, TODAY)


RENEWAL = due(30, DueKind.RENEWAL, whose="Ana")


@pytest.mark.parametrize(
    ("made", "first", "second"),
    [
        (report(), "Nothing is late, and nothing is due in the next seven days.", ""),
        (report(due(-1), due(-2)), "Two things are late.", "Nothing else is due in the next seven days."),
        (
            report(due(-3)),
            "One thing is late: ACME-12 Newsletter for Acme, since Fri 20 Nov; Pete to decide.",
            "Nothing else is due in the next seven days.",
        ),
        (
            report(*[due(-1)] * 13, due(0), due(1), due(7)),
            "13 things are late.",
            "One more is due today, two in the next seven days.",
        ),
        (report(due(-1), due(-1), due(0), due(0)), "Two things are late.", "Two more are due today."),
        (report(due(-1), due(-1), due(4)), "Two things are late.", "One more comes in the next seven days."),
        (
            report(due(0, DueKind.ANSWER, whose="Ana")),
            "Nothing is late; one thing is due today: ACME-12 Newsletter for Acme; Ana owes them an answer.",
            "",
        ),
        (
            report(due(-5, DueKind.PROJECT, title="Acme Website")),
            "One thing is late: Acme Website, since Wed 18 Nov; Pete runs it.",
            "Nothing else is due in the next seven days.",
        ),
        (
            report(due(0, DueKind.PROJECT, title="Acme Website")),
            "Nothing is late; one thing is due today: Acme Website; Pete runs it.",
            "",
        ),
        (report(due(0), due(0), due(1)), "Nothing is late; two things are due today.", ""),
        (report(due(1)), "Nothing is late or due today; one thing comes in the next seven days.", ""),
        (
            report(RENEWAL),
            "Nothing is late or due in the next seven days; Acme renews on Wed 23 Dec.",
            "",
        ),
    ],
)
def test_the_first_sentence_says_what_matters_most(made: DeadlineReport, first: str, second: str) -> None:
    assert (deadline_headline(made), deadline_second(made)) == (first, second)


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (due(-3), "Fri 20 Nov · ACME-12 Newsletter for Acme · Pete to decide"),
        (due(1, DueKind.DELIVERY), "Tue 24 Nov · ACME-12 Newsletter for Acme · Pete to deliver"),
        (
            due(0, DueKind.ANSWER, whose="Ana"),
            "Mon 23 Nov · ACME-12 Newsletter for Acme · Ana owes them an answer",
        ),
        (due(4, DueKind.PROJECT, title="Acme Website"), "Fri 27 Nov · Acme Website is due · Pete"),
        (due(45, DueKind.RENEWAL, whose="Ana"), "Thu 7 Jan 2027 · Acme renews · Ana"),
    ],
)
def test_each_line_is_date_what_and_whose(row: DueRow, line: str) -> None:
    assert deadline_line(row, report(row)) == line


def test_the_number_of_a_request_links_to_its_card() -> None:
    made = DeadlineReport(
        TODAY, (due(-1),), (), (), (), links={UUID(int=12): CardLink("C_ACME", "1763900000.000100")}
    )
    line = deadline_line(made.overdue[0], made)
    assert "<https://slack.com/archives/C_ACME/p1763900000000100|ACME-12> Newsletter" in line


def test_the_parts_come_late_first_and_empty_ones_are_left_out() -> None:
    shown = plain_text(deadline_digest(report(RENEWAL, due(2), due(-1))))
    assert shown.split("\n") == [
        "Deadlines, Mon 23 Nov",
        "One thing is late: ACME-12 Newsletter for Acme, since Sun 22 Nov; Pete to decide. "
        "One more comes in the next seven days.",
        "",
        "Late",
        "Sun 22 Nov · ACME-12 Newsletter for Acme · Pete to decide",
        "",
        "Next seven days",
        "Wed 25 Nov · ACME-12 Newsletter for Acme · Pete to decide",
        "",
        "Renewals within 45 days",
        "Wed 23 Dec · Acme renews · Ana",
    ]


@pytest.mark.parametrize("words", ["Ask", "<!channel> *now* & <b> " * 40, "نشرة " * 99, "👩‍👩‍👧‍👦" * 99])
@pytest.mark.parametrize("count", [1, 16, 600])
def test_it_fits_slacks_limits_and_counts_what_it_leaves_out(count: int, words: str) -> None:
    rows = [
        due(days, title=words, client=words, whose=words, request_id=UUID(int=number))
        for days in (-1, 0, 3)
        for number in range(count)
    ]
    rows += [due(30, DueKind.RENEWAL, client=words, whose=words)] * count
    links = {UUID(int=number): CardLink("C0123456789", "1763900000.000100") for number in range(count)}
    made = report(*rows)
    message = deadline_digest(
        DeadlineReport(TODAY, made.overdue, made.due_today, made.coming, made.renewals, links)
    )
    assert check_blocks(list(message.blocks), "message") == []
    assert len(message.text) <= MESSAGE_TEXT
    assert "<!channel>" not in message.text
    assert ("and 585 more" in plain_text(message)) is (count == 600)


def test_a_request_stands_in_one_line_on_its_nearest_day() -> None:
    owed = due(2, DueKind.ANSWER, whose="Ana", waits_for="Pete")
    made = build_deadline_report([due(-1), owed], TODAY)
    assert [deadline_line(row, made) for row in made.overdue] == [
        "Sun 22 Nov · ACME-12 Newsletter for Acme · Ana owes them an answer, once Pete decides"
    ]
    assert made.coming == ()
