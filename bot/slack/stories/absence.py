"""Going away: the form with what is set, sending it off, and taking an absence back."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from bot.errors import WrongField, WrongFields
from bot.people import repository as people
from bot.people.absence import absences_of
from bot.people.models import Actor
from bot.people.refusals import ExternalPerson, NoSuchAbsence
from bot.requests import repository as requests
from bot.requests.refusals import Missing
from bot.requests.routing import absences
from bot.requests.typed.typed_text import unescape_slack
from bot.slack.bot import Bot
from bot.slack.directory import Reader
from bot.slack.message import Message, Modal
from bot.slack.names import Field
from bot.slack.payloads import Command, Press, Submission, Who
from bot.slack.stories.forms import is_first_submission
from bot.slack.text import absence as say
from bot.slack.views.absence import away_modal
from bot.slack.views.elements import section
from bot.slack.views.lists import information

# Slack sends mentions in commands as ids.
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>\s*$")


async def away(bot: Bot, command: Command, rest: str) -> Message | None:
    """`/handoff away`: open the form; `/handoff away @olga` that of somebody else."""
    reader = await _internal(bot, command.who)
    person_id = ""
    if rest:
        named = _MENTION.match(rest)
        if named is None:
            return Message(text=say.WHOSE, blocks=(section(say.WHOSE),))
        person_id = named[1]
        # Whoever is named becomes known.
        await bot.directory.reader(command.who.workspace_id, person_id)
    await bot.gateway(command.who.workspace_id).open(
        command.trigger_id, await _form(bot, command.who, reader, person_id)
    )
    return None


async def away_sent(bot: Bot, submission: Submission) -> Modal | None:
    """The form was sent off: say what follows."""
    await _internal(bot, submission.who)
    delegate = submission.text(Field.DELEGATE)
    if delegate:
        # Whoever is named becomes known: the service asks whether they may act for somebody.
        await bot.directory.reader(submission.who.workspace_id, delegate)
    return await bot.run(_go_away, bot.actor(submission.who), submission=submission)


async def remove_pressed(bot: Bot, press: Press) -> Message | None:
    """An absence is taken back, and the form shows what is left."""
    reader = await _internal(bot, press.who)
    try:
        delegation_id = UUID(str(press.value))
    except ValueError:
        raise NoSuchAbsence from None
    await bot.run(absences.come_back, bot.actor(press.who), delegation_id=delegation_id)
    if press.view_id:
        # By its id alone: a second press drew it already, and the newest drawing is right.
        await bot.afterwards(
            bot.gateway(press.who.workspace_id).redraw(
                press.view_id, await _form(bot, press.who, reader, press.private_metadata)
            )
        )
    return None


def _go_away(session: Session, actor: Actor, *, submission: Submission) -> Modal | None:
    if not is_first_submission(session, actor, submission):
        return None
    first_day, last_day, delegate_id = _read(submission)
    whose = submission.private_metadata or actor.person_id
    held = requests.count_held(session, workspace_id=actor.workspace_id, holder_id=whose)
    delegation = absences.go_away(
        session,
        actor,
        first_day=first_day,
        last_day=last_day,
        delegate_id=delegate_id,
        note=unescape_slack(submission.text(Field.NOTE)),
        person_id=whose,
    )
    left = requests.count_held(session, workspace_id=actor.workspace_id, holder_id=whose)
    person = people.person(session, workspace_id=actor.workspace_id, person_id=whose)
    assert person is not None, "only known people set an absence"
    has_begun = delegation.first_day <= actor.now.astimezone(person.tz).date()
    name = people.name(session, workspace_id=actor.workspace_id, person_id=delegate_id)
    return information(
        say.TITLE,
        say.is_set(
            delegation,
            name,
            has_begun=has_begun,
            moved=held - left,
            person="" if whose == actor.person_id else person.name,
        ),
    )


def _read(submission: Submission) -> tuple[date, date, str]:
    wanted = (Field.AWAY_FROM, Field.AWAY_TO, Field.DELEGATE)
    missing = [WrongField(name, Missing()) for name in wanted if not submission.text(name)]
    if missing:
        raise WrongFields(missing)
    first_day, last_day, delegate_id = (submission.text(name) for name in wanted)
    return date.fromisoformat(first_day), date.fromisoformat(last_day), delegate_id


async def _form(bot: Bot, who: Who, reader: Reader, person_id: str) -> Modal:
    """The form of somebody's absences: of whoever reads it, unless a person is named."""
    person_id = "" if person_id == who.person_id else person_id
    known = await bot.read(absences_of, bot.actor(who), person_id=person_id or None)
    person = None
    if person_id:
        person = (person_id, (await bot.directory.reader(who.workspace_id, person_id)).name)
    return away_modal(known, today=bot.today(reader), person=person)


async def _internal(bot: Bot, who: Who) -> Reader:
    reader = await bot.reader(who)
    if reader.is_external:
        raise ExternalPerson(reader.id, reader.name)
    return reader
