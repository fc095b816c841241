"""The course of a run: start the stand-in and both programs, let people act on each in turn, collect the figures."""

from __future__ import annotations

import gc
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from bot.sandbox import LocalWorkspace, WallClock
from tests.bench import processes
from tests.bench.acts import (
    BARE,
    HANDOFF,
    Accepting,
    Act,
    Asking,
    Side,
    Unfinished,
    captured,
    cards_posted,
    cards_put_up,
)
from tests.bench.agency import PMS, PROJECTS, Books, bare_app, handoff_app, pm_of, seed
from tests.bench.figures import Line, Rounds, against_limit
from tests.bench.processes import Program

ASK_LIMIT, ACCEPT_LIMIT = 1.5, 2.0
MEMORY_MB = 150.0
AT_ONCE = PMS


@dataclass(frozen=True)
class Plan:
    """How much is measured: a round is `alone` acts of one person, then `waves` of sixteen at the same instant.

    A round has no more acts than there are projects: so no project has more than one request waiting, whose card would
    be redrawn for every Accept beside it.
    """

    rounds: int
    alone: int
    waves: int
    warm_alone: int = 32
    warm_waves: int = 2


FULL = Plan(rounds=15, alone=32, waves=2)
SHORT = Plan(rounds=5, alone=16, waves=2, warm_alone=8, warm_waves=1)


@dataclass(frozen=True)
class Setup:
    """What is beside what: the transport, the peer's settings, and where the files of the run are."""

    folder: Path
    over_http: bool = False
    tuned: bool = False

    def port(self) -> int:
        """Where a program is to listen; zero for Socket Mode."""
        return processes.free_port() if self.over_http else 0


async def measure(setup: Setup, plan: Plan) -> list[Line]:
    """Everything that is measured side by side. Raises `Unfinished` when something did not happen at all."""
    transport = "HTTP" if setup.over_http else "Socket Mode"
    async with handoff_side(setup) as (ours, program, books), _bare(setup, ours) as (peer, bare):
        acts: list[tuple[Act, float]] = [(Asking(), ASK_LIMIT), (Accepting(), ACCEPT_LIMIT)]
        turns = _Turns(ours, peer, books)
        with no_collection():
            for act, _ in acts:
                await turns.round(
                    act, (Rounds(act.name), plan.warm_alone), (Rounds(act.name), plan.warm_waves)
                )
            warm_mb, warm_bare_mb = program.resident_mb(), bare.resident_mb()
            measured: list[tuple[Rounds, float]] = []
            for act, limit in acts:
                one = Rounds(f"{act.name}, {transport}, 1 person")
                many = Rounds(f"{act.name}, {transport}, {AT_ONCE} at once")
                for _ in range(plan.rounds):
                    await turns.round(act, (one, plan.alone), (many, plan.waves))
                measured += [(one, limit), (many, limit)]
        lines = [rounds.line(share, limit) for rounds, limit in measured for share in (0.5, 0.99)]
        loaded_mb, loaded_bare_mb = program.resident_mb(), bare.resident_mb()
        return [
            *lines,
            against_limit("memory, warm", "MB", warm_mb, MEMORY_MB, peer=warm_bare_mb),
            against_limit("memory, after the load", "MB", loaded_mb, MEMORY_MB, peer=loaded_bare_mb),
            against_limit("start to reachable", "s", program.start_seconds, None, peer=bare.start_seconds),
        ]


class _Turns:
    """Lets both sides do the same, one after the other, beginning with each in turn."""

    def __init__(self, ours: Side, peer: Side, books: Books) -> None:
        self._ours, self._peer, self._books = ours, peer, books
        self._projects: dict[str, Iterator[int]] = defaultdict(lambda: cycle(range(PROJECTS)))
        self._turn = 0

    async def round(self, act: Act, alone: tuple[Rounds, int], at_once: tuple[Rounds, int]) -> None:
        """One round: so many acts of one person, then so many of sixteen, ours and the peer's alternating."""
        parts = [
            (rounds, self._groups(act, people, times))
            for people, (rounds, times) in ((1, alone), (AT_ONCE, at_once))
        ]
        if act.needs_cards:
            await _log(
                self._books, self._ours, [one for _, groups in parts for group in groups for one in group]
            )
        for rounds, groups in parts:
            ours: list[float] = []
            peer: list[float] = []
            for group in groups:
                pairs = [(self._ours, ours), (self._peer, peer)]
                self._turn += 1
                for side, samples in pairs if self._turn % 2 else reversed(pairs):
                    samples += await act.done(side, group)
            gc.collect()
            rounds.ours.append(ours)
            rounds.peer.append(peer)

    def _groups(self, act: Act, people: int, times: int) -> list[list[int]]:
        """Whose projects are next: every project has had its turn before one comes again."""
        return [list(islice(self._projects[act.name], people)) for _ in range(times)]


@contextmanager
def no_collection() -> Iterator[None]:
    """No garbage collection in the stand-in while it is measured: it would hit one side or the other by chance."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


@asynccontextmanager
async def handoff_side(setup: Setup, *, pms: int = PMS) -> AsyncIterator[tuple[Side, Program, Books]]:
    """Handoff as it ships, its stand-in, and its books, with one card posted."""
    port = setup.port()
    url = _events_url(port)
    async with LocalWorkspace(seed(handoff_app(), request_url=url, pms=pms), clock=WallClock()) as slack:
        # So many people at once are many times what Slack lets one app post in a minute.
        slack.faults.enforce_rate_limits = False
        database = f"sqlite:///{setup.folder / 'handoff.db'}"
        books = Books(database, slack.seed, pms=pms)
        settings = processes.handoff_settings(slack, database, port)
        log = setup.folder / "handoff.log"
        try:
            async with processes.running(processes.handoff_command(), settings, slack, log, port) as program:
                side = Side(HANDOFF, slack)
                await _log(books, side, [0])
                yield side, program, books
        finally:
            books.close()


async def _log(books: Books, ours: Side, projects: list[int]) -> None:
    """Requests that wait for a decision, with their cards posted; this is not measured."""
    await books.log(projects)
    await cards_posted(ours, projects)


@asynccontextmanager
async def _bare(setup: Setup, ours: Side) -> AsyncIterator[tuple[Side, Program]]:
    port = setup.port()
    url = _events_url(port)
    said = setup.folder / "said.json"
    words = await what_handoff_says(ours)
    said.write_text(json.dumps(words), encoding="utf-8")
    async with LocalWorkspace(seed(bare_app(), request_url=url), clock=WallClock()) as slack:
        slack.faults.enforce_rate_limits = False
        command = processes.bare_command(slack, said, port, tuned=setup.tuned)
        async with processes.running(command, {}, slack, setup.folder / "bare.log", port) as program:
            side = Side(BARE, slack)
            await cards_put_up(side, range(PROJECTS), words["waiting_card"])
            yield side, program


async def what_handoff_says(ours: Side) -> dict[str, dict[str, object]]:
    """The modals and cards of Handoff, taken from one walk through: the peer says exactly the same."""
    card = ours.cards[0][0]
    card_before = card.blocks
    waiting = {"text": card.text, "blocks": card_before}
    await Asking().done(ours, [0])
    form = captured(next(call for call in ours.slack.calls if call.method == "views.open"), "view")
    filled = [block for block in form["blocks"] if any("initial" in key for key in block.get("element", {}))]
    if len(filled) < 4:  # project, title, date, hours
        raise Unfinished(f"/ask did not understand what was typed: {form}")
    ours.begin()
    pete = ours.slack.person(pm_of(0))
    await pete.press(card, "accept")
    await ours.settled()
    accept = captured(next(call for call in ours.slack.calls if call.method == "views.open"), "view")
    await pete.close_modal()
    await Accepting().done(ours, [0])
    update = next(call for call in ours.slack.calls if call.method == "chat.update")
    # The peer's one card is pressed again and again, so it keeps its buttons.
    blocks = [block for block in captured(update, "blocks") if block["type"] != "actions"]
    blocks += [block for block in card_before if block["type"] == "actions"]
    decided = {"text": update.args["text"], "blocks": blocks}
    return {"ask_modal": form, "accept_modal": accept, "card": decided, "waiting_card": waiting}


def _events_url(port: int) -> str | None:
    return f"http://127.0.0.1:{port}/slack/events" if port else None
