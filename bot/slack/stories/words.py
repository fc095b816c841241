"""Words for the client: the holding reply that was sent, and a workspace's own texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.errors import WrongField, WrongFields
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.portfolio.languages import Language
from bot.requests import repository
from bot.requests.client_words import promising
from bot.requests.client_words import words as service
from bot.requests.client_words.words_models import Step
from bot.slack.bot import Bot
from bot.slack.message import Message, Modal
from bot.slack.notice_kinds.words_notices import holding
from bot.slack.payloads import Command, Press, Submission
from bot.slack.stories.forms import once, pressed
from bot.slack.text import client_words
from bot.slack.text.refusals import Reading, explain
from bot.slack.views.words import WordsPage, words_modal


async def holding_sent(bot: Bot, press: Press) -> Message | None:
    """The AM says that the client has the holding reply; the message with the words says so from now on."""
    request_id, _ = pressed(press)
    actor = bot.actor(press.who)
    await bot.run(promising.holding_sent, actor, request_id=request_id)

    def drawn(session: Session) -> Message:
        facts = repository.card_facts(session, workspace_id=actor.workspace_id, request_id=request_id)
        return holding(session, facts, actor.now)

    if press.channel_id and press.message_ts and not press.is_ephemeral:
        await bot.afterwards(
            bot.gateway(press.who.workspace_id).update(
                press.channel_id, press.message_ts, await bot.read(drawn)
            )
        )
    return None


async def words(bot: Bot, command: Command, rest: str) -> Message | None:
    """`/handoff words`: open the form with the first step in the language that most clients read."""
    await bot.reader(command.who)
    page = WordsPage()
    modal = await bot.read(_page, bot.actor(command.who), page)
    await bot.gateway(command.who.workspace_id).open(command.trigger_id, modal)
    return None


async def page_chosen(bot: Bot, press: Press) -> Message | None:
    """Another step or language: show its words."""
    page = WordsPage.load(press.private_metadata)
    chosen = str(press.value or "")
    if chosen in set(Step):
        page = WordsPage(Step(chosen), page.language, page.turn + 1)
    elif chosen in set(Language):
        page = WordsPage(page.step, Language(chosen), page.turn + 1)
    modal = await bot.read(_page, bot.actor(press.who), page)
    await bot.soon(
        bot.gateway(press.who.workspace_id).redraw(press.view_id, modal, view_hash=press.view_hash or None)
    )
    return None


async def preview_pressed(bot: Bot, press: Press) -> Message | None:
    """Show how the words read as they are typed now, or why they cannot be taken."""
    page = WordsPage.load(press.private_metadata)
    typed = press.values.get(page.field)
    text = typed if isinstance(typed, str) else ""
    actor = bot.actor(press.who)
    reader = await bot.reader(press.who)
    preview = trouble = ""
    try:
        kept = service.check_words(page.step, text)
    except WrongFields as wrong:
        trouble = explain(wrong, Reading(reader.zone, actor.now))
    else:
        soon = bot.today(reader) + timedelta(days=7)
        preview = client_words.fill(kept, client_words.sample(page.step, page.language, reader.name, soon))
    is_own = await bot.read(_is_own, actor, page)
    modal = words_modal(page, text, is_own=is_own, preview=preview, trouble=trouble)
    await bot.soon(
        bot.gateway(press.who.workspace_id).redraw(press.view_id, modal, view_hash=press.view_hash or None)
    )
    return None


async def reset_pressed(bot: Bot, press: Press) -> Message | None:
    """Use Handoff's words again, and show them."""
    page = WordsPage.load(press.private_metadata)
    actor = bot.actor(press.who)
    await bot.run(service.reset_words, actor, step=page.step, language=page.language)
    modal = await bot.read(_page, actor, replace(page, turn=page.turn + 1))
    await bot.afterwards(
        bot.gateway(press.who.workspace_id).redraw(press.view_id, modal, view_hash=press.view_hash or None)
    )
    return None


async def words_sent(bot: Bot, submission: Submission) -> Modal | None:
    """The form was sent off: these words hold from now on."""
    page = WordsPage.load(submission.private_metadata)
    try:
        await bot.run(
            once,
            bot.actor(submission.who),
            submission,
            lambda session, actor: service.change_words(
                session,
                actor,
                step=page.step,
                language=page.language,
                text=submission.text(page.field),
            ),
        )
    except WrongFields as wrong:
        # The field has another name on every page.
        raise WrongFields([WrongField(page.field, field.why) for field in wrong.fields]) from wrong
    return None


def _page(session: Session, actor: Actor, page: WordsPage) -> Modal:
    require_internal(session, actor)
    own = service.own_words(session, workspace_id=actor.workspace_id, step=page.step, language=page.language)
    ours = client_words.template(page.step, page.language)
    return words_modal(page, own or ours, is_own=own is not None)


def _is_own(session: Session, actor: Actor, page: WordsPage) -> bool:
    own = service.own_words(session, workspace_id=actor.workspace_id, step=page.step, language=page.language)
    return own is not None
