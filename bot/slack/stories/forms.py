"""What all stories about a request share: which one a button is about, its form, and doing a thing once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from bot.inbox.service import is_first
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.requests import repository
from bot.requests.afterwards.reopening import who_may_reopen
from bot.requests.facts import CardFacts
from bot.requests.refusals import NoSuchRequest
from bot.requests.routing.reassigning import who_may_reassign
from bot.requests.routing.standing_in import acts_for
from bot.requests.timing.clocks import nudge_from
from bot.slack.bot import Bot
from bot.slack.gateway import GatewayError
from bot.slack.message import Message, Modal
from bot.slack.payloads import Press, Submission
from bot.slack.views.card_actions import more_modal
from bot.slack.views.home_actions import AT_HOME, is_from_home
from bot.slack.views.lists import information


def shown(value: str) -> tuple[UUID, int]:
    """The request and the revision that a button or a form was about.

    Raises `NoSuchRequest` for what no button of ours carries.
    """
    request_id, _, rest = value.partition(":")
    revision = rest.partition(":")[0]
    try:
        return UUID(request_id), int(revision)
    except ValueError:
        raise NoSuchRequest(reference=value[:40]) from None


def pressed(press: Press) -> tuple[UUID, int]:
    """The same for a press."""
    return shown(value_of(press))


def value_of(press: Press) -> str:
    """What the button carries."""
    return press.value if isinstance(press.value, str) else ""


async def open_form(bot: Bot, press: Press, modal: Modal) -> None:
    """Show a form: on top of the modal in which the button stands, if it stands in one."""
    if press.is_in_modal:
        await bot.gateway(press.who.workspace_id).push(press.trigger_id, modal)
    else:
        await bot.gateway(press.who.workspace_id).open(press.trigger_id, modal)


async def finished(bot: Bot, press: Press, title: str, sentence: str) -> None:
    """Say in the modal where a button did its work at once that it is done; a card says so by itself."""
    if press.is_in_modal:
        await bot.afterwards(
            bot.gateway(press.who.workspace_id).redraw(press.view_id, information(title, sentence))
        )


async def more_pressed(bot: Bot, press: Press) -> Message | None:
    """Show what this person can do with the request besides what the card offers."""
    request_id, _ = pressed(press)
    card = await bot.read(card_for, bot.actor(press.who), request_id=request_id)
    from_home = is_from_home(value_of(press))
    modal = more_modal(card, press.who.person_id, with_card=from_home, but=AT_HOME if from_home else ())
    await open_form(bot, press, modal)
    return None


def card_for(session: Session, actor: Actor, *, request_id: UUID) -> CardFacts:
    """The card, for somebody of ours.

    Raises `NoSuchRequest`, `ExternalPerson`, `UnknownPerson`.
    """
    require_internal(session, actor)
    card = repository.card_facts(session, workspace_id=actor.workspace_id, request_id=request_id)
    request = repository.row(session, workspace_id=actor.workspace_id, request_id=request_id)
    return replace(
        card,
        stands_for=acts_for(session, actor, request),
        may_reopen=who_may_reopen(session, actor, request),
        may_reassign=who_may_reassign(session, actor, request) if request.awaits_decision else (),
        nudge_from=nudge_from(session, request, actor.now),
    )


def once(
    session: Session, actor: Actor, submission: Submission, use_case: Callable[[Session, Actor], object]
) -> None:
    """Run a use case for a form that was sent off, unless this very form was carried out before."""
    if is_first_submission(session, actor, submission):
        use_case(session, actor)


def is_first_submission(session: Session, actor: Actor, submission: Submission) -> bool:
    """Whether this form is carried out for the first time: Slack may deliver it twice."""
    key = f"submission:{submission.view_id}"
    return not submission.view_id or is_first(
        session, workspace_id=actor.workspace_id, key=key, now=actor.now
    )


async def take_away(bot: Bot, press: Press) -> None:
    """Let the private question in which something was pressed disappear."""

    async def away() -> None:
        try:
            await bot.gateway(press.who.workspace_id).answer(press.response_url, None)
        except GatewayError:
            # The question stays until Slack is reloaded; pressing it again gets a sentence.
            return

    if press.response_url:
        await bot.soon(away())
