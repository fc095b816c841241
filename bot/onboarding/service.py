"""The guide through the first steps: to whom it is shown, what is done, what is next, and when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.digests.models import DigestSchedule
from bot.onboarding.models import Guide
from bot.outbox import homes
from bot.people import repository as people
from bot.people.models import Actor
from bot.portfolio.models import Client, Project
from bot.requests.models import ChangeRequest


@dataclass(frozen=True)
class FirstProject:
    """The first project, as far as the guide speaks of it."""

    key: str
    name: str
    channel_id: str
    pm_name: str


@dataclass(frozen=True)
class FirstSteps:
    """What of a workspace's first steps is done; a step that is not has nothing to name."""

    client: str | None = None
    project: FirstProject | None = None
    is_in_channel: bool = False
    request: str | None = None
    digest_channel_id: str | None = None

    @property
    def done(self) -> Sequence[bool]:
        """Step by step, in the order in which they are taken."""
        return (
            self.client is not None,
            self.project is not None,
            self.is_in_channel,
            self.request is not None,
            self.digest_channel_id is not None,
        )


@dataclass(frozen=True)
class Look:
    """What has to be done before somebody's guide is drawn: begun, closed, or a channel looked at."""

    begins: bool = False
    ends: bool = False
    channel_id: str = ""


def guide(session: Session, *, workspace_id: str, person_id: str) -> None:
    """Guide whoever has installed it through the first steps; where they were all taken it changes nothing."""
    row = _row(session, workspace_id)
    if row is None:
        session.add(Guide(workspace_id=workspace_id, person_id=person_id))
    elif row.finished_at is None:
        row.person_id = person_id


def look(session: Session, actor: Actor) -> Look | None:
    """What has to be done before this person's Home is drawn; nothing for nearly everybody.

    Where no install said who it is, it is the first administrator who comes before anything is set up.
    """
    row = session.get(Guide, actor.workspace_id)
    if row is None:
        return Look(begins=True) if _may_begin(session, actor) else None
    if row.finished_at is not None or row.person_id != actor.person_id:
        return None
    steps = _steps(session, row)
    if all(steps.done):
        return Look(ends=True)
    if steps.project is not None and not steps.is_in_channel:
        return Look(channel_id=steps.project.channel_id)
    return None


def begin(session: Session, actor: Actor) -> None:
    """Guide an administrator who comes first, unless somebody is guided already."""
    if _row(session, actor.workspace_id) is None and _may_begin(session, actor):
        session.add(Guide(workspace_id=actor.workspace_id, person_id=actor.person_id))


def end(session: Session, actor: Actor) -> bool:
    """The steps are taken, or whoever is guided has had enough; whether there was anything to end."""
    row = _row(session, actor.workspace_id)
    if row is None or row.finished_at is not None or row.person_id != actor.person_id:
        return False
    row.finished_at = actor.now
    homes.touch(session, workspace_id=actor.workspace_id, person_ids=[row.person_id], now=actor.now)
    return True


def seen_in(session: Session, *, workspace_id: str, channel_id: str, now: datetime) -> None:
    """Handoff is in a channel: that step is done if it is a project's home."""
    row = session.get(Guide, workspace_id)
    if row is None or row.finished_at is not None or row.channel_id:
        return
    at_home = select(Project.id).where(
        Project.workspace_id == workspace_id, Project.channel_id == channel_id, Project.closed_at.is_(None)
    )
    if session.scalar(at_home.limit(1)) is not None:
        row.channel_id = channel_id
        homes.touch(session, workspace_id=workspace_id, person_ids=[row.person_id], now=now)


def stepped(session: Session, *, workspace_id: str, now: datetime) -> None:
    """Something was set up: the guide, if there is one, shows it."""
    person_id = guided(session, workspace_id=workspace_id)
    if person_id is not None:
        homes.touch(session, workspace_id=workspace_id, person_ids=[person_id], now=now)


def guided(session: Session, *, workspace_id: str) -> str | None:
    """Who is being guided through the first steps of a workspace."""
    query = select(Guide.person_id).where(Guide.workspace_id == workspace_id, Guide.finished_at.is_(None))
    return session.scalar(query)


def first_steps(session: Session, *, workspace_id: str, person_id: str) -> FirstSteps | None:
    """The steps as they stand, for whoever is guided; nothing for others, and once all are taken."""
    row = session.get(Guide, workspace_id)
    if row is None or row.finished_at is not None or row.person_id != person_id:
        return None
    steps = _steps(session, row)
    return None if all(steps.done) else steps


def _steps(session: Session, row: Guide) -> FirstSteps:
    here = row.workspace_id
    project = _first_project(session, row)
    request = session.execute(
        select(Project.key, ChangeRequest.number)
        .join(Project, (Project.workspace_id == here) & (Project.id == ChangeRequest.project_id))
        .where(ChangeRequest.workspace_id == here)
        .limit(1)
    ).one_or_none()
    digest = select(DigestSchedule.channel_id).where(
        DigestSchedule.workspace_id == here, DigestSchedule.is_on.is_(True)
    )
    return FirstSteps(
        client=session.scalar(
            select(Client.name).where(Client.workspace_id == here).order_by(Client.id).limit(1)
        ),
        project=project,
        is_in_channel=bool(row.channel_id),
        request=None if request is None else f"{request.key}-{request.number}",
        digest_channel_id=session.scalar(digest.order_by(DigestSchedule.id).limit(1)),
    )


def _first_project(session: Session, row: Guide) -> FirstProject | None:
    """The oldest project; the one in whose channel Handoff is, where it is in one."""
    query = (
        select(Project.key, Project.name, Project.channel_id, Project.pm_id)
        .where(Project.workspace_id == row.workspace_id, Project.closed_at.is_(None))
        .order_by(Project.channel_id != row.channel_id, Project.id)
        .limit(1)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        return None
    names = people.names(session, workspace_id=row.workspace_id, ids={found.pm_id})
    return FirstProject(found.key, found.name, found.channel_id, names.get(found.pm_id, found.pm_id))


def _may_begin(session: Session, actor: Actor) -> bool:
    person = people.person(session, workspace_id=actor.workspace_id, person_id=actor.person_id)
    if person is None or not person.is_admin or person.is_external or not person.is_active:
        return False
    return session.scalar(select(Client.id).where(Client.workspace_id == actor.workspace_id).limit(1)) is None


def _row(session: Session, workspace_id: str) -> Guide | None:
    query = select(Guide).where(Guide.workspace_id == workspace_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))
