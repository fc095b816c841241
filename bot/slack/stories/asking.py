"""Asking back and answering: a press opens a form, and what is sent off moves the ball."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from bot.people.models import Actor
from bot.requests import repository
from bot.requests.bargaining import asking
from bot.requests.facts import CardFacts, QuestionFacts
from bot.requests.models import State
from bot.requests.rights import stands_for_requester
from bot.requests.typed.typed_text import unescape_slack
from bot.slack.bot import Bot
from bot.slack.message import Message, Modal
from bot.slack.names import Field
from bot.slack.payloads import Press, Said, Submission
from bot.slack.stories import deciding
from bot.slack.stories.forms import once, open_form, pressed, shown, take_away, value_of
from bot.slack.views.asking import answer_modal, ask_info_modal, typed_answer


async def ask_info_pressed(bot: Bot, press: Press) -> Message | None:
    """Open the form for a question, if this person may decide what they saw."""
    request_id, revision = pressed(press)
    card = await bot.read(_to_ask, bot.actor(press.who), request_id=request_id, revision=revision)
    await open_form(bot, press, ask_info_modal(card))
    return None


async def info_asked(bot: Bot, submission: Submission) -> Modal | None:
    """The question was sent off."""
    request_id, revision = shown(submission.private_metadata)
    await bot.run(
        once,
        bot.actor(submission.who),
        submission,
        lambda session, actor: asking.ask_for_info(
            session,
            actor,
            request_id=request_id,
            revision=revision,
            question=submission.text(Field.QUESTION),
        ),
    )
    return None


async def answer_pressed(bot: Bot, press: Press) -> Message | None:
    """Open the form for the answer, with the question in it, for whoever is asked."""
    request_id, revision = pressed(press)
    card, question = await bot.read(
        _to_answer, bot.actor(press.who), request_id=request_id, revision=revision
    )
    await open_form(bot, press, answer_modal(card, question))
    return None


async def info_answered(bot: Bot, submission: Submission) -> Modal | None:
    """The answer was sent off."""
    request_id, revision = shown(submission.private_metadata)
    number = submission.private_metadata.rpartition(":")[2]
    await bot.run(
        once,
        bot.actor(submission.who),
        submission,
        lambda session, actor: asking.answer(
            session,
            actor,
            request_id=request_id,
            revision=revision,
            number=int(number),
            words=submission.text(Field.ANSWER),
        ),
    )
    return None


async def typed_reply(bot: Bot, said: Said) -> None:
    """What somebody wrote in a card's thread: perhaps the answer that is awaited, perhaps a decision."""
    if not said.thread_ts or not said.text.strip():
        return
    card = await bot.read(_awaits_answer, bot.actor(said.who), said)
    if card is None or card.question is None:
        await deciding.typed_reply(bot, said)
        return
    question = typed_answer(card, card.question, unescape_slack(said.text))
    await bot.soon(
        bot.gateway(said.who.workspace_id).whisper(
            said.channel_id, said.who.person_id, question, thread_ts=said.thread_ts
        )
    )


async def record_answer(bot: Bot, press: Press) -> Message | None:
    """Yes, what was typed is the answer."""
    request_id, revision = pressed(press)
    number, words = value_of(press).split(":", 3)[2:]
    await bot.run(
        asking.answer,
        bot.actor(press.who),
        request_id=request_id,
        revision=revision,
        number=int(number),
        words=words,
    )
    await take_away(bot, press)
    return None


def _awaits_answer(session: Session, actor: Actor, said: Said) -> CardFacts | None:
    """The card whose thread this is, if it waits for the writer's answer."""
    here = actor.workspace_id
    request_id = repository.request_at(
        session, workspace_id=here, channel_id=said.channel_id, ts=said.thread_ts
    )
    if request_id is None:
        return None
    request = repository.row(session, workspace_id=here, request_id=request_id)
    if request.state is not State.NEEDS_INFO or not stands_for_requester(session, actor, request):
        return None
    return repository.card_facts(session, workspace_id=here, request_id=request_id)


def _to_ask(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> CardFacts:
    asking.require_askable(session, actor, request_id=request_id, revision=revision)
    return repository.card_facts(session, workspace_id=actor.workspace_id, request_id=request_id)


def _to_answer(
    session: Session, actor: Actor, *, request_id: UUID, revision: int
) -> tuple[CardFacts, QuestionFacts]:
    asking.require_answerable(session, actor, request_id=request_id, revision=revision)
    card = repository.card_facts(session, workspace_id=actor.workspace_id, request_id=request_id)
    assert card.question is not None, "the question that waits is on the card"
    return card, card.question
