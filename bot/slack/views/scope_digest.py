"""The scope digest: a short post with a chart, and its details for the thread."""

from __future__ import annotations

from bot.digests.scope_report import ScopeReport
from bot.slack.limits import MESSAGE_TEXT
from bot.slack.message import Block, Message
from bot.slack.text import digests as text
from bot.slack.views.chart import hours_chart, hours_chart_as_text
from bot.slack.views.elements import context
from bot.slack.views.lines import fitting, sections, whole

POST_LINES = 15
# The blocks of one message have a limit that Slack does not tell; this is well below what is known to pass.
DETAILS_TEXT = 12_000
DETAILS_IN_FULL = 8_000
PROJECTS_IN_FULL = 20


def scope_digest(report: ScopeReport) -> Message:
    """The post: what matters most, the chart, one line a project; the fallback has the chart as text."""
    title = f"*{text.scope_title(report)}* · {text.projects(report.project_count)}"
    headline, second = text.scope_headline(report), text.scope_second(report)
    lines = [text.scope_line(scope, report) for scope in report.active[:POST_LINES]]
    if len(report.active) > POST_LINES:
        lines.append(text.scope_more(len(report.active) - POST_LINES))
    quiet = text.quiet_line(report) if report.project_count else ""
    lines += [quiet] if quiet else []
    head = [whole(title), whole(f"*{headline}* {second}".rstrip())]
    tail = [*sections(lines), context(text.how_to_change())]
    said = fitting([f"{title}\n{headline} {second}".rstrip(), *lines], MESSAGE_TEXT)
    if not any(week.paid_minutes or week.unpaid_minutes for week in report.weeks):
        return Message(said, (*head, *tail))
    return Message(
        said,
        (*head, hours_chart(report.weeks), *tail),
        fallback=Message(said, (*head, hours_chart_as_text(report.weeks), *tail)),
    )


def scope_digest_details(report: ScopeReport) -> Message:
    """The thread: every project in full while there is room, then a line each, then how many more there are."""
    title = f"*{text.details_title(report)}*"
    blocks: list[Block] = [whole(f"{title}\n{text.details_totals(report)}")]
    room = DETAILS_IN_FULL
    shown = 0
    for scope in report.active[:PROJECTS_IN_FULL]:
        full = text.project_details(scope, report)
        room -= sum(map(len, full))
        if room < 0:
            break
        blocks += sections(full)
        shown += 1
    lines, shown = _short(report, shown, DETAILS_TEXT - DETAILS_IN_FULL)
    if shown < len(report.active):
        lines.append(text.details_more(len(report.active) - shown))
    quiet = text.quiet_line(report)
    blocks += sections([*lines, quiet] if quiet else lines)
    all_lines = [text.scope_line(scope, report) for scope in report.active]
    said = fitting([title, text.details_totals(report), *all_lines], MESSAGE_TEXT)
    return Message(said, tuple(blocks))


def _short(report: ScopeReport, shown: int, room: int) -> tuple[list[str], int]:
    lines: list[str] = []
    for scope in report.active[shown:]:
        line = text.project_in_brief(scope, report)
        room -= len(line)
        if room < 0:
            break
        lines.append(line)
        shown += 1
    return lines, shown
