"""Does it cost more to ask when much is open? Every command and every Home, with 10 open requests and with 10,000.

Two `handoff run`, each with its own stand-in and database (two SQLite files, or two databases of one PostgreSQL), are
asked the same in turn; a ratio is the crowded one's time over the empty one's. How often people ask is Slack's business
and not measured here.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.sandbox import LocalWorkspace, WallClock
from tests.bench import processes
from tests.bench.acts import Side, Unfinished
from tests.bench.agency import PROJECTS, Books, am_of, channel_of, handoff_app, pm_of, seed
from tests.bench.figures import Line, Rounds
from tests.databases import Server

LIMIT = 1.5
FEW, MANY = 10, 10_000


@dataclass(frozen=True)
class Asked:
    """One thing that somebody asks of Handoff: a command typed in a channel, or (without one) their Home."""

    what: str
    person: str
    command: str = ""
    text: str = ""


_AM, _PM = am_of(0), pm_of(0)
EVERYTHING = (
    Asked("/ask", _AM, "/ask", "acme add a newsletter sign-up by Friday ~3h"),
    *(
        Asked(f"/handoff {text}", person, "/handoff", text)
        for person, text in (
            (_AM, "mine"),
            (_PM, "mine"),
            (_AM, "list"),
            (_AM, "list acme open"),
            (_AM, "list all"),
            (_AM, "show ACME-1"),
            (_AM, "find newsletter"),
            (_AM, "find sign client:acme"),
            (_AM, "find add newsletter state:open"),
            (_AM, "find sign state:closed"),
            (_AM, "find client:acme"),
            (_AM, "find zebra"),
            (_AM, "find add zebra"),
            (_AM, "opportunities"),
            (_AM, "client"),
            (_AM, "project"),
            (_PM, "away"),
            (_PM, "hours"),
            (_AM, "words"),
            (_AM, "digest"),
            (_AM, "settings"),
            (_AM, "help"),
        )
    ),
    Asked("Home of an AM", _AM),
    Asked("Home of a PM", _PM),
)


@dataclass(frozen=True)
class Depth:
    """How often each is asked: rounds of so many, on both sides in turn.

    The rounds are an even number. Whoever comes second in a round was idle before and is slower to begin; each side
    is second in every other round.
    """

    rounds: int
    times: int


FULL = Depth(rounds=10, times=20)
SHORT = Depth(rounds=6, times=10)


async def measure_many_open(folder: Path, depth: Depth, server: Server | None) -> list[Line]:
    """Each thing asked, p50 and p99, on this PostgreSQL or on SQLite. Raises `Unfinished` when one is not answered."""
    async with AsyncExitStack() as stack:
        few = await stack.enter_async_context(_office(folder / "few", FEW, server))
        many = await stack.enter_async_context(_office(folder / "many", MANY, server))
        lines: list[Line] = []
        for asked in EVERYTHING:
            rounds = Rounds(f"{asked.what} ({'PM' if asked.person == _PM else 'AM'})")
            await _times(many, asked, 3)
            await _times(few, asked, 3)
            for number in range(depth.rounds):
                sides = [(many, rounds.ours), (few, rounds.peer)]
                for side, samples in sides if number % 2 else reversed(sides):
                    samples.append(await _times(side, asked, depth.times))
            lines += [rounds.line(share, LIMIT) for share in (0.5, 0.99)]
        return lines


async def _times(side: Side, asked: Asked, times: int) -> list[float]:
    return [await once(side, asked) for _ in range(times)]


async def once(side: Side, asked: Asked) -> float:
    """Milliseconds until it is answered: in the ack, by a modal, or by the Home drawn anew."""
    side.begin()
    person = side.slack.person(asked.person)
    began = side.now()
    if not asked.command:
        await person.open_home()
        await side.until("views.publish", 1)
        return _until_called(side, began, "views.publish")
    result = await person.command(channel_of(0), asked.command, asked.text)
    if not result.acked:
        raise Unfinished(f"{side.name}: {asked.what} was not answered: {result}")
    if result.response is not None:
        return result.seconds * 1000
    await side.until("views.open", 1)
    elapsed = max(result.seconds * 1000, _until_called(side, began, "views.open"))
    await person.close_modal()
    return elapsed


def _until_called(side: Side, began: datetime, method: str) -> float:
    call = next(call for call in side.slack.calls if call.method == method)
    if call.error:
        raise Unfinished(f"{side.name}: {method} was refused: {call.error}")
    return (call.at - began).total_seconds() * 1000


@asynccontextmanager
async def _office(folder: Path, open_requests: int, server: Server | None) -> AsyncIterator[Side]:
    folder.mkdir()  # noqa: ASYNC240 (nothing is measured yet)
    database = f"sqlite:///{folder / 'handoff.db'}"
    if server is not None:
        name = f"handoff_{folder.name}"
        # A server that was given (TEST_DATABASE_URL) may have it from an earlier run.
        server.drop(name)
        database = server.create(name)
    async with LocalWorkspace(seed(handoff_app()), clock=WallClock()) as slack:
        slack.faults.enforce_rate_limits = False
        books = Books(database, slack.seed)
        try:
            await books.log_as_posted(_spread(open_requests))
        finally:
            books.close()
        settings = processes.handoff_settings(slack, database, 0)
        command = processes.handoff_command()
        async with processes.running(command, settings, slack, folder / "handoff.log", 0):
            yield Side(f"{open_requests:,} open", slack)


def _spread(open_requests: int) -> list[int]:
    """On which projects they are: the first few all with those who ask, so that both sides have full pages to show."""
    rest = range(open_requests - FEW)
    return [*[0] * FEW, *(number % PROJECTS for number in rest)]


def run(folder: Path, depth: Depth, server: Server | None = None) -> list[Line]:
    """The same, on an event loop of its own."""
    return asyncio.run(measure_many_open(folder, depth, server))
