"""A post office for each test, on each database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.sandbox import LocalWorkspace
from tests.outbox.office import PostOffice
from tests.slack_world import agency


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[PostOffice]:
    async with agency(database_url) as world:
        yield PostOffice(world)


@pytest.fixture
def slack(office: PostOffice) -> LocalWorkspace:
    return office.slack
