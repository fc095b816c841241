"""When people work: their own hours, and the workspace's with its targets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.errors import Refusal, WrongField, WrongFields
from bot.people import public_holidays
from bot.people.hours import WorkingTime, working_time_of
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.people.settings import Targets, change_working_time, require_settings_owner, targets_of
from bot.portfolio.figures import parse_hours
from bot.requests.timing.retiming import change_own_hours
from bot.slack.bot import Bot
from bot.slack.limits import OPTIONS
from bot.slack.message import Message, Modal
from bot.slack.names import Field
from bot.slack.payloads import Command, Press, Submission, Suggestion
from bot.slack.views.elements import Choice
from bot.slack.views.hours import hours_modal, working_time_modal
from bot.workspaces import repository as workspaces

# Where each refused value of the core was typed into.
_FIELDS = {
    "days": Field.DAYS,
    "to": Field.TO,
    "holidays": Field.HOLIDAYS,
    "urgent": Field.URGENT_TARGET,
    "high": Field.HIGH_TARGET,
    "normal": Field.NORMAL_TARGET,
}
# Tasks that nobody else holds on to.
_loading: set[asyncio.Task[list[public_holidays.Place]]] = set()


async def hours(bot: Bot, command: Command, rest: str) -> Message | None:
    """`/handoff hours`: open the form with one's own hours."""
    await bot.reader(command.who)
    theirs, zone = await bot.read(_own, bot.actor(command.who))
    await bot.gateway(command.who.workspace_id).open(command.trigger_id, hours_modal(theirs, zone))
    _get_ready_to_suggest()
    return None


async def hours_set(bot: Bot, submission: Submission) -> Modal | None:
    """The form with one's own hours was sent off."""
    theirs = read_working_time(submission)
    await bot.run(
        _marked, lambda session: change_own_hours(session, bot.actor(submission.who), theirs=theirs)
    )
    return None


async def working_time_pressed(bot: Bot, press: Press) -> Message | None:
    """The button in the settings: open the workspace's working time and targets on top, for who may change them."""
    modal = await bot.run(_usual, bot.actor(press.who))
    await bot.gateway(press.who.workspace_id).push(press.trigger_id, modal)
    _get_ready_to_suggest()
    return None


async def working_time_set(bot: Bot, submission: Submission) -> Modal | None:
    """The form with the workspace's working time was sent off."""
    usual, targets = read_working_time(submission), read_targets(submission)
    await bot.run(
        _marked,
        lambda session: change_working_time(session, bot.actor(submission.who), usual=usual, targets=targets),
    )
    return None


async def suggest_holidays(bot: Bot, asked: Suggestion) -> list[Choice]:
    """Countries and their parts whose name holds what was typed."""
    found = await asyncio.to_thread(public_holidays.search, asked.typed, limit=OPTIONS)
    return [(place.code, place.name) for place in found]


def read_working_time(submission: Submission) -> WorkingTime:
    """What a form of working time says."""
    days = submission.values.get(Field.DAYS)
    return WorkingTime(
        days=frozenset(map(int, days)) if isinstance(days, list) else frozenset(),
        start=time.fromisoformat(submission.text(Field.FROM)),
        end=time.fromisoformat(submission.text(Field.TO)),
        holidays=submission.text(Field.HOLIDAYS),
    )


def read_targets(submission: Submission) -> Targets:
    """What the form says of targets.

    Raises `WrongFields` for what cannot be read.
    """
    wrong: list[WrongField] = []

    def minutes(field: Field) -> int:
        try:
            return parse_hours(submission.text(field).strip() or "0")
        except Refusal as why:
            wrong.append(WrongField(field, why))
            return 0

    targets = Targets(minutes(Field.URGENT_TARGET), minutes(Field.HIGH_TARGET), minutes(Field.NORMAL_TARGET))
    if wrong:
        raise WrongFields(wrong)
    return targets


def _get_ready_to_suggest() -> None:
    """Load the calendars of the world while the form is looked at: the first time it takes as long as a suggestion may."""
    loading = asyncio.create_task(asyncio.to_thread(public_holidays.search, "", limit=0))
    _loading.add(loading)
    loading.add_done_callback(_loading.discard)


def _own(session: Session, actor: Actor) -> tuple[WorkingTime, ZoneInfo]:
    person = require_internal(session, actor)
    workspace = workspaces.workspace(session, workspace_id=actor.workspace_id)
    assert workspace is not None, "a person belongs to a workspace"
    return working_time_of(person, workspace), person.tz


def _usual(session: Session, actor: Actor) -> Modal:
    _, workspace = require_settings_owner(session, actor)
    return working_time_modal(working_time_of(workspace), targets_of(workspace), workspace.zone)


def _marked(session: Session, use_case: Callable[[Session], object]) -> None:
    """Run a use case; what it refuses is marked where it was typed."""
    try:
        use_case(session)
    except WrongFields as refused:
        raise WrongFields(
            [WrongField(_FIELDS.get(wrong.field, wrong.field), wrong.why) for wrong in refused.fields]
        ) from refused
