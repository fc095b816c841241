"""Duplicates: marked by those it concerns, and shown to who is about to log one."""

from __future__ import annotations

import logging
from uuid import UUID

from sqlalchemy.orm import Session

from bot.people.models import Actor
from bot.requests import repository
from bot.requests.afterwards import duplicates
from bot.requests.facts import CardFacts
from bot.requests.typed.typed_text import without_controls
from bot.slack.bot import Bot
from bot.slack.gateway import GatewayError
from bot.slack.message import Message, Modal
from bot.slack.names import Callback, Field
from bot.slack.payloads import Press, Submission, Suggestion
from bot.slack.stories.forms import once, open_form, pressed, shown
from bot.slack.text import ask as say_ask
from bot.slack.text import duplicates as say
from bot.slack.views.duplicates import mark_modal, with_hint
from bot.slack.views.elements import Choice

log = logging.getLogger(__name__)


async def mark_pressed(bot: Bot, press: Press) -> Message | None:
    """Open the form in which the original is chosen."""
    request_id, revision = pressed(press)
    card = await bot.read(_to_mark, bot.actor(press.who), request_id=request_id, revision=revision)
    await open_form(bot, press, mark_modal(card))
    return None


async def suggest_original(bot: Bot, asked: Suggestion) -> list[Choice]:
    """Requests of the same client whose reference or title holds what was typed."""
    request_id, _ = shown(asked.private_metadata)
    lines = await bot.read(
        duplicates.possible_originals,
        workspace_id=asked.who.workspace_id,
        request_id=request_id,
        typed=without_controls(asked.typed),
    )
    return [(str(line.id), say.option(line)) for line in lines]


async def marked(bot: Bot, submission: Submission) -> Modal | None:
    """The original was chosen."""
    request_id, revision = shown(submission.private_metadata)
    await bot.run(
        once,
        bot.actor(submission.who),
        submission,
        lambda session, actor: duplicates.mark_duplicate(
            session,
            actor,
            request_id=request_id,
            revision=revision,
            original_id=_uuid(submission.text(Field.ORIGINAL)),
        ),
    )
    return None


async def title_typed(bot: Bot, press: Press) -> Message | None:
    """While a request is typed: say what it looks like, if it looks like one of the same client's."""
    project_id = _uuid(press.values.get(Field.PROJECT))
    title = press.values.get(Field.TITLE)
    if press.callback_id != Callback.ASK:
        return None
    lines = []
    if project_id is not None and isinstance(title, str):
        lines = await bot.read(
            duplicates.likely_duplicates,
            workspace_id=press.who.workspace_id,
            project_id=project_id,
            title=without_controls(title),
        )
    blocks = with_hint(press.blocks, lines)
    if blocks is None:
        return None
    form = Modal(
        callback_id=press.callback_id,
        title=say_ask.TITLE,
        submit=say_ask.SUBMIT,
        private_metadata=press.private_metadata,
        blocks=blocks,
    )
    try:
        await bot.soon(
            bot.gateway(press.who.workspace_id).redraw(press.view_id, form, view_hash=press.view_hash or None)
        )
    except GatewayError as error:
        # The form was drawn anew or closed meanwhile; the next letters ask again.
        log.info("a hint was not shown: %s", error)
    return None


def _to_mark(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> CardFacts:
    duplicates.require_markable(session, actor, request_id=request_id, revision=revision)
    return repository.card_facts(session, workspace_id=actor.workspace_id, request_id=request_id)


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
