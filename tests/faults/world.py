"""Everything that runs: Slack, the database, Handoff's processes, the people."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.db.engine import build_engine
from bot.db.runner import Runner
from bot.schema import upgrade
from tests.bench.processes import free_port
from tests.faults import agency
from tests.faults.balancer import Balancer
from tests.faults.clocks import SharedClock
from tests.faults.crowd import Crowd
from tests.faults.disk import Disk
from tests.faults.entry import CLOCK
from tests.faults.postgres import Database
from tests.faults.processes import Kept
from tests.faults.slack import WatchedSlack

# Six processes at once, on a machine that may be busy with something else.
STARTS_WITHIN_SECONDS = 180.0


@dataclass
class World:
    """One agency with Handoff running for it."""

    name: str
    folder: Path
    clock: SharedClock
    slack: WatchedSlack
    crowd: Crowd
    books: Runner
    database_url: str
    kept: list[Kept] = field(default_factory=list)
    # How long all of it took to start: as quick as this machine is.
    start_seconds: float = 0.0
    # Where it has one of its own.
    disk: Disk | None = None
    database: Database | None = None

    async def reachable(self) -> None:
        """Wait until Slack can reach Handoff. Raises TimeoutError."""
        async with asyncio.timeout(STARTS_WITHIN_SECONDS):
            while not await self._answers():  # noqa: ASYNC110 (nobody tells)
                await asyncio.sleep(0.05)

    async def _answers(self) -> bool:
        if self.slack.workspace.http_delivery is None:
            return self.slack.socket_mode.is_connected
        return await self.slack.http_delivery.verify_url("here?", "")

    def settings(self) -> dict[str, str]:
        """What every process is told, but for its port."""
        seed = self.slack.seed
        told = {
            "DATABASE_URL": self.database_url,
            "SLACK_API_URL": self.slack.api_url,
            "SLACK_BOT_TOKEN": seed.bot_token,
            CLOCK: str(self.folder / "clock"),
        }
        if seed.request_url:
            return {**told, "SLACK_SIGNING_SECRET": seed.signing_secret}
        return {**told, "SLACK_APP_TOKEN": seed.app_token}

    def keep(self, part: str, **settings: str) -> None:
        """Start a process, and keep it running."""
        log = self.folder / f"{part}-{len(self.kept)}.log"
        one = Kept(part, {**self.settings(), **settings}, log)
        one.start()
        self.kept.append(one)


@asynccontextmanager
async def one_process(folder: Path, rng: random.Random) -> AsyncIterator[World]:
    """`handoff run` on SQLite, through Socket Mode: how a small agency has it."""
    folder.mkdir(parents=True)  # noqa: ASYNC240 (once, at the start)
    with Disk(folder / "disk") as disk:
        url = f"sqlite:///{disk.folder / 'handoff.db'}"
        async with _world("one process, SQLite", folder, url, rng, None) as world:
            world.disk = disk
            began = time.monotonic()
            world.keep("run")
            await world.reachable()
            world.start_seconds = time.monotonic() - began
            yield world


@asynccontextmanager
async def many_processes(folder: Path, rng: random.Random, database: Database) -> AsyncIterator[World]:
    """Two web processes behind a balancer, two workers, two clocks, on PostgreSQL."""
    folder.mkdir(parents=True)  # noqa: ASYNC240 (once, at the start)
    ports = [free_port() for _ in range(2)]
    balancer = Balancer(ports)
    name = f"faults_{rng.randrange(1 << 32)}"
    url = database.server.create(name)
    address = await balancer.start()
    try:
        request_url = f"{address}/slack/events"
        async with _world("many processes, PostgreSQL", folder, url, rng, request_url) as world:
            world.database = database
            began = time.monotonic()
            for port in ports:
                world.keep("web", PORT=str(port))
            for part in ("worker", "clock", "worker", "clock"):
                world.keep(part)
            await world.reachable()
            world.start_seconds = time.monotonic() - began
            yield world
    finally:
        await balancer.stop()
        database.server.drop(name)


@asynccontextmanager
async def _world(
    name: str, folder: Path, database_url: str, rng: random.Random, request_url: str | None
) -> AsyncIterator[World]:
    clock = SharedClock(folder / "clock")
    clock.move_to(agency.BEGINS)
    books = Runner(build_engine(database_url))
    async with AsyncExitStack() as stack:
        stack.callback(books.close)
        upgrade(books.engine)
        slack = await stack.enter_async_context(WatchedSlack(agency.seed(request_url), clock=clock))
        slack.watch()
        if request_url:
            slack.http_delivery.signing_time = lambda: clock.now().timestamp()
        agency.fill(books, slack.seed, clock.now())
        crowd = Crowd(slack, rng, lambda: slack.met, clock.move_by)
        world = World(name, folder, clock, slack, crowd, books, database_url)
        try:
            yield world
        finally:
            await asyncio.gather(*(one.stop() for one in world.kept))
