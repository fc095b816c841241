"""A small local workspace over real HTTP, a clock to steer, and an app made of plain functions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import (
    AppSeed,
    ChannelSeed,
    CommandSeed,
    LocalWorkspace,
    PersonSeed,
    ShortcutSeed,
    WorkspaceSeed,
)
from tests.sandbox.little_app import LittleApp

SCOPES = (
    "commands chat:write channels:read groups:read im:read im:write channels:history groups:history im:history "
    "app_mentions:read users:read users:read.email files:read files:write reactions:read reactions:write team:read"
)
EVENTS = (
    "message.channels message.groups message.im app_mention app_home_opened member_joined_channel channel_rename "
    "channel_shared channel_left user_change app_uninstalled tokens_revoked reaction_added"
)

APP = AppSeed(
    name="Handoff",
    commands=(
        CommandSeed("/ask", "Log a request", "[project] what", should_escape=True),
        CommandSeed("/raw", "Gets its text as typed"),
    ),
    shortcuts=(
        ShortcutSeed("global", "Log a request", "log"),
        ShortcutSeed("message", "Log as request", "log_message"),
    ),
    bot_scopes=tuple(SCOPES.split()),
    bot_events=tuple(EVENTS.split()),
    home_tab_enabled=True,
)

PEOPLE = (
    PersonSeed(
        "U0MAYA", "maya", "Maya Lindqvist", "Account manager", "Europe/Stockholm", "maya@agency.example"
    ),
    PersonSeed("U0BEN", "ben", "Ben Okafor", "Project manager", "Africa/Lagos", "ben@agency.example"),
    PersonSeed(
        "U0CLIENT", "carla", "Carla Ricci", is_external=True, team_id="T0CLIENT", email="c@client.example"
    ),
    PersonSeed("U0GONE", "gone", "Gone Person", deleted=True),
)

CHANNELS = (
    ChannelSeed("C0ACME", "acme-website", "Website", members=("U0MAYA", "U0BEN")),
    ChannelSeed("C0SHARED", "acme-shared", is_ext_shared=True, members=("U0MAYA", "U0BEN", "U0CLIENT")),
    ChannelSeed("C0OPEN", "random", members=("U0MAYA", "U0BEN"), has_bot=False),
    ChannelSeed("G0SECRET", "secret", is_private=True, members=("U0MAYA",), has_bot=False),
    ChannelSeed("G0TEAM", "team", is_private=True, members=("U0MAYA", "U0BEN")),
    ChannelSeed("C0OLD", "old", members=("U0MAYA",), is_archived=True),
)


def a_seed(**changes: object) -> WorkspaceSeed:
    """Returns the seed of these tests with some fields changed."""
    fields: dict[str, object] = {"people": PEOPLE, "channels": CHANNELS, "app": APP, **changes}
    return WorkspaceSeed(**fields)  # type: ignore[arg-type]  # named as the fields are


class SteeredClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """Returns the time it was put to."""
        return self._now

    def move_to(self, when: datetime) -> None:
        """Puts it to another time."""
        self._now = when

    def advance(self, **by: float) -> None:
        """Moves it on by a timedelta's arguments."""
        self._now += timedelta(**by)


@asynccontextmanager
async def a_client(slack: LocalWorkspace, token: str | None = None) -> AsyncIterator[AsyncWebClient]:
    """An AsyncWebClient with one HTTP session and no retries."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(
            token=slack.seed.bot_token if token is None else token,
            base_url=slack.api_url,
            session=session,
            retry_handlers=[],
        )


@pytest.fixture
def clock() -> SteeredClock:
    return SteeredClock()


@pytest.fixture
async def slack(clock: SteeredClock) -> AsyncIterator[LocalWorkspace]:
    async with LocalWorkspace(a_seed(), clock=clock) as workspace:
        workspace.faults.enforce_rate_limits = False
        yield workspace


@pytest.fixture
async def client(slack: LocalWorkspace) -> AsyncIterator[AsyncWebClient]:
    async with a_client(slack) as web_client:
        yield web_client


@pytest.fixture
async def app(slack: LocalWorkspace) -> AsyncIterator[LittleApp]:
    async with LittleApp(slack) as little:
        yield little
