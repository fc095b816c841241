"""The agency that is measured: its people and channels in the stand-in, its projects and requests in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.clock import SystemClock
from bot.db.engine import build_engine, is_sqlite
from bot.db.runner import Runner
from bot.outbox.models import Notice, NoticeState, Posting
from bot.people.models import Actor
from bot.people.service import PersonFacts, remember
from bot.portfolio.forms import ClientForm, Figures, ProjectForm
from bot.portfolio.service import add_client, add_project
from bot.requests.announcing import CARD
from bot.requests.models import Promise, Reason
from bot.requests.service import Ask, submit
from bot.sandbox import AppSeed, ChannelSeed, CommandSeed, PersonSeed, WorkspaceSeed
from bot.schema import upgrade
from bot.slack.manifest import manifest
from bot.workspaces.service import WorkspaceFacts, ensure

# So many that each channel and each account manager rests for more than a second between two messages:
# what is measured is Handoff, and not Slack's one message a second in a channel.
PROJECTS = 64
PMS = 16
_ZONES = ("Europe/Stockholm", "America/New_York", "Asia/Tokyo", "Etc/UTC")
_NAMES = (
    ("Acme", "Acme website"),
    ("Borealis", "Borealis app"),
    ("Cinder", "Cinder rebrand"),
    ("Delta Foods", "Delta spring campaign"),
    ("Ember", "Ember intranet"),
    ("Fjord Line", "Fjord booking"),
    ("Granite Bank", "Granite onboarding"),
    ("Harbour", "Harbour brand film"),
)
# Requests logged in one transaction, where very many are.
PAGE = 500
TYPED = "acme add a newsletter sign-up by Friday ~3h"


def am_of(project: int) -> str:
    """The account manager of a project: each has one of their own, who also logs its requests."""
    return f"U0AM{project:05d}"


def pm_of(project: int, pms: int = PMS) -> str:
    """The project manager of a project, where there are so many managers."""
    return f"U0PM{project % pms:05d}"


def channel_of(project: int) -> str:
    """The home channel of a project."""
    return f"C0HOME{project:04d}"


def _people(count: int) -> tuple[PersonSeed, ...]:
    ams = [(am_of(number), f"am{number}", f"Ana {number}") for number in range(PROJECTS)]
    pms = [(pm_of(number, count), f"pm{number}", f"Pete {number}") for number in range(count)]
    return tuple(
        PersonSeed(user, name, real_name, tz=_ZONES[place % len(_ZONES)])
        for place, (user, name, real_name) in enumerate([*ams, *pms])
    )


def seed(app: AppSeed, *, request_url: str | None = None, pms: int = PMS) -> WorkspaceSeed:
    """The agency's workspace with this app in it."""
    people = _people(pms)
    members = tuple(person.id for person in people)
    channels = tuple(
        ChannelSeed(channel_of(number), f"home-{number}", members=members) for number in range(PROJECTS)
    )
    return WorkspaceSeed(people, channels, app, request_url=request_url)


def handoff_app() -> AppSeed:
    """Handoff as its manifest describes it, with every event it subscribes to."""
    return AppSeed.from_manifest(manifest())


def bare_app() -> AppSeed:
    """The peer: one command, buttons and modals, no events."""
    return AppSeed(name="Bare", commands=(CommandSeed("/ask"),), bot_scopes=("chat:write", "commands"))


class Books:
    """Handoff's database, written to through the services as another process would."""

    def __init__(self, url: str, workspace: WorkspaceSeed, *, pms: int = PMS) -> None:
        """Fill a new database with the agency."""
        self._team_id = workspace.team_id
        self._runner = Runner(build_engine(url))
        upgrade(self._runner.engine)
        self._projects = self._runner.run_now(_fill, workspace, pms)

    async def log(self, projects: Sequence[int]) -> None:
        """Log a request on each of these projects; Handoff finds their cards in its outbox, and posts them."""
        await self._runner.run(self._submit, projects)

    def _submit(self, session: Session, projects: Sequence[int]) -> None:
        now = SystemClock().now()
        for project in projects:
            submit(session, Actor(self._team_id, am_of(project), now), _ask(self._projects[project]))

    async def log_as_posted(self, projects: Sequence[int]) -> None:
        """The same for very many, whose cards are taken for posted: at Slack's pace that would take hours."""
        for start in range(0, len(projects), PAGE):
            await self._runner.run(self._submit, projects[start : start + PAGE])
            await self._runner.run(take_for_posted)
            _look_around(self._runner.engine)

    def close(self) -> None:
        """Let the database go."""
        self._runner.close()


def _look_around(engine: Engine) -> None:
    """Do what autovacuum does within a minute, in production: a server that the tests start has it off.

    A PostgreSQL that never looked takes every table for small, and reads all that a workspace has to find one row.
    """
    if is_sqlite(engine):
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def take_for_posted(session: Session) -> None:
    """Write down for what still has to be posted that it was: every card stands somewhere, and nothing is due."""
    now = SystemClock().now()
    waiting = session.scalars(select(Notice).where(Notice.state == NoticeState.PENDING)).all()
    for number, notice in enumerate(waiting):
        # One after the other in the last hours, none twice: it only has to look like Slack's.
        ts = f"{now.timestamp() - len(waiting) + number:.0f}.{number:06d}"
        notice.state, notice.sent_at, notice.channel_id, notice.ts = (
            NoticeState.SENT,
            now,
            notice.destination,
            ts,
        )
        if notice.kind == CARD:
            session.add(
                Posting(
                    workspace_id=notice.workspace_id,
                    kind=notice.kind,
                    subject_id=notice.subject_id,
                    facts=notice.facts,
                    destination=notice.destination,
                    channel_id=notice.destination,
                    ts=ts,
                    next_attempt_at=now,
                )
            )


def _fill(session: Session, workspace: WorkspaceSeed, pms: int) -> list[UUID]:
    now = SystemClock().now()
    facts = WorkspaceFacts(
        id=workspace.team_id,
        name=workspace.team_name,
        bot_user_id=workspace.bot_user_id,
        bot_id=workspace.bot_id,
    )
    ensure(session, facts, now)
    for person in workspace.people:
        remember(
            session, workspace.team_id, PersonFacts(id=person.id, name=person.real_name, zone=person.tz), now
        )
    return [_add_project(session, Actor(workspace.team_id, am_of(n), now), n, pms) for n in range(PROJECTS)]


def _add_project(session: Session, actor: Actor, number: int, pms: int) -> UUID:
    client, name = _NAMES[number % len(_NAMES)]
    # The first eight carry plain names, so that "acme" means one project; the others are their later phases.
    phase = number // len(_NAMES)
    if phase:
        client, name = f"Client {number}", f"Phase {phase} for client {number}"
    form = ClientForm(name=client, am_id=actor.person_id, currency="EUR", goodwill_minutes=480)
    added = add_client(session, actor, form=form)
    project = ProjectForm(
        client_id=added.id,
        name=name,
        key="ACME" if number == 0 else f"P{number}",
        pm_id=pm_of(number, pms),
        channel_id=channel_of(number),
        figures=Figures(minutes=120 * 60, budget_minor=1_440_000, due_on=date(2099, 12, 4)),
    )
    return add_project(session, actor, form=project).id


def _ask(project_id: UUID) -> Ask:
    return Ask(
        project_id=project_id,
        title="Add a newsletter sign-up to the landing page",
        details="They want it in the footer and on the landing page, with double opt-in.",
        reason=Reason.CLIENT_REQUEST,
        minutes=180,
        promise=Promise.HOLDING_REPLY,
    )
