"""`/handoff list acme open`: the requests of a project or a client, in a state."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bot.people.models import Actor
from bot.people.service import require_internal
from bot.portfolio import repository as portfolio
from bot.requests import repository
from bot.slack.bot import Bot
from bot.slack.commands.listed import asked_for
from bot.slack.message import Message
from bot.slack.payloads import Command
from bot.slack.views import lists
from bot.slack.views.elements import section


async def list_requests(bot: Bot, command: Command, rest: str) -> Message | None:
    """A project's or client's requests; in a project's home channel that project's."""
    reader = await bot.reader(command.who)
    return await bot.read(
        _list,
        bot.actor(command.who),
        typed=rest,
        channel_id=command.channel_id,
        today=bot.today(reader),
    )


def _list(session: Session, actor: Actor, *, typed: str, channel_id: str, today: date) -> Message:
    require_internal(session, actor)
    projects = portfolio.known_projects(session, workspace_id=actor.workspace_id)
    asked = asked_for(typed, projects, channel_id)
    if isinstance(asked, str):
        return Message(text=asked, blocks=(section(asked),))
    which: dict[str, Any] = {
        "workspace_id": actor.workspace_id,
        "project_ids": asked.project_ids,
        "states": asked.states,
    }
    count = repository.count_lines(session, **which)
    lines = repository.project_lines(session, **which, limit=lists.LINES_SHOWN, count=count)
    headline = ", ".join(filter(None, [asked.whose, asked.state]))
    return lists.listing(lines, count=count, what=headline, today=today)
