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
    key = {"workspace_id": actor.workspace_id}
    return lists.mine(
        repository.open_lines(session, holder_id=actor.person_id, limit=lists.LINES_SHOWN, **key),
        repository.asked_lines(session, requester_id=actor.person_id, limit=lists.LINES_SHOWN, **key),
        waiting_count=repository.count_held(session, holder_id=actor.person_id, **key),
        asked_count=repository.count_asked(session, requester_id=actor.person_id, **key),
        today=today,
    )
