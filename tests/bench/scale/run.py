"""The course of a run: one database grows, and at each level everything is asked of it, from Slack and by the clock."""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path

from bot.db.engine import build_engine
from bot.sandbox import LocalWorkspace, WallClock
from bot.schema import upgrade
from tests.bench import processes
from tests.bench.acts import Side
from tests.bench.agency import handoff_app, seed
from tests.bench.figures import Line
from tests.bench.many_open import EVERYTHING, once
from tests.bench.scale import within
from tests.bench.scale.levels import Level, grow
from tests.bench.scale.plot import growth

TIMES = 5


def run(url: str, folder: Path, levels: tuple[Level, ...]) -> tuple[list[Line], str]:
    """Every figure at the last level beside the first, and the plot. Raises `Unfinished`."""
    engine = build_engine(url)
    figures: dict[str, list[float]] = defaultdict(list)
    try:
        upgrade(engine)
        began = time.perf_counter()
        for level in grow(engine, levels):
            sys.stderr.write(f"{level} requests made in {time.perf_counter() - began:.0f} s\n")
            for what, use_case in within.use_cases().items():
                figures[what].append(statistics.median(within.timed(engine, use_case, times=TIMES)))
            for what, cost in asyncio.run(_asked(url, folder)).items():
                figures[what].append(cost)
            began = time.perf_counter()
    finally:
        engine.dispose()
    lines = [
        Line(
            what,
            "ms",
            costs[-1],
            costs[0],
            costs[-1] / costs[0],
            None,
            holds=True,
            samples=TIMES,
            rounds=tuple(costs),
        )
        for what, costs in figures.items()
    ]
    title = f"Cost of everything, times that at {levels[0]} requests ({engine.dialect.name})"
    return lines, growth([level.requests for level in levels], figures, title)


async def _asked(url: str, folder: Path) -> dict[str, float]:
    """The median answer to each command, and each Home, in the large workspace, through `handoff run` as it ships."""
    async with LocalWorkspace(seed(handoff_app()), clock=WallClock()) as slack:
        slack.faults.enforce_rate_limits = False
        settings = processes.handoff_settings(slack, url, 0)
        log = folder / "handoff.log"
        async with processes.running(processes.handoff_command(), settings, slack, log, 0):
            side = Side("handoff", slack)
            found = {}
            for asked in EVERYTHING:
                who = "PM" if asked.person.startswith("U0PM") else "AM"
                times = [await once(side, asked) for _ in range(TIMES + 2)]
                found[f"{asked.what} ({who})"] = statistics.median(times[2:])
            return found
