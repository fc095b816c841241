"""The clients and the projects to choose from, and what is said when one was added."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from bot.portfolio.facts import ClientFacts, ProjectFacts
from bot.slack.message import Block, Modal
from bot.slack.names import Button, Callback
from bot.slack.text import portfolio as say
from bot.slack.views.elements import actions, button, context, section

LISTED = 40


def pick_client(clients: Sequence[ClientFacts]) -> Modal:
    """The clients, each with a button that opens its form, and one for a new one."""
    rows = [
        section(say.client_line(client), accessory=button(say.EDIT, Button.EDIT_CLIENT, str(client.id)))
        for client in clients
    ]
    add = button(say.ADD_CLIENT, Button.ADD_CLIENT, "new", style="primary")
    return _list(say.CLIENTS, rows, add, nothing=say.NO_CLIENTS, command="/handoff client")


def pick_project(projects: Sequence[ProjectFacts]) -> Modal:
    """The projects, each with a button that opens its form, and one for a new one."""
    rows = [
        section(say.project_line(facts), accessory=button(say.EDIT, Button.EDIT_PROJECT, str(facts.id)))
        for facts in projects
    ]
    add = button(say.ADD_PROJECT, Button.ADD_PROJECT, "new", style="primary")
    return _list(say.PROJECTS, rows, add, nothing=say.NO_PROJECTS, command="/handoff project")


def client_first() -> Modal:
    """A project was to be added where there is no client yet."""
    add = button(say.ADD_CLIENT, Button.ADD_CLIENT, "new", style="primary")
    return _list(say.ADD_PROJECT, [], add, nothing=say.NO_CLIENTS_FOR_PROJECT, command="")


def client_added(client_id: UUID, name: str) -> Modal:
    """A client is there, and its first project is one press away."""
    add = button(say.ADD_PROJECT, Button.ADD_PROJECT, str(client_id), style="primary")
    return Modal(
        callback_id=Callback.INFO,
        title=say.CLIENTS,
        close="Done",
        blocks=(section(say.client_added(name)), actions(add)),
    )


def project_added(facts: ProjectFacts) -> Modal:
    """A project is there, and how to use it."""
    return Modal(
        callback_id=Callback.INFO,
        title=say.PROJECTS,
        close="Done",
        blocks=(section(say.project_added(facts)),),
    )


def _list(title: str, rows: Sequence[Block], add: Block, *, nothing: str, command: str) -> Modal:
    shown = list(rows[:LISTED]) or [section(nothing)]
    if len(rows) > LISTED:
        shown.append(context(say.more(len(rows) - LISTED, command)))
    return Modal(callback_id=Callback.INFO, title=title, close="Close", blocks=(actions(add), *shown))
