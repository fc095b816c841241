"""After the yes: the manager says how far the work is, the account manager what the client says."""

from __future__ import annotations

from datetime import date, timedelta

from bot.errors import WrongField, WrongFields
from bot.portfolio.figures import parse_hours
from bot.requests.afterwards import client_answers, delivering
from bot.requests.refusals import Missing
from bot.slack.bot import Bot
from bot.slack.message import Message, Modal
from bot.slack.names import Field
from bot.slack.payloads import Press, Submission
from bot.slack.stories.forms import card_for, finished, once, open_form, pressed, shown
from bot.slack.text import after_yes as say
from bot.slack.views.after_yes import client_no_modal, done_modal, sent_modal

VALID_FOR = timedelta(days=14)


async def start_pressed(bot: Bot, press: Press) -> Message | None:
    """The manager begins."""
    request_id, _ = pressed(press)
    await bot.run(delivering.start, bot.actor(press.who), request_id=request_id)
    await finished(bot, press, say.STARTED_TITLE, say.STARTED)
    return None


async def done_pressed(bot: Bot, press: Press) -> Message | None:
    """Ask the manager what it took."""
    request_id, _ = pressed(press)
    actor = bot.actor(press.who)
    minutes = await bot.read(delivering.require_deliverable, actor, request_id=request_id)
    card = await bot.read(card_for, actor, request_id=request_id)
    await open_form(bot, press, done_modal(card, minutes))
    return None


async def done_as_estimated(bot: Bot, press: Press) -> Message | None:
    """The manager says that it is done, and that it took what was accepted."""
    request_id, _ = pressed(press)
    await bot.run(delivering.delivered, bot.actor(press.who), request_id=request_id)
    return None


async def done(bot: Bot, submission: Submission) -> Modal | None:
    """The form that says what it took was sent off."""
    request_id, _ = shown(submission.private_metadata)
    typed = submission.text(Field.HOURS).strip()
    if not typed:
        raise WrongFields([WrongField(Field.HOURS, Missing())])
    minutes = parse_hours(typed)
    await bot.run(
        once,
        bot.actor(submission.who),
        submission,
        lambda session, actor: delivering.delivered(
            session, actor, request_id=request_id, actual_minutes=minutes
        ),
    )
    return None


async def close_pressed(bot: Bot, press: Press) -> Message | None:
    """The manager closes what is done."""
    request_id, _ = pressed(press)
    await bot.run(delivering.close, bot.actor(press.who), request_id=request_id)
    return None


async def sent_pressed(bot: Bot, press: Press) -> Message | None:
    """Ask the account manager until when the client can say yes."""
    request_id, revision = pressed(press)
    actor = bot.actor(press.who)
    await bot.read(client_answers.require_outstanding, actor, request_id=request_id, revision=revision)
    card = await bot.read(card_for, actor, request_id=request_id)
    today = bot.today(await bot.reader(press.who))
    await open_form(bot, press, sent_modal(card, today + VALID_FOR))
    return None


async def sent(bot: Bot, submission: Submission) -> Modal | None:
    """The form that says until when the change order is valid was sent off."""
    request_id, revision = shown(submission.private_metadata)
    day = submission.text(Field.VALID_UNTIL)
    valid_until = date.fromisoformat(day) if day else None
    await bot.run(
        once,
        bot.actor(submission.who),
        submission,
        lambda session, actor: client_answers.sent_to_client(
            session, actor, request_id=request_id, revision=revision, valid_until=valid_until
        ),
    )
    return None


async def client_accepted(bot: Bot, press: Press) -> Message | None:
    """The account manager has the client's yes."""
    request_id, revision = pressed(press)
    actor = bot.actor(press.who)
    await bot.run(client_answers.client_accepted, actor, request_id=request_id, revision=revision)
    await finished(bot, press, say.YES_TITLE, say.YES)
    return None


async def client_declined_pressed(bot: Bot, press: Press) -> Message | None:
    """Ask the account manager what the client said."""
    request_id, revision = pressed(press)
    actor = bot.actor(press.who)
    await bot.read(client_answers.require_outstanding, actor, request_id=request_id, revision=revision)
    card = await bot.read(card_for, actor, request_id=request_id)
    await open_form(bot, press, client_no_modal(card))
    return None


async def client_declined(bot: Bot, submission: Submission) -> Modal | None:
    """The form with the client's no was sent off."""
    request_id, revision = shown(submission.private_metadata)
    await bot.run(
        once,
        bot.actor(submission.who),
        submission,
        lambda session, actor: client_answers.client_declined(
            session, actor, request_id=request_id, revision=revision, reason=submission.text(Field.WHY)
        ),
    )
    return None
