"""Setting the digests of a channel, on a form opened there."""

from __future__ import annotations

import asyncio
from datetime import time

from sqlalchemy.orm import Session

from bot.digests import service
from bot.digests.models import Coverage, DigestKind, DigestSchedule
from bot.errors import WrongField, WrongFields
from bot.onboarding import service as onboarding
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.portfolio import repository as portfolio
from bot.slack.bot import Bot
from bot.slack.directory import LOOK_UP_SECONDS
from bot.slack.gateway import GatewayError
from bot.slack.message import Message
from bot.slack.names import Field
from bot.slack.payloads import Command, Press, Submission, Who
from bot.slack.stories.forms import value_of
from bot.slack.text import digest_settings as say
from bot.slack.views.digest_modal import ON, DigestChoice, DigestForm, digest_modal, field_of
from bot.slack.views.elements import section


async def digest(bot: Bot, command: Command, rest: str) -> Message | None:
    """`/handoff digest`: open the form of this channel."""
    await _open(bot, command.who, command.channel_id, command.trigger_id)
    return None


async def digest_pressed(bot: Bot, press: Press) -> Message | None:
    """The button that opens the form of a project's channel."""
    await _open(bot, press.who, value_of(press), press.trigger_id)
    return None


async def _open(bot: Bot, who: Who, channel_id: str, trigger_id: str) -> None:
    reader = await bot.reader(who)
    form = await bot.read(_form, bot.actor(who), channel_id=channel_id, zone=reader.zone.key)
    await bot.gateway(who.workspace_id).open(trigger_id, digest_modal(form))


async def digests_set(bot: Bot, submission: Submission) -> None:
    """The form was sent off: both digests are set, or neither; what comes when is told to who set it."""
    channel_id = submission.private_metadata
    async with asyncio.timeout(LOOK_UP_SECONDS):
        is_external = await bot.directory.is_external(submission.who.workspace_id, channel_id)
    rows = await bot.run(
        _set, bot.actor(submission.who), submission, channel_id=channel_id, is_external=is_external
    )
    text = "\n".join(
        say.saved(row.kind, channel_id, is_on=row.is_on, next_run_at=row.next_run_at) for row in rows
    )
    await bot.afterwards(_tell(bot, submission.who, channel_id, text))


async def _tell(bot: Bot, who: Who, channel_id: str, text: str) -> None:
    slack = bot.gateway(who.workspace_id)
    try:
        await slack.whisper(channel_id, who.person_id, Message(text=text, blocks=(section(text),)))
    except GatewayError:
        # Not in the channel: the digests could not be posted there either, so say how to change that.
        text = f"{text}\n{say.invite(channel_id)}"
        await slack.post(who.person_id, Message(text=text, blocks=(section(text),)))


def _form(session: Session, actor: Actor, *, channel_id: str, zone: str) -> DigestForm:
    require_internal(session, actor)
    known = service.schedules_of(session, workspace_id=actor.workspace_id, channel_id=channel_id)
    at_home = portfolio.in_channel(session, workspace_id=actor.workspace_id, channel_id=channel_id)
    # A channel that is no project's home wants to hear of all of them.
    covers = Coverage.CHANNEL if at_home else Coverage.ALL
    zones = [row.zone for row in known.values() if row is not None]
    return DigestForm(
        channel_id=channel_id,
        zone=zones[0] if zones else zone,
        scope=_choice(known[DigestKind.SCOPE], covers),
        deadlines=_choice(known[DigestKind.DEADLINES], covers),
    )


def _choice(row: DigestSchedule | None, covers: Coverage) -> DigestChoice:
    if row is None:
        return DigestChoice(is_on=True, covers=covers)
    return DigestChoice(is_on=row.is_on, at=row.at, weekday=row.weekday, covers=row.covers)


def _set(
    session: Session, actor: Actor, submission: Submission, *, channel_id: str, is_external: bool
) -> list[DigestSchedule]:
    rows: list[DigestSchedule] = []
    wrong: list[WrongField] = []
    for kind in DigestKind:
        try:
            rows.append(
                service.set_schedule(
                    session,
                    actor,
                    channel_id=channel_id,
                    kind=kind,
                    is_on=_is_on(submission, kind),
                    zone=submission.text(Field.ZONE),
                    at=_time(submission.text(_field(kind, "at"))),
                    weekday=int(submission.text(Field.SCOPE_WEEKDAY) or 1),
                    covers=Coverage(submission.text(_field(kind, "covers")) or Coverage.CHANNEL),
                    is_external=is_external,
                )
            )
        except WrongFields as refused:
            wrong += [WrongField(field_of(kind, field.field), field.why) for field in refused.fields]
    if wrong:
        raise WrongFields(wrong)
    onboarding.stepped(session, workspace_id=actor.workspace_id, now=actor.now)
    return rows


def _is_on(submission: Submission, kind: DigestKind) -> bool:
    chosen = submission.values.get(_field(kind, "on"))
    return isinstance(chosen, list) and ON in chosen


def _field(kind: DigestKind, name: str) -> Field:
    return Field(f"{kind.value}_{name}")


def _time(typed: str) -> time:
    try:
        return time.fromisoformat(typed)
    except ValueError:
        return time(9)
