"""Giving a decision to somebody else."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from bot.people.models import Actor
from bot.requests import repository
from bot.requests.facts import CardFacts
from bot.requests.routing import reassigning
from bot.slack.bot import Bot
from bot.slack.message import Message, Modal
from bot.slack.names import Field
from bot.slack.payloads import Press, Submission
from bot.slack.stories.forms import once, open_form, pressed, shown
from bot.slack.views.authority import reassign_modal


async def reassign_pressed(bot: Bot, press: Press) -> Message | None:
    """Open the form, if this person may say who decides."""
    request_id, revision = pressed(press)
    card = await bot.read(_to_reassign, bot.actor(press.who), request_id=request_id, revision=revision)
    await open_form(bot, press, reassign_modal(card))
    return None


async def reassigned(bot: Bot, submission: Submission) -> Modal | None:
    """The form was sent off."""
    request_id, revision = shown(submission.private_metadata)
    person = submission.text(Field.PERSON)
    if person:
        # Whoever is named becomes known: the service asks whether they may decide.
        await bot.directory.reader(submission.who.workspace_id, person)
    await bot.run(
        once,
        bot.actor(submission.who),
        submission,
        lambda session, actor: reassigning.reassign(
            session,
            actor,
            request_id=request_id,
            revision=revision,
            person_id=person,
            reason=submission.text(Field.WHY),
        ),
    )
    return None


def _to_reassign(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> CardFacts:
    reassigning.require_reassignable(session, actor, request_id=request_id, revision=revision)
    return repository.card_facts(session, workspace_id=actor.workspace_id, request_id=request_id)
