"""How long people wait for the ack alone: of `/ask`, and of Accept with its decision committed.

Beside Handoff three bare Bolt apps do the same in turn, in the same run: one that only acks, one that commits one INSERT
first, and the same with what Handoff uses itself (`ack_app`). One person, sixteen at once, sixty-four at once.
"""

from __future__ import annotations

import gc
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.sandbox import LocalWorkspace, WallClock
from tests.bench import processes
from tests.bench.acts import BARE, Side, Unfinished, cards_posted, cards_put_up
from tests.bench.agency import PROJECTS, TYPED, am_of, bare_app, channel_of, pm_of, seed
from tests.bench.figures import Line, Rounds
from tests.bench.measuring import Setup, handoff_side, no_collection, what_handoff_says

LIMIT = 1.2
PEOPLE = (1, 16, 64)
ONLY_ACKS, ONE_INSERT, TUNED = "only acks", "one INSERT", "one INSERT, set up like Handoff"


@dataclass(frozen=True)
class Depth:
    """How many rounds, and how often one person acts in each."""

    rounds: int
    alone: int


FULL, SHORT = Depth(rounds=8, alone=32), Depth(rounds=3, alone=12)


async def measure(setup: Setup, depth: Depth) -> list[Line]:
    """Each ack against each peer, p50 and p99. Raises `Unfinished`."""
    transport = "HTTP" if setup.over_http else "Socket Mode"
    async with AsyncExitStack() as stack:
        ours, _, books = await stack.enter_async_context(handoff_side(setup, pms=PROJECTS))
        said = setup.folder / "said.json"
        words = await what_handoff_says(ours)
        said.write_text(json.dumps(words), encoding="utf-8")
        peers = [
            (ONLY_ACKS, await stack.enter_async_context(_peer(setup, words, "", tuned=False))),
            (ONE_INSERT, await stack.enter_async_context(_peer(setup, words, "one.db", tuned=False))),
            (TUNED, await stack.enter_async_context(_peer(setup, words, "tuned.db", tuned=True))),
        ]
        lines: list[Line] = []
        with no_collection():
            for act in (ask, accept):
                for people in PEOPLE:
                    rounds = {
                        name: Rounds(f"{act.__name__}, {transport}, {people} at once, against {name}")
                        for name, _ in peers
                    }
                    for number in range(depth.rounds + 1):
                        await _round(act, people, depth, ours, peers, books, rounds if number else None)
                    lines += [
                        rounds[name].line(share, LIMIT if name == ONE_INSERT else None)
                        for name, _ in peers
                        for share in (0.5, 0.99)
                    ]
        return lines


async def ask(side: Side, projects: list[int]) -> list[float]:
    """One account manager for each project types `/ask` at the same instant; until each is acked."""
    side.begin()
    results = await side.together(
        [
            side.slack.person(am_of(project)).command(channel_of(project), "/ask", TYPED)
            for project in projects
        ]
    )
    if not all(result.acked for result in results):
        raise Unfinished(f"{side.name}: /ask was not acked: {results}")
    if side.name != BARE:
        await side.until("views.open", len(projects))
    await side.settled()
    for project in projects:
        person = side.slack.person(am_of(project))
        if person.modal is not None:
            await person.close_modal()
    return [result.seconds * 1000 for result in results]


async def accept(side: Side, projects: list[int]) -> list[float]:
    """One manager for each project sends the form off at the same instant; until each is acked."""
    people = [side.slack.person(pm_of(project, PROJECTS)) for project in projects]
    side.begin()
    for person, project in zip(people, projects, strict=True):
        card = side.cards[project][0] if side.name == BARE else side.cards[project].pop(0)
        await person.press(card, "accept")
    await side.until("views.open", len(people))
    await side.settled()
    for person in people:
        side.modal_of(person)
    side.begin()
    results = await side.together([person.submit() for person in people])
    if not all(result.acked and result.closed for result in results):
        raise Unfinished(f"{side.name}: Accept was answered with {results}")
    await side.settled()
    return [result.seconds * 1000 for result in results]


async def _round(act, people, depth, ours, peers, books, rounds) -> None:  # type: ignore[no-untyped-def]
    """Ours and each peer in turn, the same number of times; kept unless it only warms up."""
    times = depth.alone if people == 1 else max(1, 64 // people)
    groups = [[(turn * people + place) % PROJECTS for place in range(people)] for turn in range(times)]
    if act is accept:
        logged = [project for group in groups for project in group]
        await books.log(logged)
        await cards_posted(ours, logged)
    samples: dict[str, list[float]] = {"": [], **{name: [] for name, _ in peers}}
    for turn, group in enumerate(groups):
        sides = [("", ours), *peers]
        for name, side in sides[turn % 4 :] + sides[: turn % 4]:
            samples[name] += await act(side, group)
    gc.collect()
    for name in rounds or ():
        rounds[name].ours.append(samples[""])
        rounds[name].peer.append(samples[name])


@asynccontextmanager
async def _peer(setup: Setup, words: dict[str, Any], database: str, *, tuned: bool) -> AsyncIterator[Side]:
    port = setup.port()
    url = f"http://127.0.0.1:{port}/slack/events" if port else None
    async with LocalWorkspace(seed(bare_app(), request_url=url, pms=PROJECTS), clock=WallClock()) as slack:
        slack.faults.enforce_rate_limits = False
        command = processes.bare_command(
            slack, setup.folder / "said.json", port, tuned=tuned, module="tests.bench.ack_app"
        )
        if database:
            command += ["--database", str(setup.folder / database)]
        log = setup.folder / f"peer-{database or 'acks'}.log"
        async with processes.running(command, {}, slack, log, port):
            side = Side(BARE, slack)
            await cards_put_up(side, range(PROJECTS), words["waiting_card"])
            yield side
