"""Accept, decline, withdraw: a press opens a prefilled form, and what is sent off is decided."""

from __future__ import annotations

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.errors import WrongField, WrongFields
from bot.ledger.service import goodwill_left
from bot.people.models import Actor
from bot.portfolio.models import Project
from bot.requests import deciding, repository, service
from bot.requests.afterwards.bridge_models import BridgeKind
from bot.requests.afterwards.bridges import Bridge
from bot.requests.facts import CardFacts
from bot.requests.models import ChangeRequest
from bot.requests.refusals import Missing
from bot.requests.rights import may_decide, require_requester, require_waiting
from bot.requests.typed.typed_decisions import plain_decision
from bot.slack.bot import Bot
from bot.slack.message import Message, Modal
from bot.slack.names import Field
from bot.slack.payloads import Press, Said, Submission
from bot.slack.stories.figures import read_figures
from bot.slack.stories.forms import is_first_submission, once, open_form, pressed, shown, take_away, value_of
from bot.slack.text import decide as say
from bot.slack.views.decide import (
    accept_modal,
    decline_modal,
    likely_figures,
    typed_decision,
    withdraw_modal,
)
from bot.slack.views.lists import whole_modal
from bot.workspaces.models import Workspace


async def accept_pressed(bot: Bot, press: Press) -> Message | None:
    """Open the form that accepts, if this person may decide what they saw."""
    request_id, revision = pressed(press)
    card, left = await bot.read(to_decide, bot.actor(press.who), request_id=request_id, revision=revision)
    await open_form(bot, press, accept_modal(card, left))
    return None


async def split_pressed(bot: Bot, press: Press) -> Message | None:
    """Let two pay: the form is drawn anew with the inputs for it, and keeps what was typed."""
    request_id, revision = pressed(press)
    card, left = await bot.read(to_decide, bot.actor(press.who), request_id=request_id, revision=revision)
    modal = accept_modal(card, left, is_split=True)
    await bot.soon(
        bot.gateway(press.who.workspace_id).redraw(press.view_id, modal, view_hash=press.view_hash)
    )
    return None


async def decline_pressed(bot: Bot, press: Press) -> Message | None:
    """Open the form that declines, if this person may decide what they saw."""
    request_id, revision = pressed(press)
    card, _ = await bot.read(to_decide, bot.actor(press.who), request_id=request_id, revision=revision)
    await open_form(bot, press, decline_modal(card))
    return None


async def withdraw_pressed(bot: Bot, press: Press) -> Message | None:
    """Open the form that withdraws, for who logged it."""
    request_id, _ = pressed(press)
    card = await bot.read(_to_withdraw, bot.actor(press.who), request_id=request_id)
    await open_form(bot, press, withdraw_modal(card))
    return None


async def history_pressed(bot: Bot, press: Press) -> Message | None:
    """Show the whole request with its history, to who pressed."""
    request_id, _ = pressed(press)
    workspace_id = press.who.workspace_id
    card = await bot.read(repository.card_facts, workspace_id=workspace_id, request_id=request_id)
    events = await bot.read(repository.history, workspace_id=workspace_id, request_id=request_id)
    await open_form(bot, press, whole_modal(card, events))
    return None


async def accepted(bot: Bot, submission: Submission) -> Modal | None:
    """The form that accepts was sent off."""
    request_id, revision = shown(submission.private_metadata)
    await bot.run(
        _accept, bot.actor(submission.who), request_id=request_id, revision=revision, submission=submission
    )
    return None


async def declined(bot: Bot, submission: Submission) -> Modal | None:
    """The form that declines was sent off."""
    request_id, revision = shown(submission.private_metadata)
    bridge = read_bridge(submission)
    await bot.run(
        once,
        bot.actor(submission.who),
        submission,
        lambda session, actor: deciding.decline(
            session,
            actor,
            request_id=request_id,
            revision=revision,
            reason=submission.text(Field.WHY),
            bridge=bridge,
        ),
    )
    return None


async def withdrawn(bot: Bot, submission: Submission) -> Modal | None:
    """The form that withdraws was sent off."""
    request_id, _ = shown(submission.private_metadata)
    await bot.run(
        once,
        bot.actor(submission.who),
        submission,
        lambda session, actor: service.withdraw(
            session, actor, request_id=request_id, reason=submission.text(Field.WHY)
        ),
    )
    return None


async def told_client(bot: Bot, press: Press) -> Message | None:
    """The AM says that the client has the answer."""
    request_id, _ = pressed(press)
    await bot.run(service.client_told, bot.actor(press.who), request_id=request_id)
    return None


async def typed_reply(bot: Bot, said: Said) -> None:
    """A plain "ok" or "no" by the decider in a card's thread: ask, in private, whether that was the decision."""
    meant = plain_decision(said.text)
    if meant is None or not said.thread_ts:
        return
    card = await bot.read(_asked_in_thread, bot.actor(said.who), said)
    if card is None:
        return
    verb = say.ACCEPT if meant.value == "accept" else say.DECLINE
    await bot.soon(
        bot.gateway(said.who.workspace_id).whisper(
            said.channel_id, said.who.person_id, typed_decision(card, verb), thread_ts=said.thread_ts
        )
    )


async def record_typed(bot: Bot, press: Press) -> Message | None:
    """Yes, that was the decision: record it; what still has to be said opens as a form."""
    value = value_of(press)
    request_id, revision = shown(value)
    actor = bot.actor(press.who)
    card, left = await bot.read(to_decide, actor, request_id=request_id, revision=revision)
    if value.endswith(say.DECLINE):
        await open_form(bot, press, decline_modal(card))
    elif not likely_figures(card).minutes:
        await open_form(bot, press, accept_modal(card, left))
    else:
        await bot.run(
            deciding.accept, actor, request_id=request_id, revision=revision, figures=likely_figures(card)
        )
    await take_away(bot, press)
    return None


async def just_talking(bot: Bot, press: Press) -> Message | None:
    """No, only talk: the question goes away and nothing is recorded."""
    await take_away(bot, press)
    return None


def read_bridge(submission: Submission) -> Bridge:
    """What the form that declines says could be done instead.

    Raises `WrongFields` where nothing was chosen.
    """
    if not submission.text(Field.BRIDGE):
        raise WrongFields([WrongField(Field.BRIDGE, Missing())])
    day = submission.text(Field.RETURNS_ON)
    return Bridge(
        kind=BridgeKind(submission.text(Field.BRIDGE)),
        text=submission.text(Field.BRIDGE_TEXT),
        returns_on=date.fromisoformat(day) if day else None,
    )


def _accept(
    session: Session, actor: Actor, *, request_id: UUID, revision: int, submission: Submission
) -> None:
    if not is_first_submission(session, actor, submission):
        return
    try:
        figures = read_figures(session, actor, submission, request_id=request_id)
    except WrongFields:
        # Who may not decide is told so, whatever the figures.
        deciding.require_decidable(session, actor, request_id=request_id, revision=revision)
        raise
    deciding.accept(session, actor, request_id=request_id, revision=revision, figures=figures)


def to_decide(session: Session, actor: Actor, *, request_id: UUID, revision: int) -> tuple[CardFacts, int]:
    """The card, if this person may decide it, and the goodwill that is left."""
    deciding.require_decidable(session, actor, request_id=request_id, revision=revision)
    card = repository.card_facts(session, workspace_id=actor.workspace_id, request_id=request_id)
    if not card.goodwill_limit:
        return card, 0
    workspace = session.get_one(Workspace, actor.workspace_id)
    project = session.get_one(Project, (actor.workspace_id, card.project_id))
    left = goodwill_left(
        session,
        workspace_id=actor.workspace_id,
        client_id=project.client_id,
        limit=card.goodwill_limit,
        now=actor.now,
        zone=ZoneInfo(workspace.zone),
    )
    return card, left


def _to_withdraw(session: Session, actor: Actor, *, request_id: UUID) -> CardFacts:
    request = repository.row(session, workspace_id=actor.workspace_id, request_id=request_id)
    card = repository.card_facts(session, workspace_id=actor.workspace_id, request_id=request_id)
    require_requester(session, actor, request)
    require_waiting(session, request)
    return card


def _asked_in_thread(session: Session, actor: Actor, said: Said) -> CardFacts | None:
    """The card whose thread this is, if the writer is the one who has to decide it."""
    request_id = repository.request_at(
        session, workspace_id=said.who.workspace_id, channel_id=said.channel_id, ts=said.thread_ts
    )
    if request_id is None:
        return None
    request = session.get(ChangeRequest, (said.who.workspace_id, request_id))
    if request is None or not request.awaits_decision or not may_decide(session, actor, request):
        return None
    return repository.card_facts(session, workspace_id=said.who.workspace_id, request_id=request_id)
