"""The deadline digest: what is late, then today, then the next seven days, then renewals."""

from __future__ import annotations

from bot.digests.deadline_report import SHOWN, DeadlineReport
from bot.slack.limits import MESSAGE_TEXT
from bot.slack.message import Block, Message
from bot.slack.text import deadlines as text
from bot.slack.views.lines import fitting, sections, whole


def deadline_digest(report: DeadlineReport) -> Message:
    """The post: what matters most in one sentence, then each part with its lines."""
    title = f"*{text.deadline_title(report.today)}*"
    headline, second = text.deadline_headline(report), text.deadline_second(report)
    blocks: list[Block] = [whole(f"{title}\n*{headline}* {second}".rstrip())]
    said = [title, f"{headline} {second}".rstrip()]
    parts = (
        (text.OVERDUE, report.overdue),
        (text.TODAY, report.due_today),
        (text.COMING, report.coming),
        (text.RENEWALS, report.renewals),
    )
    for name, rows in parts:
        if not rows:
            continue
        lines = [text.deadline_line(row, report) for row in rows[:SHOWN]]
        if len(rows) > SHOWN:
            lines.append(text.deadline_more(len(rows) - SHOWN))
        blocks += sections([f"*{name}*", *lines])
        said += [f"{name}:", *lines]
    return Message(fitting(said, MESSAGE_TEXT), tuple(blocks))
