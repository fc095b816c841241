"""The chart of accepted hours: drawn by Slack, and the same as text where Slack refuses to draw."""

from __future__ import annotations

from collections.abc import Sequence

from bot.digests.scope_report import WeekHours
from bot.slack.message import Block
from bot.slack.text import digests as text
from bot.slack.views.lines import whole

BAR = 20
PAID, UNPAID = "█", "░"


def hours_chart(weeks: Sequence[WeekHours]) -> Block:
    """Paid and unpaid hours, week by week, as a chart block (Slack groups the two bars of a week)."""
    labels = [text.chart_week(week.number) for week in weeks]
    return {
        "type": "data_visualization",
        "title": text.CHART_TITLE,
        "chart": {
            "type": "bar",
            "series": [
                _series(text.CHART_PAID, labels, [week.paid_minutes for week in weeks]),
                _series(text.CHART_UNPAID, labels, [week.unpaid_minutes for week in weeks]),
            ],
            "axis_config": {"categories": labels, "y_label": text.CHART_AXIS},
        },
    }


def hours_chart_as_text(weeks: Sequence[WeekHours]) -> Block:
    """The same figures as bars of characters."""
    most = max(week.paid_minutes + week.unpaid_minutes for week in weeks)
    lines = [
        f"{text.chart_week(week.number):<4}{_bar(week, most)} {text.chart_figure(week)}".rstrip()
        for week in weeks
    ]
    drawn = "\n".join(lines)
    return whole(f"*{text.CHART_TITLE}*\n```{drawn}\n```\n{text.chart_legend()}")


def _series(name: str, labels: Sequence[str], minutes: Sequence[int]) -> Block:
    data = [{"label": label, "value": _hours(part)} for label, part in zip(labels, minutes, strict=True)]
    return {"name": name, "data": data}


def _hours(minutes: int) -> float:
    return minutes // 60 if minutes % 60 == 0 else round(minutes / 60, 2)


def _bar(week: WeekHours, most: int) -> str:
    scale = BAR / most if most else 0
    whole = round((week.paid_minutes + week.unpaid_minutes) * scale)
    # Something unpaid is never rounded away.
    unpaid = min(whole, max(round(week.unpaid_minutes * scale), 1 if week.unpaid_minutes else 0))
    return (PAID * (whole - unpaid) + UNPAID * unpaid).ljust(BAR)
