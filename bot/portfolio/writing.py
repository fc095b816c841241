"""Turns checked forms into rows: what the modals and the file import share."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.portfolio import baselines, repository
from bot.portfolio.forms import ClientForm, Figures, ProjectForm, ScopeLine
from bot.portfolio.models import Client, Project, ScopeItem


def insert_client(
    session: Session, *, workspace_id: str, form: ClientForm, now: datetime, created_by: str | None
) -> Client:
    """A new row for a checked form."""
    client = Client(workspace_id=workspace_id, id=new_id(), created_by=created_by, created_at=now)
    write_client(client, form)
    session.add(client)
    return client


def write_client(client: Client, form: ClientForm) -> bool:
    """Bring a row to what the form says; whether anything changed."""
    said: dict[str, object] = {
        "name": form.name,
        "am_id": form.am_id,
        "contact_name": form.contact_name,
        "currency": form.currency,
        "renewal_on": form.renewal_on,
        "goodwill_minutes": form.goodwill_minutes,
        "language": form.language,
    }
    if form.lines is not None:
        said |= {
            "second_minutes": form.lines.minutes,
            "second_minor": form.lines.fee_minor,
            "second_goodwill_minutes": form.lines.goodwill_minutes,
        }
    return _put(client, said)


def insert_project(
    session: Session, *, workspace_id: str, form: ProjectForm, now: datetime, created_by: str | None
) -> Project:
    """A new row for a checked form, with the first version of its baseline and its scope items."""
    project = new_project(workspace_id=workspace_id, form=form, now=now, created_by=created_by)
    session.add(project)
    # The rows below refer to this one, and without relationships the session does not know to write it first.
    session.flush()
    baselines.first_version(session, project=project, figures=form.figures or Figures(), now=now)
    put_scope(session, project=project, lines=form.scope or ())
    return project


def new_project(*, workspace_id: str, form: ProjectForm, now: datetime, created_by: str | None) -> Project:
    """A new row that no session knows yet."""
    project = Project(
        workspace_id=workspace_id, id=new_id(), last_number=0, created_by=created_by, created_at=now
    )
    _put(project, _said(form))
    return project


def write_project(session: Session, project: Project, form: ProjectForm, *, now: datetime) -> bool:
    """Bring a row, its baseline and its scope items to what the form says; whether anything changed."""
    changed = _put(project, _said(form))
    if form.figures is not None:
        changed |= baselines.correct(session, project=project, figures=form.figures, now=now)
    if form.scope is not None:
        changed |= put_scope(session, project=project, lines=form.scope)
    return changed


def put_scope(session: Session, *, project: Project, lines: tuple[ScopeLine, ...]) -> bool:
    """Make these lines the statement of work; a line that stays keeps its row. Whether anything changed."""
    present = repository.scope_items(session, workspace_id=project.workspace_id, project_id=project.id)
    if [_line(item) for item in present] == list(lines):
        return False
    reusable: dict[tuple[str, bool], list[ScopeItem]] = defaultdict(list)
    for item in present:
        reusable[item.text, item.is_included].append(item)
    for position, line in enumerate(lines, 1):
        kept = reusable[line.text, line.is_included]
        item = kept.pop(0) if kept else _new_item(session, project, line)
        item.position, item.revision_rounds = position, line.rounds
    for item in (item for left in reusable.values() for item in left):
        session.delete(item)
    return True


def _line(item: ScopeItem) -> ScopeLine:
    return ScopeLine(item.text, item.is_included, item.revision_rounds)


def _new_item(session: Session, project: Project, line: ScopeLine) -> ScopeItem:
    item = ScopeItem(
        workspace_id=project.workspace_id,
        id=new_id(),
        project_id=project.id,
        text=line.text,
        is_included=line.is_included,
    )
    session.add(item)
    return item


def _said(form: ProjectForm) -> dict[str, object]:
    return {
        "client_id": form.client_id,
        "key": form.key,
        "name": form.name,
        "pm_id": form.pm_id,
        "channel_id": form.channel_id,
        "starts_on": form.starts_on,
    }


def _put(row: Client | Project, said: dict[str, object]) -> bool:
    changed = {name: value for name, value in said.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)
