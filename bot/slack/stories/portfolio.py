"""Setting up clients and projects: the lists, the forms, and what is sent off."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from bot.inbox.service import is_first
from bot.onboarding import service as onboarding
from bot.outbox.service import refresh
from bot.people.models import Actor
from bot.people.refusals import ExternalPerson
from bot.portfolio import repository, service
from bot.portfolio.finding import find_clients, find_projects
from bot.portfolio.forms import ClientField, ProjectField, ScopeLine
from bot.portfolio.refusals import UnknownClient, UnknownProject
from bot.requests import repository as requests
from bot.requests.service import reroute
from bot.requests.typed.typed_text import without_controls
from bot.slack.bot import Bot
from bot.slack.directory import Reader
from bot.slack.message import Message, Modal
from bot.slack.payloads import Command, Press, Submission, Suggestion, Who
from bot.slack.stories import first_steps
from bot.slack.views.elements import Choice
from bot.slack.views.portfolio import (
    add_project_modal,
    chosen_client,
    client_modal,
    edit_project_modal,
    read_client_form,
    read_project_form,
)
from bot.slack.views.portfolio_lists import (
    client_added,
    client_first,
    pick_client,
    pick_project,
    project_added,
)
from bot.workspaces import repository as workspaces

# --- clients


async def client(bot: Bot, command: Command, rest: str) -> Message | None:
    """`/handoff client [name]`: the form of the one that is meant, a new one, or the list."""
    who = command.who
    await _internal(bot, who)
    typed = _typed(rest)
    clients = await bot.read(repository.clients, workspace_id=who.workspace_id)
    found = find_clients(clients, typed) if typed else clients
    if typed and len(found) == 1:
        modal = await _client_form(bot, who, client_id=found[0].id)
    elif typed and not found:
        modal = await _client_form(bot, who, name=typed)
    else:
        modal = pick_client(found)
    await bot.gateway(command.who.workspace_id).open(command.trigger_id, modal)
    return None


async def add_client_pressed(bot: Bot, press: Press) -> None:
    """The button for a new client."""
    await _internal(bot, press.who)
    await _show(bot, press, await _client_form(bot, press.who))


async def edit_client_pressed(bot: Bot, press: Press) -> None:
    """The button beside a client."""
    await _internal(bot, press.who)
    await _show(bot, press, await _client_form(bot, press.who, client_id=_id(press.value)))


async def client_sent(bot: Bot, submission: Submission) -> Modal | None:
    """A client's form was sent off."""
    await _internal(bot, submission.who)
    await _learn(bot, submission, ClientField.AM)
    return await bot.run(_save_client, bot.actor(submission.who), submission=submission)


def _save_client(session: Session, actor: Actor, *, submission: Submission) -> Modal | None:
    if not _is_first(session, actor, submission):
        return None
    form = read_client_form(submission.values)
    if not submission.private_metadata:
        added = service.add_client(session, actor, form=form)
        onboarding.stepped(session, workspace_id=actor.workspace_id, now=actor.now)
        return client_added(added.id, added.name)
    client_id = UUID(submission.private_metadata)
    service.edit_client(session, actor, client_id=client_id, form=form)
    for facts in repository.of_client(session, workspace_id=actor.workspace_id, client_id=client_id):
        _follow(session, actor, facts.id)
    return None


async def _client_form(bot: Bot, who: Who, *, client_id: UUID | None = None, name: str = "") -> Modal:
    known = None
    if client_id is not None:
        known = await bot.read(repository.client_facts, workspace_id=who.workspace_id, client_id=client_id)
        if known is None:
            raise UnknownClient(client_id)
    workspace = await bot.read(workspaces.workspace, workspace_id=who.workspace_id)
    assert workspace is not None
    return client_modal(known, am_id=who.person_id, currency=workspace.currency, name=name)


# --- projects


async def project(bot: Bot, command: Command, rest: str) -> Message | None:
    """`/handoff project [name or key]`: the form of the one that is meant, a new one, or the list."""
    who = command.who
    reader = await _internal(bot, who)
    typed = _typed(rest)
    projects = await bot.read(repository.open_projects, workspace_id=who.workspace_id)
    found = find_projects(projects, typed) if typed else projects
    if typed and len(found) == 1:
        modal = await _known_project_form(bot, who, reader, found[0].id)
    elif typed and not found:
        modal = await _new_project_form(bot, who, name=typed, channel_id=command.channel_id)
    else:
        modal = pick_project(found)
    await bot.gateway(command.who.workspace_id).open(command.trigger_id, modal)
    return None


async def add_project_pressed(bot: Bot, press: Press) -> None:
    """The button for a new project, perhaps of a client that was just added."""
    await _internal(bot, press.who)
    client_id = _id(press.value)
    await _show(bot, press, await _new_project_form(bot, press.who, client_id=client_id))


async def edit_project_pressed(bot: Bot, press: Press) -> None:
    """The button beside a project."""
    reader = await _internal(bot, press.who)
    project_id = _id(press.value)
    if project_id is None:
        raise UnknownProject(UUID(int=0))
    await _show(bot, press, await _known_project_form(bot, press.who, reader, project_id))


async def suggest_client(bot: Bot, asked: Suggestion) -> list[Choice]:
    """Clients whose name holds what was typed."""
    clients = await bot.read(repository.clients, workspace_id=asked.who.workspace_id)
    typed = asked.typed.casefold()
    return [(str(facts.id), facts.name) for facts in clients if typed in facts.name.casefold()]


async def project_sent(bot: Bot, submission: Submission) -> Modal | None:
    """A project's form was sent off."""
    await _internal(bot, submission.who)
    await _learn(bot, submission, ProjectField.PM)
    answer = await bot.run(_save_project, bot.actor(submission.who), submission=submission)
    await bot.soon(first_steps.ready(bot, submission.who))
    return answer


def _save_project(session: Session, actor: Actor, *, submission: Submission) -> Modal | None:
    if not _is_first(session, actor, submission):
        return None
    here = actor.workspace_id
    client_row = repository.client(session, workspace_id=here, client_id=chosen_client(submission.values))
    currency = client_row.currency if client_row else "EUR"
    if not submission.private_metadata:
        form = read_project_form(submission.values, currency=currency)
        added = service.add_project(session, actor, form=form)
        facts = repository.facts(session, workspace_id=here, project_id=added.id)
        assert facts is not None
        onboarding.stepped(session, workspace_id=here, now=actor.now)
        return project_added(facts)
    project_id = UUID(submission.private_metadata)
    known = repository.facts(session, workspace_id=here, project_id=project_id)
    if known is None:
        raise UnknownProject(project_id)
    form = read_project_form(submission.values, currency=currency, known=known)
    service.edit_project(session, actor, project_id=project_id, form=form)
    _follow(session, actor, project_id)
    return None


async def _new_project_form(
    bot: Bot, who: Who, *, client_id: UUID | None = None, name: str = "", channel_id: str = ""
) -> Modal:
    clients = await bot.read(repository.clients, workspace_id=who.workspace_id)
    if not clients:
        return client_first()
    only = clients[0].id if len(clients) == 1 else None
    # A direct message has no home to give.
    home = channel_id if channel_id.startswith(("C", "G")) else ""
    return add_project_modal(
        clients, client_id=client_id or only, pm_id=who.person_id, channel_id=home, name=name
    )


async def _known_project_form(bot: Bot, who: Who, reader: Reader, project_id: UUID) -> Modal:
    key = {"workspace_id": who.workspace_id}
    known = await bot.read(repository.facts, project_id=project_id, **key)
    if known is None:
        raise UnknownProject(project_id)
    clients = await bot.read(repository.clients, **key)
    items = await bot.read(repository.scope_items, project_id=project_id, **key)
    scope = [ScopeLine(item.text, item.is_included, item.revision_rounds) for item in items]
    return edit_project_modal(known, clients, scope, today=bot.today(reader))


# --- both


def _follow(session: Session, actor: Actor, project_id: UUID) -> None:
    """Let what waits on a project follow: to whoever decides there now, with cards that say what is true now."""
    reroute(session, actor, project_id=project_id)
    waiting = requests.waiting_on_project(session, workspace_id=actor.workspace_id, project_id=project_id)
    for request in waiting:
        refresh(session, workspace_id=actor.workspace_id, subject_id=request.id, now=actor.now)


async def _internal(bot: Bot, who: Who) -> Reader:
    reader = await bot.reader(who)
    if reader.is_external:
        raise ExternalPerson(reader.id, reader.name)
    return reader


async def _learn(bot: Bot, submission: Submission, field: str) -> None:
    """Whoever is named becomes known: the service asks whether they may own it."""
    named = submission.text(field)
    if named:
        await bot.directory.reader(submission.who.workspace_id, named)


async def _show(bot: Bot, press: Press, modal: Modal) -> None:
    """In place of the modal that was pressed in; from a message or a Home, as a new one."""
    if press.is_in_modal:
        await bot.soon(
            bot.gateway(press.who.workspace_id).redraw(
                press.view_id, modal, view_hash=press.view_hash or None
            )
        )
    else:
        await bot.gateway(press.who.workspace_id).open(press.trigger_id, modal)


def _is_first(session: Session, actor: Actor, submission: Submission) -> bool:
    # Slack may deliver a submission twice; the second changes nothing. One view may show both forms, one by one.
    key = f"submission:{submission.view_id}:{submission.callback_id}"
    return is_first(session, workspace_id=actor.workspace_id, key=key, now=actor.now)


def _typed(rest: str) -> str:
    return " ".join(without_controls(rest).split())


def _id(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
