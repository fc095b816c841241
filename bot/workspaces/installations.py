"""Where Handoff is installed: a tenant comes, is stopped when Slack says so, comes back. Tokens pass through sealed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from bot.outbox.parking import park, unpark
from bot.workspaces.installation_models import Installation
from bot.workspaces.models import Workspace
from bot.workspaces.service import WorkspaceFacts, ensure


@dataclass(frozen=True)
class Installed:
    """What an installation gave us; `token` is sealed already."""

    workspace: WorkspaceFacts
    token: str
    app_id: str = ""
    scopes: str = ""
    installed_by: str = ""


@dataclass(frozen=True)
class Seat:
    """An installation as whoever calls Slack for it has to know it; `token` is sealed."""

    workspace_id: str
    name: str
    bot_user_id: str
    bot_id: str
    enterprise_id: str
    token: str | None
    version: int
    is_stopped: bool


def install(session: Session, installed: Installed, now: datetime) -> None:
    """Take a workspace in, or take it up again with a new token: what was stopped goes on."""
    # First of all: where it is being erased, this waits until nothing is left, and begins anew.
    row = _row(session, installed.workspace.id)
    workspace = ensure(session, installed.workspace, now)
    if row is None:
        row = Installation(workspace_id=workspace.id, version=0)
        session.add(row)
    was_stopped = row.stopped_at is not None
    row.enterprise_id = installed.workspace.enterprise_id
    row.app_id, row.scopes = installed.app_id, installed.scopes
    row.token, row.version = installed.token, row.version + 1
    row.installed_by, row.installed_at = installed.installed_by, now
    row.stopped_at, row.stopped_why = None, ""
    if was_stopped:
        unpark(session, workspace_id=workspace.id, now=now)


def stop(
    session: Session,
    *,
    workspace_id: str,
    why: str,
    now: datetime,
    version: int | None = None,
    since: datetime | None = None,
) -> bool:
    """Stop all that is done for a workspace, and forget its token; whether that was news.

    With `version`, only if that token is still the one we have: an older one that dies changes nothing. With `since`,
    only if it was not installed again after that.
    """
    row = _row(session, workspace_id)
    if row is None or row.stopped_at is not None or (version is not None and row.version != version):
        return False
    # Slack writes whole seconds.
    if since is not None and row.installed_at >= since + timedelta(seconds=1):
        return False
    row.token, row.version = None, row.version + 1
    row.stopped_at, row.stopped_why = now, why[:64]
    park(session, workspace_id=workspace_id)
    return True


def belongs_to(session: Session, *, workspace_id: str, enterprise_id: str) -> None:
    """A workspace has joined this organisation, or left its own (""), since it was installed; its token stays good."""
    row = _row(session, workspace_id)
    if row is not None:
        row.enterprise_id = enterprise_id


def serve_by_token(session: Session, *, workspace_id: str, now: datetime) -> None:
    """A workspace whose token stands in the settings is served, whatever became of an installation of it."""
    row = _row(session, workspace_id)
    if row is not None and row.stopped_at is not None:
        row.stopped_at, row.stopped_why = None, ""
        unpark(session, workspace_id=workspace_id, now=now)


def seat(session: Session, *, workspace_id: str) -> Seat | None:
    """The installation of a workspace, if it has one."""
    found = session.execute(
        select(
            Installation.workspace_id,
            Workspace.name,
            Workspace.bot_user_id,
            Workspace.bot_id,
            Installation.enterprise_id,
            Installation.token,
            Installation.version,
            Installation.stopped_at.is_not(None),
        )
        .join(Workspace, Workspace.id == Installation.workspace_id)
        .where(Installation.workspace_id == workspace_id)
    ).one_or_none()
    return None if found is None else Seat(*found)


def is_stopped(session: Session, *, workspace_id: str) -> bool:
    """Whether nothing is said or done for a workspace at present."""
    row = session.get(Installation, workspace_id)
    return row is not None and row.stopped_at is not None


def is_at_work(workspace_id: Any) -> ColumnElement[bool]:
    """For the clock, which looks at all workspaces at once: whether the one in this column is served."""
    stopped = select(Installation.workspace_id).where(Installation.stopped_at.is_not(None))
    condition: ColumnElement[bool] = workspace_id.not_in(stopped)
    return condition


def installations(session: Session) -> list[tuple[Workspace, Installation | None]]:
    """Every tenant with its installation, if it has one; oldest first."""
    rows = session.execute(
        select(Workspace, Installation)
        .outerjoin(Installation, Installation.workspace_id == Workspace.id)
        .order_by(Workspace.created_at, Workspace.id)
    )
    return [(workspace, installation) for workspace, installation in rows]


def sealed_tokens(session: Session) -> dict[str, str]:
    """Every sealed token, by workspace."""
    rows = session.execute(
        select(Installation.workspace_id, Installation.token).where(Installation.token.is_not(None))
    )
    return {workspace_id: token for workspace_id, token in rows if token is not None}


def reseal(session: Session, seal_again: Callable[[str, str], str]) -> int:
    """Seal every token anew with what `seal_again` makes of (workspace, sealed token); returns how many changed.

    Its `UnreadableToken` comes out, and nothing is changed then.
    """
    changed = 0
    for workspace_id, sealed in sealed_tokens(session).items():
        anew = seal_again(workspace_id, sealed)
        if anew != sealed:
            # Who installed meanwhile brought a newer token: that one stays.
            session.execute(
                update(Installation)
                .where(Installation.workspace_id == workspace_id, Installation.token == sealed)
                .values(token=anew, version=Installation.version + 1)
                .execution_options(synchronize_session=False)
            )
            changed += 1
    return changed


def drop_tokens(session: Session, workspace_ids: Collection[str]) -> None:
    """Forget tokens that nobody can read: these workspaces have to install again, and lose nothing meanwhile."""
    for workspace_id in workspace_ids:
        row = _row(session, workspace_id)
        if row is not None:
            row.token, row.version = None, row.version + 1


def park_if_stopped(session: Session, *, workspace_id: str) -> None:
    """What found its door shut is not tried again, if that is because the workspace was stopped."""
    if is_stopped(session, workspace_id=workspace_id):
        park(session, workspace_id=workspace_id)


def longest_gone(
    session: Session, *, now: datetime, kept: timedelta, passing_over: Collection[str] = ()
) -> str | None:
    """The workspace that was stopped first of those whose data has to go; held until the transaction ends.

    One that is being installed again at this moment is passed over; who installs it later waits until it is gone.
    """
    is_gone = (Installation.stopped_at <= now - kept, Installation.workspace_id.not_in(passing_over))
    query = select(Installation.workspace_id).where(*is_gone)
    query = query.order_by(Installation.stopped_at, Installation.workspace_id).limit(1)
    return session.scalar(query.with_for_update(skip_locked=True))


def how_many_at_work(session: Session) -> int:
    """In how many workspaces Handoff is installed and served."""
    query = select(func.count()).where(Installation.stopped_at.is_(None), Installation.token.is_not(None))
    return session.scalar(query) or 0


def _row(session: Session, workspace_id: str) -> Installation | None:
    query = select(Installation).where(Installation.workspace_id == workspace_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))
