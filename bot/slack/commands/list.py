"""`/handoff list acme open`: the requests of a project or a client, in a state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.people.models import Actor
from bot.people.service import require_internal
from bot.portfolio import repository as portfolio
from bot.portfolio.facts import KnownProject
from bot.requests import repository
from bot.requests.models import AWAITING_DECISION, State
from bot.requests.typed.project_names import NamedProject, match_project
from bot.slack.bot import Bot
from bot.slack.message import Message
from bot.slack.payloads import Command
from bot.slack.text import lists as say
from bot.slack.views import lists
from bot.slack.views.elements import section

# Nothing is to be decided or delivered any more.
OVER = {State.IMPLEMENTED, State.CLOSED, State.REJECTED, State.WITHDRAWN, State.VOID}
# What each word means; without one, what is not over.
STATES: dict[str, Sequence[State] | None] = {
    "open": tuple(state for state in State if state not in OVER),
    "waiting": tuple(AWAITING_DECISION),
    "accepted": (State.APPROVED, State.IN_PROGRESS, State.IMPLEMENTED, State.CLOSED),
    "done": (State.IMPLEMENTED, State.CLOSED),
    "declined": (State.REJECTED,),
    "withdrawn": (State.WITHDRAWN,),
    "all": None,
}


async def list_requests(bot: Bot, command: Command, rest: str) -> Message | None:
    """A project's or client's requests; in a project's home channel that project's."""
    reader = await bot.reader(command.who)
    return await bot.read(
        _list,
        bot.actor(command.who),
        words=rest.split(),
        channel_id=command.channel_id,
        today=bot.today(reader),
    )


def _list(session: Session, actor: Actor, *, words: list[str], channel_id: str, today: date) -> Message:
    require_internal(session, actor)
    named = [word for word in words if word.casefold() not in STATES]
    state = next((word.casefold() for word in words if word.casefold() in STATES), "open")
    projects = portfolio.known_projects(session, workspace_id=actor.workspace_id)
    what, ids = _meant(" ".join(named), projects, channel_id)
    if named and not ids:
        text = say.unknown_project(" ".join(named))
        return Message(text=text, blocks=(section(text),))
    wanted = STATES[state]
    which: dict[str, Any] = {"workspace_id": actor.workspace_id, "project_ids": ids, "states": wanted}
    count = repository.count_lines(session, **which)
    lines = repository.project_lines(session, **which, limit=lists.LINES_SHOWN, count=count)
    headline = ", ".join(filter(None, [what, state]))
    return lists.listing(lines, count=count, what=headline, today=today)


def _begins(name: str, typed: str) -> bool:
    """Whether a name is what was typed, or goes on with further words."""
    return f"{name.casefold()} ".startswith(f"{typed} ")


def _meant(name: str, projects: list[KnownProject], channel_id: str) -> tuple[str, list[UUID]]:
    """What is listed, and the projects it means: by name, else those at home in this channel, else all."""
    if not name:
        here = [project for project in projects if project.channel_id == channel_id]
        return ", ".join(project.name for project in here), [project.id for project in here]
    folded = name.casefold()
    of_client = [project for project in projects if _begins(project.client_name, folded)]
    if len({project.client_id for project in of_client}) == 1:
        return of_client[0].client_name, [project.id for project in of_client]
    match = match_project(
        name,
        [
            NamedProject(id=project.id, key=project.key, name=project.name, client=project.client_name)
            for project in projects
        ],
    )
    ids = [match.project_id] if match.project_id else list(match.guesses)
    names = {project.id: project.name for project in projects}
    return ", ".join(names[project_id] for project_id in ids), ids
