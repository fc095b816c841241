"""`/handoff show ACME-12`: one request, whole, with its history."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.people.models import Actor
from bot.people.service import require_internal
from bot.requests import repository
from bot.slack.bot import Bot
from bot.slack.message import Message
from bot.slack.payloads import Command
from bot.slack.text import lists as say
from bot.slack.views.elements import section
from bot.slack.views.lists import whole


async def show(bot: Bot, command: Command, rest: str) -> Message | None:
    """The request that is named."""
    await bot.reader(command.who)
    if not rest:
        return Message(text=say.needs_reference(), blocks=(section(say.needs_reference()),))
    return await bot.read(_show, bot.actor(command.who), reference=rest.split()[0])


def _show(session: Session, actor: Actor, *, reference: str) -> Message:
    require_internal(session, actor)
    request_id = repository.find_by_reference(session, workspace_id=actor.workspace_id, reference=reference)
    card = repository.card_facts(session, workspace_id=actor.workspace_id, request_id=request_id)
    events = repository.history(session, workspace_id=actor.workspace_id, request_id=request_id)
    return whole(card, events)
