"""Re-opening and appealing: a press opens a form, and what is sent off brings the request back."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from bot.people import repository as people
from bot.people.models import Actor
from bot.requests import repository
from bot.requests.afterwards import reopening
from bot.requests.facts import CardFacts
from bot.slack.bot import Bot
from bot.slack.message import Message, Modal
from bot.slack.names import Field
from bot.slack.payloads import Press, Submission
from bot.slack.stories.forms import once, open_form, pressed, shown
from bot.slack.views.reopening import appeal_modal, reopen_modal


async def reopen_pressed(bot: Bot, press: Press) -> Message | None:
    """Open the form for the reason, for those who may re-open."""
    request_id, revision = pressed(press)
    card = await bot.read(_to_reopen, bot.actor(press.who), request_id=request_id, revision=revision)
    await open_form(bot, press, reopen_modal(card))
    return None


async def reopened(bot: Bot, submission: Submission) -> Modal | None:
    """The reason was sent off."""
    request_id, revision = shown(submission.private_metadata)
    why = submission.text(Field.WHY)
    await bot.run(
        once,
        bot.actor(submission.who),
        submission,
        lambda session, actor: reopening.reopen(
            session, actor, request_id=request_id, revision=revision, reason=why
        ),
    )
    return None


async def appeal_pressed(bot: Bot, press: Press) -> Message | None:
    """Open the form for the new facts, for who logged it."""
    request_id, revision = pressed(press)
    card, decider = await bot.read(_to_appeal, bot.actor(press.who), request_id=request_id, revision=revision)
    await open_form(bot, press, appeal_modal(card, decider))
    return None


async def appealed(bot: Bot, submission: Submission) -> Modal | None:
    """The new facts were sent off."""
    request_id, revision = shown(submission.private_metadata)
    facts = submission.text(Field.WHY)
    await bot.run(
        once,
        bot.actor(submission.who),
        submission,
        lambda session, actor: reopening.appeal(
            session, actor, request_id=request_id, revision=revision, facts=facts
        ),
    )
    return None


def _to_reopen(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> CardFacts:
    reopening.require_reopenable(session, actor, request_id=request_id, revision=revision)
    return repository.card_facts(session, workspace_id=actor.workspace_id, request_id=request_id)


def _to_appeal(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> tuple[CardFacts, str]:
    here = actor.workspace_id
    decider = reopening.require_appealable(session, actor, request_id=request_id, revision=revision)
    card = repository.card_facts(session, workspace_id=here, request_id=request_id)
    return card, people.name(session, workspace_id=here, person_id=decider)
