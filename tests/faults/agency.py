"""The agency on which everything falls: everybody is at work in one zone, and each project has a channel of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from bot.db.runner import Runner
from bot.digests.models import DigestKind
from bot.digests.service import set_schedule
from bot.people.models import Actor
from bot.people.service import PersonFacts, remember
from bot.portfolio.forms import ClientForm, Figures, ProjectForm
from bot.portfolio.service import add_client, add_project
from bot.sandbox import AppSeed, ChannelSeed, PersonSeed, WorkspaceSeed
from bot.slack.manifest import manifest
from bot.workspaces.service import WorkspaceFacts, ensure

# So many that a channel's one post a second is not what the bench waits for.
PROJECTS = 24
PMS = 8
# A Tuesday morning, at work.
BEGINS = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
TEAM = "T0FAULTS"
# In these channels digests are on: every weekday at this time.
DIGEST_PROJECTS = range(4)
DIGEST_AT = time(9, 30)


def am_of(project: int) -> str:
    """The account manager of a project."""
    return f"U0AM{project:05d}"


def pm_of(project: int) -> str:
    """The project manager of a project."""
    return f"U0PM{project % PMS:05d}"


def channel_of(project: int) -> str:
    """The home channel of a project."""
    return f"C0HOME{project:04d}"


def seed(request_url: str | None) -> WorkspaceSeed:
    """The agency's workspace; over HTTP where there is an address to deliver to."""
    ams = [PersonSeed(am_of(number), f"am{number}", f"Ana {number}") for number in range(PROJECTS)]
    pms = [PersonSeed(pm_of(number), f"pm{number}", f"Pete {number}") for number in range(PMS)]
    people = (*ams, *pms)
    members = tuple(person.id for person in people)
    channels = tuple(
        ChannelSeed(channel_of(number), f"home-{number}", members=members) for number in range(PROJECTS)
    )
    app = AppSeed.from_manifest(manifest(request_url=request_url))
    return WorkspaceSeed(people, channels, app, team_id=TEAM, team_name="Faults", request_url=request_url)


def fill(runner: Runner, workspace: WorkspaceSeed, now: datetime) -> None:
    """Write the agency into a migrated database: people, clients, projects, digests."""
    runner.run_now(_fill, workspace, now)


def _fill(session: Session, workspace: WorkspaceSeed, now: datetime) -> None:
    facts = WorkspaceFacts(
        id=workspace.team_id,
        name=workspace.team_name,
        bot_user_id=workspace.bot_user_id,
        bot_id=workspace.bot_id,
    )
    ensure(session, facts, now)
    for person in workspace.people:
        known = PersonFacts(id=person.id, name=person.name, zone=person.tz)
        remember(session, workspace.team_id, known, now)
    for number in range(PROJECTS):
        _add_project(session, Actor(workspace.team_id, am_of(number), now), number)
    for number in DIGEST_PROJECTS:
        set_schedule(
            session,
            Actor(workspace.team_id, am_of(number), now),
            channel_id=channel_of(number),
            kind=DigestKind.DEADLINES,
            is_on=True,
            zone="Etc/UTC",
            at=DIGEST_AT,
            is_external=False,
        )


def _add_project(session: Session, actor: Actor, number: int) -> None:
    client = add_client(
        session, actor, form=ClientForm(name=f"Client {number}", am_id=actor.person_id, currency="EUR")
    )
    form = ProjectForm(
        client_id=client.id,
        name=f"Site {number}",
        key=f"P{number}",
        pm_id=pm_of(number),
        channel_id=channel_of(number),
        figures=Figures(minutes=12_000 * 60, budget_minor=144_000_000, due_on=date(2027, 12, 4)),
    )
    add_project(session, actor, form=form)
