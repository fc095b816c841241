"""Changing a request: the form opens with what it says now, and what differs makes a new revision."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from bot.people.models import Actor
from bot.requests import editing, repository
from bot.requests.facts import CardFacts
from bot.slack.bot import Bot
from bot.slack.message import Message, Modal
from bot.slack.payloads import Press, Submission
from bot.slack.stories.forms import once, open_form, pressed, shown
from bot.slack.stories.intake import read_ask
from bot.slack.views.editing import edit_modal, split_details


async def edit_pressed(bot: Bot, press: Press) -> Message | None:
    """Open the form with what the request says now, for who logged it."""
    request_id, revision = pressed(press)
    card = await bot.read(_to_edit, bot.actor(press.who), request_id=request_id, revision=revision)
    await open_form(bot, press, edit_modal(card))
    return None


async def edited(bot: Bot, submission: Submission) -> Modal | None:
    """The form was sent off."""
    request_id, revision = shown(submission.private_metadata)
    today = bot.today(await bot.reader(submission.who))
    await bot.run(
        once,
        bot.actor(submission.who),
        submission,
        lambda session, actor: _edit(session, actor, request_id, revision, submission, today),
    )
    return None


def _edit(
    session: Session, actor: Actor, request_id: UUID, revision: int, submission: Submission, today: date
) -> None:
    before = editing.require_editable(session, actor, request_id=request_id, revision=revision)
    ask = read_ask(submission, today, already_needed_by=before.needed_by)
    # What the form could not hold was not shown, and stays.
    _, rest = split_details(before.details)
    ask = replace(ask, details=ask.details + rest)
    editing.edit(session, actor, request_id=request_id, revision=revision, ask=ask)


def _to_edit(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> CardFacts:
    editing.require_editable(session, actor, request_id=request_id, revision=revision)
    return repository.card_facts(session, workspace_id=actor.workspace_id, request_id=request_id)
