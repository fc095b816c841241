"""The sentences of `/handoff hours` and of the workspace's working time."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.people.refusals import EndsBeforeItBegins, NoTarget, NoWorkingDay, UnknownHolidays
from bot.slack.text.markup import clock_time, escape
from bot.slack.text.refusals import Reading, explains

TITLE = "Working hours"
SUBMIT = "Save"
DAYS = "Working days"
FROM = "From"
TO = "To"
HOLIDAYS = "Public holidays"
HOLIDAYS_HINT = "Leave it empty to work on all of them."
HOLIDAYS_SEARCH = "A country or a part of it"
WORKING_TIME = "Working time and targets"
WORKING_TIME_BUTTON = "Change"
URGENT = "Urgent: first answer within (working hours)"
HIGH = "High: first answer within (working hours)"
NORMAL = "Normal: first answer within (working hours)"
TARGETS_HINT = "Counts for what is handed over from now on."


def own_zone(zone: ZoneInfo) -> str:
    """What the form of a person says about itself."""
    return (
        f"Answers are due, and Handoff writes to you, only within these hours, {escape(zone.key)} time "
        "(from your Slack profile). Urgent requests are the exception."
    )


def usual(zone: str) -> str:
    """What the form of the workspace says about itself."""
    return (
        f"For everybody who has not set their own with `/handoff hours`, each in their own time zone. "
        f"The workspace's is {escape(zone)}."
    )


@explains(NoWorkingDay)
def _(_refusal: NoWorkingDay, _r: Reading) -> str:
    return "Choose at least one day."


@explains(EndsBeforeItBegins)
def _(refusal: EndsBeforeItBegins, _r: Reading) -> str:
    return f"{clock_time(refusal.end)} is not after {clock_time(refusal.start)}. Choose a later end, or 00:00 for midnight."


@explains(UnknownHolidays)
def _(refusal: UnknownHolidays, _r: Reading) -> str:
    return f"I do not know the public holidays of {refusal.code}. Choose a country from the list."


@explains(NoTarget)
def _(refusal: NoTarget, _r: Reading) -> str:
    return f"This has to be more than nothing, and at most {refusal.most // 60:,} working hours."
