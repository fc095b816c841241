"""The agency in a local workspace, for every test of the Slack side."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.sandbox import LocalWorkspace
from tests.slack_world import World, agency, live


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """The agency; what is due is delivered when the test says so."""
    async with agency(database_url) as world:
        yield world


@pytest.fixture
async def living(world: World) -> AsyncIterator[World]:
    """The agency with its courier at work, connected through Socket Mode."""
    async with live(world) as world:
        yield world


@pytest.fixture
def slack(world: World) -> LocalWorkspace:
    """The stand-in of Slack below the agency."""
    return world.slack
