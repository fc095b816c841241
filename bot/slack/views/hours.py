"""The forms of working time: a person's own, and the workspace's with its targets."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

from bot.people.hours import WorkingTime
from bot.people.public_holidays import name_of
from bot.people.settings import Targets
from bot.slack.message import Block, Modal
from bot.slack.names import Callback, Field
from bot.slack.text import hours as say
from bot.slack.text.digest_settings import WEEKDAYS
from bot.slack.text.markup import clock_time, hours_figure
from bot.slack.views.elements import (
    context,
    many_input,
    search_input,
    text_input,
    time_input,
)


def hours_modal(theirs: WorkingTime, zone: ZoneInfo) -> Modal:
    """When one person works, as it is now."""
    return Modal(
        callback_id=Callback.HOURS,
        title=say.TITLE,
        submit=say.SUBMIT,
        blocks=(context(say.own_zone(zone)), *_inputs(theirs)),
    )


def working_time_modal(usual: WorkingTime, targets: Targets, zone: str) -> Modal:
    """When people work who say nothing else, and how soon a first answer is due."""
    fields = (
        (Field.URGENT_TARGET, say.URGENT, targets.urgent),
        (Field.HIGH_TARGET, say.HIGH, targets.high),
        (Field.NORMAL_TARGET, say.NORMAL, targets.normal),
    )
    return Modal(
        callback_id=Callback.WORKING_TIME,
        title=say.TITLE,
        submit=say.SUBMIT,
        blocks=(
            context(say.usual(zone)),
            *_inputs(usual),
            *(text_input(name, label, initial=hours_figure(minutes)) for name, label, minutes in fields),
            context(say.TARGETS_HINT),
        ),
    )


def _inputs(kept: WorkingTime) -> tuple[Block, ...]:
    days = [(str(number), name) for number, name in WEEKDAYS.items()]
    holidays = (kept.holidays, name_of(kept.holidays)) if kept.holidays else None
    return (
        many_input(Field.DAYS, say.DAYS, days, initial=[str(day) for day in sorted(kept.days)]),
        _time(Field.FROM, say.FROM, kept.start),
        _time(Field.TO, say.TO, kept.end),
        search_input(
            Field.HOLIDAYS,
            say.HOLIDAYS,
            initial=holidays,
            hint=say.HOLIDAYS_HINT,
            placeholder=say.HOLIDAYS_SEARCH,
            optional=True,
        ),
    )


def _time(name: str, label: str, at: time) -> Block:
    return time_input(name, label, initial=clock_time(at))
