"""Every sentence of the deadline digest."""

from __future__ import annotations

from datetime import date

from bot.digests.deadline_report import DeadlineReport, DueKind, DueRow
from bot.slack.text.markup import date_token
from bot.slack.text.phrases import counted, name_of, number, reference, sentence, title_of

OVERDUE = "Late"
TODAY = "Today"
COMING = "Next seven days"
RENEWALS = "Renewals within 45 days"


def deadline_title(today: date) -> str:
    """`Deadlines, Mon 23 Nov`."""
    return f"Deadlines, {date_token(today)}"


def deadline_headline(report: DeadlineReport) -> str:
    """What matters most, in one sentence."""
    late, today, coming = len(report.overdue), len(report.due_today), len(report.coming)
    if late == 1:
        row = report.overdue[0]
        what, whose = _in_sentence(row, report)
        return f"One thing is late: {what}, since {_date(row.on, report)}; {whose}."
    if late:
        return sentence(f"{counted(late, 'thing is', 'things are')} late.")
    if today == 1:
        what, whose = _in_sentence(report.due_today[0], report)
        return f"Nothing is late; one thing is due today: {what}; {whose}."
    if today:
        return f"Nothing is late; {counted(today, 'thing is', 'things are')} due today."
    if coming:
        return (
            f"Nothing is late or due today; {counted(coming, 'thing comes', 'things come')} "
            "in the next seven days."
        )
    if report.renewals:
        first = report.renewals[0]
        return (
            "Nothing is late or due in the next seven days; "
            f"{name_of(first.client)} renews on {_date(first.on, report)}."
        )
    return "Nothing is late, and nothing is due in the next seven days."


def deadline_second(report: DeadlineReport) -> str:
    """What else there is, in one sentence, if something is late."""
    if not report.overdue:
        return ""
    today, coming = len(report.due_today), len(report.coming)
    if today and coming:
        verb = "is" if today == 1 else "are"
        return sentence(f"{number(today)} more {verb} due today, {number(coming)} in the next seven days.")
    if today:
        return sentence(f"{number(today)} more {'is' if today == 1 else 'are'} due today.")
    if coming:
        return sentence(f"{number(coming)} more {'comes' if coming == 1 else 'come'} in the next seven days.")
    return "Nothing else is due in the next seven days."


def deadline_line(row: DueRow, report: DeadlineReport) -> str:
    """One thing that is due: date, what, whose, with the link on the request's number."""
    return f"{_date(row.on, report)} · {_what(row, report)} · {_whose(row)}"


def _in_sentence(row: DueRow, report: DeadlineReport) -> tuple[str, str]:
    """What is due and whose it is, in a sentence that says by itself that it is due."""
    if row.kind is DueKind.PROJECT:
        return title_of(row.title), f"{name_of(row.whose)} runs it"
    return _what(row, report), _whose(row)


def _what(row: DueRow, report: DeadlineReport) -> str:
    client = name_of(row.client)
    if row.kind is DueKind.RENEWAL:
        return f"{client} renews"
    if row.kind is DueKind.PROJECT:
        due = "was due" if row.on < report.today else "is due"
        return f"{title_of(row.title)} {due}"
    assert row.request_id is not None  # the other kinds are about a request
    return f"{reference(row.request_id, row.reference, report.links)} {title_of(row.title)} for {client}"


def _whose(row: DueRow) -> str:
    name = name_of(row.whose)
    doing = {
        DueKind.DECISION: f"{name} to decide",
        DueKind.DELIVERY: f"{name} to deliver",
        DueKind.ANSWER: f"{name} owes them an answer",
    }
    waiting = f", once {name_of(row.waits_for)} decides" if row.waits_for else ""
    return doing.get(row.kind, name) + waiting


def _date(value: date, report: DeadlineReport) -> str:
    """A day, with its year where that is another one."""
    return date_token(value) + ("" if value.year == report.today.year else f" {value.year}")


def deadline_more(count: int) -> str:
    """What a part leaves out."""
    return f"and {count} more: `/handoff list`"
