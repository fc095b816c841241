"""One pass of the bench: each fault in turn, on a world that has to outlive all of them."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from tests.faults.kinds.answers import Failing, Limited, Resets, Revoked, Slow
from tests.faults.kinds.base import Fault
from tests.faults.kinds.database import Cut, Restarted
from tests.faults.kinds.deliveries import Jumbled
from tests.faults.kinds.disks import Full
from tests.faults.kinds.killing import Frozen, Killed, Stopped
from tests.faults.kinds.time import Days, WrongClock
from tests.faults.ledger import Told
from tests.faults.postgres import restartable
from tests.faults.quiet import NotQuiet, until_quiet
from tests.faults.verdict import judge, verified
from tests.faults.world import World, many_processes, one_process

Making: TypeAlias = Callable[[random.Random], Fault]
# In the short form a call is slow for longer than anybody waits for it, and than the next update takes to be made.
SHORT_SLOWNESS = 14.0
# So many requests at a time are added where a fault has not struck often enough.
FEW = 4
WORK_WITHIN_SECONDS = 900.0


@dataclass
class Row:
    """What one fault came to."""

    world: str
    fault: str
    struck: int = 0
    acked: int = 0
    refused: int = 0
    lost: int = 0
    doubled: int = 0
    stale: int = 0
    seconds: float = 0.0
    quiet_seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


def on_one(*, is_short: bool) -> list[Making]:
    """What befalls `handoff run` on SQLite."""
    seconds = SHORT_SLOWNESS if is_short else 30.0
    return [
        Killed,
        Limited,
        Failing,
        Resets,
        lambda rng: Slow(rng, seconds=seconds),
        Revoked,
        Jumbled,
        WrongClock,
        Full,
        Days,
    ]


def on_many(*, is_short: bool) -> list[Making]:
    """What befalls the parts on PostgreSQL."""
    return [Killed, Restarted, Cut, Resets, Frozen, Stopped, Jumbled, WrongClock, Days]


async def run_once(
    folder: Path, seed: int, *, is_short: bool, only: str = "", on: str = "", said: Callable[[Row], None]
) -> list[Row]:
    """Every fault on both worlds; the rows of the table."""
    rows: list[Row] = []

    def done(row: Row) -> None:
        rows.append(row)
        said(row)

    ones = _chosen(on_one(is_short=is_short), only, seed) if on != "many" else []
    manys = _chosen(on_many(is_short=is_short), only, seed) if on != "one" else []
    with ExitStack() as stack:
        database = stack.enter_context(restartable()) if manys else None
        # Side by side: most of the time is waiting.
        async with asyncio.TaskGroup() as worlds:
            if ones:
                alone = one_process(folder / "one", random.Random(f"{seed} one"))
                worlds.create_task(_live(alone, ones, is_short=is_short, done=done))
            if database is not None:
                several = many_processes(folder / "many", random.Random(f"{seed} many"), database)
                worlds.create_task(_live(several, manys, is_short=is_short, done=done))
    return rows


async def _live(
    making: AbstractAsyncContextManager[World],
    faults: Sequence[Fault],
    *,
    is_short: bool,
    done: Callable[[Row], None],
) -> None:
    async with making as world:
        for fault in faults:
            row = await _row(world, fault, is_short=is_short)
            if fault is faults[-1]:
                row.wrong += await asyncio.to_thread(verified, world)
            done(row)


def _chosen(makings: Sequence[Making], only: str, seed: int) -> list[Fault]:
    faults = [making(random.Random(f"{seed} {place}")) for place, making in enumerate(makings)]
    return [fault for fault in faults if only.casefold() in fault.name.casefold()]


async def _row(world: World, fault: Fault, *, is_short: bool) -> Row:
    row = Row(world.name, fault.name)
    ledger = world.crowd.ledger
    acked, refused = ledger.acked, ledger.told[Told.REFUSED] + ledger.told[Told.SLACK_FAILED]
    began = time.monotonic()
    try:
        requests, least = (fault.short, fault.least) if is_short else (fault.long, fault.least_long)
        await _rage(world, fault, requests, least)
        row.quiet_seconds = await until_quiet(world)
        if await world.crowd.decide_all():
            row.quiet_seconds += await until_quiet(world)
    except (NotQuiet, TimeoutError, LookupError) as error:
        row.wrong.append(f"other: {type(error).__name__} {error}")
    verdict = await judge(world)
    row.lost, row.doubled, row.stale = len(verdict.lost), len(verdict.doubled), len(verdict.stale)
    row.wrong += verdict.all
    row.struck, row.acked = fault.struck, ledger.acked - acked
    row.refused = ledger.told[Told.REFUSED] + ledger.told[Told.SLACK_FAILED] - refused
    row.seconds = time.monotonic() - began
    ledger.unanswered.clear()
    ledger.given_up.clear()
    world.slack.problems.clear()
    return row


async def _rage(world: World, fault: Fault, requests: int, least: int) -> None:
    raging = asyncio.create_task(fault.rage(world))
    try:
        async with asyncio.timeout(WORK_WITHIN_SECONDS):
            await world.crowd.work(requests)
            while fault.struck < least and not raging.done():
                await world.crowd.work(FEW)
    finally:
        raging.cancel()
        ended = await asyncio.gather(raging, return_exceptions=True)
        await fault.mend(world)
    if isinstance(ended[0], Exception):
        raise ended[0]
