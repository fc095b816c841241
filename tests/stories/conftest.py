"""The stories are walked over Socket Mode and over HTTP: the same people, the same app, the same sentences."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from bot.web.app import build_web
from bot.web.operations import Operations
from bot.web.requests import Verifier
from tests.slack_world import World, agency, agency_seed, live

# Every story goes over both ways and on both databases, in two of the four pairs; CI runs the other two as well.
PAIRS = {("socket mode", "postgresql"), ("http", "sqlite")}
ASKED = os.environ.get("HANDOFF_STORIES", "some")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the pairs of way and database that were not asked for; `others` is they, and nothing else."""
    if ASKED == "some":
        wanted = [item for item in items if _pair(item) in {None, *PAIRS}]
    elif ASKED == "others":
        wanted = [item for item in items if _pair(item) not in {None, *PAIRS}]
    else:
        wanted = items
    kept = set(map(id, wanted))
    config.hook.pytest_deselected(items=[item for item in items if id(item) not in kept])
    items[:] = wanted


def _pair(item: pytest.Item) -> tuple[str, str] | None:
    """Which way and which database, for a story that is told over both ways."""
    params = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    return (params["office"], params["database"]) if {"office", "database"} <= params.keys() else None


@pytest.fixture(params=["socket mode", "http"])
async def office(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[World]:
    """The agency at work, reached by Slack one way and the other."""
    opened = at_work_over_http if request.param == "http" else at_work
    async with opened(database_url) as world:
        yield world


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[World]:
    """The agency at work over Socket Mode."""
    async with at_work(database_url) as world:
        yield world


@asynccontextmanager
async def at_work(database_url: str, **seed: Any) -> AsyncIterator[World]:
    async with agency(database_url, seed=agency_seed(**seed)) as world, live(world):
        yield world
        assert world.slack.problems == []


@asynccontextmanager
async def at_work_over_http(database_url: str) -> AsyncIterator[World]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        # Listening already, so that whoever comes before the server is ready waits in line.
        listening.listen()
        port = listening.getsockname()[1]
        seed = agency_seed(request_url=f"http://127.0.0.1:{port}/slack/events")
        async with agency(database_url, seed=seed) as world:

            async def readiness() -> list[str]:
                return []

            world.slack.http_delivery.signing_time = lambda: world.clock.now().timestamp()
            verifier = Verifier(world.slack.seed.signing_secret, world.clock)
            web = build_web(world.handoff.app, verifier, Operations(readiness))
            server = uvicorn.Server(uvicorn.Config(web, log_config=None, access_log=False, lifespan="off"))
            serving = asyncio.create_task(server.serve(sockets=[listening]))
            courier = asyncio.create_task(world.handoff.courier.run())
            try:
                yield world
                assert world.slack.problems == []
            finally:
                server.should_exit = True
                courier.cancel()
                await asyncio.gather(serving, courier, return_exceptions=True)
