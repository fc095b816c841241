"""`/handoff list acme open`: the requests of a project or a client, in a state."""

from __future__ import annotations

from dataclasses import replace
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
from bot.slack.payloads import Command, Press
from bot.slack.views import lists
from bot.slack.views.elements import section


async def list_requests(bot: Bot, command: Command, rest: str) -> Message | None:
    """The first page of a project's or client's requests; in a project's home channel of that project's."""
    reader = await bot.reader(command.who)
    page = lists.ListPage(" ".join(rest.split()), command.channel_id)
    return await bot.read(_list, bot.actor(command.who), page=page, today=bot.today(reader))


async def list_page(bot: Bot, press: Press) -> Message | None:
    """Another page, in place of the one that is shown."""
    reader = await bot.reader(press.who)
    page = lists.ListPage.load(press.value if isinstance(press.value, str) else "")
    answer = await bot.read(_list, bot.actor(press.who), page=page, today=bot.today(reader))
    if not press.response_url:
        return answer
    await bot.soon(bot.gateway(press.who.workspace_id).answer(press.response_url, answer, in_place=True))
    return None


def _list(session: Session, actor: Actor, *, page: lists.ListPage, today: date) -> Message:
    require_internal(session, actor)
    projects = portfolio.known_projects(session, workspace_id=actor.workspace_id)
    asked = asked_for(page.typed, projects, page.channel_id)
    if isinstance(asked, str):
        return Message(text=asked, blocks=(section(asked),))
    which: dict[str, Any] = {
        "workspace_id": actor.workspace_id,
        "project_ids": asked.project_ids,
        "states": asked.states,
    }
    count = repository.count_lines(session, **which)
    # One more than is shown says whether there is another page.
    size = lists.LINES_SHOWN
    lines = repository.project_lines(session, **which, limit=size + 1, offset=page.number * size, count=count)
    if page.number and not lines:
        return _list(session, actor, page=replace(page, number=0), today=today)
    what = ", ".join(filter(None, [asked.whose, asked.state]))
    return lists.listing(page, lines[:size], count=count, has_more=len(lines) > size, what=what, today=today)
