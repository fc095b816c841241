"""Clients and projects: adding, changing, closing. What was agreed of them is in `baselines.py`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from bot.errors import WrongField, WrongFields
from bot.outbox import homes
from bot.people import repository as people
from bot.people.lines import wrong_lines
from bot.people.models import Actor
from bot.people.service import require_internal
from bot.people.settings import require_settings_owner
from bot.portfolio import baselines, checks, repository
from bot.portfolio.baselines import approve_change
from bot.portfolio.checks import Surroundings
from bot.portfolio.forms import ClientField, ClientForm, ProjectField, ProjectForm, ScopeLine
from bot.portfolio.keys import propose_key
from bot.portfolio.models import Client, Project
from bot.portfolio.ownership import require_client_owner, require_project_owner
from bot.portfolio.refusals import AlreadyClosed, KeyInUse, UnknownClient, UnknownProject
from bot.portfolio.writing import insert_client, insert_project, put_scope, write_client, write_project
from bot.workspaces import service as workspaces
from bot.workspaces.lines import Lines

__all__ = [
    "add_client",
    "add_project",
    "approve_change",
    "close_project",
    "edit_client",
    "edit_project",
    "reopen_project",
    "set_scope_items",
]


def add_client(session: Session, actor: Actor, *, form: ClientForm) -> Client:
    """Add a client; anybody internal may, with lines of its own those alone who may change the settings.

    Raises `ExternalPerson`, `UnknownPerson`, and `WrongFields` (name, am, contact, currency, goodwill_hours).
    """
    require_internal(session, actor)
    workspace = workspaces.locked(session, workspace_id=actor.workspace_id)
    if form.lines is not None and form.lines.are_set:
        require_settings_owner(session, actor)
    form = checks.tidy_client(form, default_currency=workspace.currency)
    names = repository.client_names(session, workspace_id=actor.workspace_id)
    wrong = checks.wrong_in_client(form, _around(session, actor, form.am_id, names=names))
    checks.refuse_any([*wrong, *wrong_lines(form.lines or Lines(), workspace)])
    _shows(session, actor, form.am_id)
    return insert_client(
        session, workspace_id=actor.workspace_id, form=form, now=actor.now, created_by=actor.person_id
    )


def edit_client(session: Session, actor: Actor, *, client_id: UUID, form: ClientForm) -> Client:
    """Change a client; its AM, its creator, the director and Slack admins may (its lines: the last two alone).

    Raises `UnknownClient`, `NotYours`, and `WrongFields`; the currency stays while figures are in it
    (`CurrencyInUse`).
    """
    workspace = workspaces.locked(session, workspace_id=actor.workspace_id)
    client = _client(session, actor, client_id)
    require_client_owner(session, actor, client=client, workspace=workspace)
    if form.lines not in {None, Lines.of(client)}:
        # Whoever a line holds back does not move it.
        require_settings_owner(session, actor)
    form = checks.tidy_client(form, default_currency=client.currency)
    names = repository.client_names(session, workspace_id=actor.workspace_id)
    names.pop(client_id, None)
    wrong = checks.wrong_in_client(form, _around(session, actor, form.am_id, names=names))
    in_use = baselines.currency_in_use(session, client=client, currency=form.currency)
    if in_use is not None and not wrong:
        wrong.append(WrongField(ClientField.CURRENCY, in_use))
    checks.refuse_any([*wrong, *wrong_lines(form.lines or Lines(), workspace)])
    _shows(session, actor, client.am_id, form.am_id)
    write_client(client, form)
    return client


def add_project(session: Session, actor: Actor, *, form: ProjectForm) -> Project:
    """Add a project with the first version of its baseline; anybody internal may. Without a key it gets a good one.

    Raises `ExternalPerson`, `UnknownPerson`, and `WrongFields` (client, name, key, pm, channel, hours, budget,
    due_on, in_scope, out_of_scope).
    """
    require_internal(session, actor)
    workspaces.locked(session, workspace_id=actor.workspace_id)
    form = checks.tidy_project(form)
    client = _client_of(session, actor, form)
    keys = repository.project_names_by_key(session, workspace_id=actor.workspace_id)
    if form.name and not form.key:
        form = replace(form, key=propose_key(form.name, keys))
    around = _around(session, actor, form.pm_id, keys=keys, currency=client.currency)
    checks.refuse_any(checks.wrong_in_project(form, around))
    _shows(session, actor, form.pm_id, client.am_id)
    return insert_project(
        session, workspace_id=actor.workspace_id, form=form, now=actor.now, created_by=actor.person_id
    )


def edit_project(session: Session, actor: Actor, *, project_id: UUID, form: ProjectForm) -> Project:
    """Change a project; its PM, its client's AM, its creator, the director and Slack admins may.

    Raises `UnknownProject`, `NotYours`, and `WrongFields`; among them `KeyInUse` once requests carry the key,
    `FiguresApproved` once requests were approved, `CurrencyInUse` for a client with another currency.
    """
    project, client = _own_project(session, actor, project_id)
    form = checks.tidy_project(form)
    new_client = _client_of(session, actor, form)
    keys = repository.project_names_by_key(session, workspace_id=actor.workspace_id)
    keys.pop(project.key, None)
    around = _around(session, actor, form.pm_id, keys=keys, currency=new_client.currency)
    wrong = checks.wrong_in_project(form, around)
    if form.key != project.key and project.last_number:
        wrong.append(WrongField(ProjectField.KEY, KeyInUse(project.key, project.last_number)))
    facts = repository.facts(session, workspace_id=actor.workspace_id, project_id=project_id)
    in_use = facts and baselines.holds_currency(facts, new_client.currency)
    if in_use:
        wrong.append(WrongField(ProjectField.CLIENT, in_use))
    wrong += baselines.wrong_figures(session, project=project, form=form)
    checks.refuse_any(wrong)
    _shows(session, actor, project.pm_id, form.pm_id, client.am_id, new_client.am_id)
    write_project(session, project, form, now=actor.now)
    return project


def set_scope_items(
    session: Session, actor: Actor, *, project_id: UUID, lines: tuple[ScopeLine, ...]
) -> None:
    """Replace the statement of work; those who may edit the project may.

    Raises `UnknownProject`, `NotYours`, and `WrongFields` (in_scope, out_of_scope).
    """
    project, _ = _own_project(session, actor, project_id)
    lines = checks.tidy_scope(lines)
    checks.refuse_any(checks.wrong_in_scope(lines))
    put_scope(session, project=project, lines=lines)


def close_project(session: Session, actor: Actor, *, project_id: UUID) -> Project:
    """End a project: nothing more can be asked on it. Those who may edit it may.

    Raises `UnknownProject`, `NotYours`, `AlreadyClosed`.
    """
    project, client = _own_project(session, actor, project_id)
    if project.closed_at is not None:
        raise AlreadyClosed(project.name)
    project.closed_at = actor.now
    _shows(session, actor, project.pm_id, client.am_id)
    return project


def reopen_project(session: Session, actor: Actor, *, project_id: UUID) -> Project:
    """Go on with a closed project; an open one stays open. Raises `UnknownProject`, `NotYours`."""
    project, client = _own_project(session, actor, project_id)
    project.closed_at = None
    _shows(session, actor, project.pm_id, client.am_id)
    return project


def _shows(session: Session, actor: Actor, *person_ids: str) -> None:
    """What these people's Homes show has changed."""
    homes.touch(session, workspace_id=actor.workspace_id, person_ids=person_ids, now=actor.now)


def _client(session: Session, actor: Actor, client_id: UUID) -> Client:
    client = repository.client(session, workspace_id=actor.workspace_id, client_id=client_id)
    if client is None:
        raise UnknownClient(client_id)
    return client


def _client_of(session: Session, actor: Actor, form: ProjectForm) -> Client:
    try:
        return _client(session, actor, form.client_id)
    except UnknownClient as why:
        raise WrongFields([WrongField(ProjectField.CLIENT, why)]) from why


def _own_project(session: Session, actor: Actor, project_id: UUID) -> tuple[Project, Client]:
    """The project, held until the transaction ends, for somebody who may change it, with its client."""
    workspace = workspaces.locked(session, workspace_id=actor.workspace_id)
    project = repository.project_locked(session, workspace_id=actor.workspace_id, project_id=project_id)
    if project is None:
        raise UnknownProject(project_id)
    client = _client(session, actor, project.client_id)
    require_project_owner(session, actor, project=project, client=client, workspace=workspace)
    return project, client


def _around(
    session: Session,
    actor: Actor,
    owner_id: str,
    *,
    names: Mapping[UUID, str] | None = None,
    keys: Mapping[str, str] | None = None,
    currency: str = "",
) -> Surroundings:
    known = people.people(session, workspace_id=actor.workspace_id, ids=[owner_id])
    taken: Collection[str] = names.values() if names else ()
    return Surroundings(known, taken, keys or {}, currency)
