"""A small agency in a local workspace, with the real bot over it: what story tests and delivery tests start from.

Ana is the account manager of Acme; Pete decides in its projects. Nothing here sleeps: time is a clock that a test
moves, and posts need not wait for one another.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from bot.bootstrap import Handoff, handoff
from bot.clock import FrozenClock
from bot.ledger.models import Funding
from bot.outbox.models import Notice, NoticeState, Posting
from bot.outbox.statements import IS_NEXT
from bot.people.models import Actor
from bot.portfolio import forms
from bot.portfolio.service import add_client, add_project
from bot.requests import deciding, service
from bot.requests.afterwards.bridge_models import BridgeKind
from bot.requests.afterwards.bridges import Bridge
from bot.requests.models import ChangeRequest, Promise
from bot.sandbox import AppSeed, ChannelSeed, LocalWorkspace, PersonSeed, WorkspaceSeed
from bot.sandbox.messages import Message
from bot.sandbox.person import Person
from bot.settings import Settings
from bot.slack.bot import Bot
from bot.slack.manifest import manifest
from bot.slack.pacing import Pacing
from bot.slack.socket_mode import connected

TEAM = "T0AGENCY"
ANA, PETE, MO, OLGA = "U0ANA", "U0PETE", "U0MO", "U0OLGA"
ACME, OTHER, SHARED, SECRET, SHUT = "C0ACME", "C0OTHER", "C0SHARED", "G0SECRET", "C0SHUT"
A_WEDNESDAY = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
# Money and hours of the projects, as they would be written: no card for outsiders may hold any of them.
HOURS, BUDGET = 7_200, 1_440_000

PEOPLE = (
    PersonSeed("U0ANA", "ana", "Ana Alonso", "Account manager", "Europe/Madrid", "ana@agency.example"),
    PersonSeed("U0PETE", "pete", "Pete Pohl", "Project manager", "Europe/Berlin", "pete@agency.example"),
    PersonSeed("U0MO", "mo", "Mo Mensah", "Project manager", "Africa/Accra", "mo@agency.example"),
    PersonSeed(
        "U0OLGA", "olga", "Olga Orlova", "Client", "Europe/Riga", is_external=True, team_id="T0CLIENT"
    ),
)
CHANNELS = (
    ChannelSeed(ACME, "acme", members=(ANA, PETE, MO)),
    ChannelSeed(OTHER, "other", members=(ANA, PETE, MO)),
    ChannelSeed(SHARED, "shared", members=(ANA, PETE, OLGA), is_ext_shared=True),
    ChannelSeed(SECRET, "secret", members=(ANA, PETE), is_private=True),
    # The bot is not in this one.
    ChannelSeed(SHUT, "shut", members=(ANA, PETE), has_bot=False),
)
# Every project has a home channel of its own; Pete decides in all of them.
PROJECTS = {"ACME": ACME, "OTHER": OTHER, "SHARED": SHARED, "SECRET": SECRET, "SHUT": SHUT}


def agency_seed(**changes: Any) -> WorkspaceSeed:
    """The agency's workspace, with some fields of the seed changed."""
    fields: dict[str, Any] = {
        "team_id": TEAM,
        "team_name": "Agency",
        "team_domain": "agency",
        "people": PEOPLE,
        "channels": CHANNELS,
        "app": AppSeed.from_manifest(manifest()),
    }
    return WorkspaceSeed(**{**fields, **changes})


@dataclass
class World:
    """The workspace, the bot, the clock; and the agency's projects by their key."""

    slack: LocalWorkspace
    handoff: Handoff
    clock: FrozenClock
    projects: dict[str, UUID] = field(default_factory=dict)

    @property
    def bot(self) -> Bot:
        return self.handoff.bot

    @property
    def ana(self) -> Person:
        return self.slack.person(ANA)

    @property
    def pete(self) -> Person:
        return self.slack.person(PETE)

    def actor(self, person: str) -> Actor:
        return Actor(workspace_id=TEAM, person_id=person, now=self.clock.now())

    async def log(self, title: str = "Add a sign-up", *, project: str = "ACME", **ask: Any) -> ChangeRequest:
        """Ana logs a request and has told the client so; its card is announced, not delivered yet."""
        said = {"promise": Promise.HOLDING_REPLY} | ask
        wanted = service.Ask(project_id=self.projects[project], title=title, **said)
        return await self.bot.run(service.submit, self.actor(ANA), wanted)

    async def accept(self, request: ChangeRequest, *, minutes: int = 180, fee_minor: int = 36_000) -> None:
        """Pete accepts."""
        figures = deciding.Figures(minutes, fee_minor, 0, {Funding.CHANGE_ORDER: minutes})
        await self.bot.run(
            deciding.accept,
            self.actor(PETE),
            request_id=request.id,
            revision=request.revision,
            figures=figures,
        )

    async def decline(self, request: ChangeRequest, *, reason: str = "It does not fit the goal.") -> None:
        """Pete declines."""
        await self.bot.run(
            deciding.decline,
            self.actor(PETE),
            request_id=request.id,
            revision=request.revision,
            reason=reason,
            bridge=Bridge(BridgeKind.BUDGET, "From €500 on"),
        )

    async def deliver(self, *, after: timedelta | None = None) -> None:
        """Deliver all that is due, `after` so much time."""
        if after is not None:
            self.clock.advance(after)
        await self.handoff.courier.drain()

    async def settled(self) -> None:
        """Wait until nothing that is due now is on its way, in either direction."""
        while True:
            await self.slack.settled()
            if not await self.bot.read(_is_under_way, now=self.clock.now()):
                return
            await asyncio.sleep(0)

    async def notices(self) -> list[Notice]:
        """Every notice, oldest first."""

        def load(session: Session) -> list[Notice]:
            found = session.scalars(select(Notice).order_by(Notice.id)).all()
            session.expunge_all()
            return list(found)

        return await self.bot.read(load)

    async def postings(self) -> list[Posting]:
        """Every message that mirrors a row, oldest first."""

        def load(session: Session) -> list[Posting]:
            found = session.scalars(select(Posting).order_by(Posting.id)).all()
            session.expunge_all()
            return list(found)

        return await self.bot.read(load)

    def card(self, channel: str = ACME) -> Message:
        """The newest message that stands in a channel itself."""
        return self.slack.channel(channel).roots[-1]

    async def more(self, person: Person, action: str, *, channel: str = ACME) -> None:
        """Somebody presses "More" on the newest card, and then what they want to do."""
        await person.press(self.card(channel), "more")
        await person.choose(action)

    def replies(self, channel: str = ACME) -> list[Message]:
        """What stands in the thread of the newest card."""
        return self.slack.channel(channel).thread(self.card(channel).ts)[1:]


def _is_under_way(session: Session, *, now: datetime) -> bool:
    # In one statement: between two, something could pass from one state to the next.
    under_way = or_(
        exists().where(Notice.state == NoticeState.SENDING),
        exists().where(IS_NEXT, Notice.next_attempt_at <= now),
        exists().where(Posting.is_stale, or_(Posting.lease.is_not(None), Posting.next_attempt_at <= now)),
    )
    return bool(session.scalar(select(under_way), {"the_now": now}))


@asynccontextmanager
async def agency(
    database_url: str, *, clock: FrozenClock | None = None, seed: WorkspaceSeed | None = None
) -> AsyncIterator[World]:
    """The agency on a migrated database: built, known, with its projects; nothing runs until a test says so."""
    clock = clock or FrozenClock(A_WEDNESDAY)
    seed = seed or agency_seed()
    async with LocalWorkspace(seed, clock=clock) as slack:
        # A frozen clock never refills a bucket; tests about limits switch them on.
        slack.faults.enforce_rate_limits = False
        async with handoff(
            settings(database_url, slack), clock=clock, pacing=Pacing(seconds_between_posts=0)
        ) as built:
            world = World(slack=slack, handoff=built, clock=clock)
            # What comes after an ack where Slack is slow comes before it here; what hangs leaves time for the ack.
            built.bot.errands.patience = 2.0
            await settle_in(world)
            slack.calls.clear()
            yield world


@asynccontextmanager
async def live(world: World, *, connections: int = 1) -> AsyncIterator[World]:
    """The same with its courier at work and connected through Socket Mode, as `handoff run` is."""
    courier = asyncio.create_task(world.handoff.courier.run())
    try:
        opened = connected(
            world.handoff.app,
            world.slack.seed.app_token,
            rush=world.handoff.courier.rush,
            bot_id=world.handoff.bot_id,
            connections=connections,
        )
        async with opened:
            await world.slack.connected()
            yield world
    finally:
        courier.cancel()
        await asyncio.gather(courier, return_exceptions=True)


def settings(database_url: str, slack: LocalWorkspace) -> Settings:
    """Settings for one workspace over the stand-in, whatever the environment says."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg]  # a field of pydantic-settings itself
        database_url=database_url,
        slack_bot_token=slack.seed.bot_token,
        slack_app_token=slack.seed.app_token,
        slack_signing_secret=slack.seed.signing_secret,
        slack_api_url=slack.api_url,
    )


async def settle_in(world: World) -> None:
    """Everybody is known, Acme is a client of Ana's, and every channel but one is the home of a project."""
    for person in (ANA, PETE, MO):
        await world.bot.directory.reader(TEAM, person)

    def add(session: Session) -> dict[str, UUID]:
        actor = world.actor(ANA)
        client = add_client(
            session,
            actor,
            form=forms.ClientForm(
                name="Acme", am_id=ANA, currency="EUR", contact_name="Jo", goodwill_minutes=480
            ),
        )
        return {
            key: add_project(
                session,
                actor,
                form=forms.ProjectForm(
                    client_id=client.id,
                    name=f"{key.capitalize()} site",
                    key=key,
                    pm_id=PETE,
                    channel_id=channel,
                    figures=forms.Figures(HOURS, BUDGET, date(2026, 12, 4)),
                ),
            ).id
            for key, channel in PROJECTS.items()
        }

    world.projects.update(await world.bot.runner.run(add))
