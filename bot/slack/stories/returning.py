"""Deferring, and what comes back: the decider puts it off, its requester asks again or lets it go."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from bot.errors import WrongField, WrongFields
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.requests import deciding, repository
from bot.requests.afterwards import returning
from bot.requests.facts import CardFacts
from bot.requests.refusals import Missing
from bot.slack.bot import Bot
from bot.slack.message import Message, Modal
from bot.slack.names import Field
from bot.slack.payloads import Press, Submission
from bot.slack.stories.forms import card_for, finished, once, open_form, pressed, shown
from bot.slack.text import bridges as say
from bot.slack.views.returning import RENEWAL, ask_again_modal, defer_modal


async def defer_pressed(bot: Bot, press: Press) -> Message | None:
    """Open the form that defers, if this person may decide what they saw."""
    request_id, revision = pressed(press)
    today = bot.today(await bot.reader(press.who))
    card, renewal_on = await bot.read(
        _to_defer, bot.actor(press.who), request_id=request_id, revision=revision, today=today
    )
    await open_form(bot, press, defer_modal(card, renewal_on))
    return None


async def deferred(bot: Bot, submission: Submission) -> Modal | None:
    """The form that defers was sent off."""
    request_id, revision = shown(submission.private_metadata)
    until = None
    if submission.text(Field.UNTIL) != RENEWAL:
        day = submission.text(Field.RETURNS_ON)
        if not day:
            raise WrongFields([WrongField(Field.RETURNS_ON, Missing())])
        until = date.fromisoformat(day)
    await bot.run(
        once,
        bot.actor(submission.who),
        submission,
        lambda session, actor: deciding.defer(
            session,
            actor,
            request_id=request_id,
            revision=revision,
            reason=submission.text(Field.WHY),
            until=until,
        ),
    )
    return None


async def ask_again_pressed(bot: Bot, press: Press) -> Message | None:
    """Ask again at once where a day brought it back; else say first what has changed."""
    request_id, revision = pressed(press)
    actor = bot.actor(press.who)
    if await bot.read(returning.require_askable_again, actor, request_id=request_id, revision=revision):
        card = await bot.read(card_for, actor, request_id=request_id)
        await open_form(bot, press, ask_again_modal(card))
        return None
    await bot.run(returning.ask_again, actor, request_id=request_id, revision=revision)
    await finished(bot, press, say.ASKED, say.ASKED_SENTENCE)
    return None


async def asked_again(bot: Bot, submission: Submission) -> Modal | None:
    """What has changed was sent off."""
    request_id, revision = shown(submission.private_metadata)
    await bot.run(
        once,
        bot.actor(submission.who),
        submission,
        lambda session, actor: returning.ask_again(
            session, actor, request_id=request_id, revision=revision, note=submission.text(Field.WHY)
        ),
    )
    return None


async def let_go_pressed(bot: Bot, press: Press) -> Message | None:
    """Not any more."""
    request_id, revision = pressed(press)
    await bot.run(returning.let_go, bot.actor(press.who), request_id=request_id, revision=revision)
    await finished(bot, press, say.GONE, say.GONE_SENTENCE)
    return None


def _to_defer(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, today: date
) -> tuple[CardFacts, date | None]:
    """The card, if this person may decide it, and the client's renewal if one lies ahead."""
    require_internal(session, actor)
    request = deciding.require_decidable(session, actor, request_id=request_id, revision=revision)
    renewal_on = deciding.client_of(session, request).renewal_on
    card = repository.card_facts(session, workspace_id=actor.workspace_id, request_id=request_id)
    return card, renewal_on if renewal_on is not None and renewal_on > today else None
