"""How many whole requests a second: on SQLite, on PostgreSQL with one, two and four processes, and beside pgbench.

The processes are `handoff run` as it ships, all on one database, connected through Socket Mode. The peer is the same
server alone: `pgbench` sends it the very statements that Handoff sent for as many whole requests (`replay`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox import LocalWorkspace, WallClock
from tests.bench import processes, replay
from tests.bench.acts import PATIENCE_SECONDS, Unfinished
from tests.bench.agency import Books, handoff_app, seed
from tests.bench.figures import Line
from tests.bench.pairs import PAIRS, pairs
from tests.databases import Server, postgresql

PROCESSES = (1, 2, 4)
FILLED = "handoff_filled"


@dataclass(frozen=True)
class Depth:
    """How many requests each pair sees through before it is measured, and then."""

    warm: int
    each: int


FULL, SHORT = Depth(warm=4, each=24), Depth(warm=2, each=6)


def run(folder: Path, depth: Depth) -> list[Line]:
    """Whole requests a second, beside what the database alone makes of their statements.

    Raises `Unfinished`, NoPostgreSQLError, FileNotFoundError where there is no pgbench, RuntimeError where it fails.
    """
    program = replay.pgbench_program()
    requests = PAIRS * depth.each
    url = f"sqlite:///{folder / 'handoff.db'}"
    _fill(url)
    rates = {"SQLite, 1 process": asyncio.run(_rate(url, 1, folder, depth))}
    with postgresql() as server:
        _fill(server.create(FILLED))
        for count in PROCESSES:
            name = f"PostgreSQL, {count} process{'es' if count > 1 else ''}"
            with _copy(server, f"handoff_{count}_processes") as url:
                rates[name] = asyncio.run(_rate(url, count, folder, depth))
        with _copy(server, "handoff_recorded") as url:
            sent = asyncio.run(_recorded(url, depth))
        with _copy(server, "handoff_replayed") as url:
            replay.replayed(program, url, folder, [part for part, _ in sent])
            peer = requests / replay.replayed(program, url, folder, [part for _, part in sent])
    return [
        Line(f"whole requests, {name}", "/s", rate, peer, peer / rate, None, holds=True, samples=requests)
        for name, rate in rates.items()
    ]


def _fill(url: str) -> None:
    Books(url, seed(handoff_app())).close()


@contextmanager
def _copy(server: Server, name: str) -> Iterator[str]:
    yield server.create(name, template=FILLED)
    server.drop(name)


async def _rate(url: str, count: int, folder: Path, depth: Depth) -> float:
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(LocalWorkspace(seed(handoff_app()), clock=WallClock()))
        slack.faults.enforce_rate_limits = False
        # What counts here is how much gets done, also where so many at once wait longer than Slack lets them.
        slack.socket_mode.ack_seconds = PATIENCE_SECONDS
        settings = processes.handoff_settings(slack, url, 0)
        for number in range(count):
            log = folder / f"handoff-{number}.log"
            await stack.enter_async_context(
                processes.running(processes.handoff_command(), settings, slack, log, 0)
            )
        work = await stack.enter_async_context(pairs(slack))
        await work.together(depth.warm)
        began = time.perf_counter()
        await work.together(depth.each)
        seconds = time.perf_counter() - began
        await slack.settled(timeout=60)
        if slack.problems:
            raise Unfinished(str(slack.problems[:3]))
    return PAIRS * depth.each / seconds


async def _recorded(url: str, depth: Depth) -> list[tuple[list[str], list[str]]]:
    """What is sent for the requests of each pair: for those that only warm up, and for those that count."""
    async with replay.recording(url, seed(handoff_app())) as (slack, sent), pairs(slack) as work:
        parts = []
        for times in (depth.warm, depth.each):
            by_pair: list[list[str]] = [[] for _ in range(PAIRS)]
            sent.take()

            def keep(pair: int, into: list[list[str]] = by_pair) -> None:
                into[pair] += sent.take()

            await work.in_turn(times, keep)
            parts.append(by_pair)
    return list(zip(*parts, strict=True))
