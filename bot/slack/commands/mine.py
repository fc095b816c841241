"""`/handoff mine`: what waits on me, and what I asked for."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from bot.people.models import Actor
from bot.people.service import require_internal
from bot.requests import repository
from bot.slack.bot import Bot
from bot.slack.message import Message
from bot.slack.payloads import Command
from bot.slack.views import lists


async def mine(bot: Bot, command: Command, rest: str) -> Message | None:
    """Both lists, what is needed first at the top."""
    reader = await bot.reader(command.who)
    return await bot.read(_mine, bot.actor(command.who), today=bot.today(reader))


def _mine(session: Session, actor: Actor, *, today: date) -> Message:
    require_internal(session, actor)
    here, person = actor.workspace_id, actor.person_id
    return lists.mine(
        repository.open_lines(session, workspace_id=here, holder_id=person, limit=lists.LINES_SHOWN),
        repository.asked_lines(session, workspace_id=here, requester_id=person, limit=lists.LINES_SHOWN),
        waiting_count=repository.count_held(session, workspace_id=here, holder_id=person),
        asked_count=repository.count_asked(session, workspace_id=here, requester_id=person),
        today=today,
    )
