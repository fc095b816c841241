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
from tests.bench.agency import PMS, PROJECTS, bare_app, handoff_app, pm_of, prepare_database, seed
from tests.bench.figures import Line, Rounds, against_limit
from tests.bench.processes import Program

ASK_LIMIT, ACCEPT_LIMIT = 1.5, 2.0
MEMORY_MB = 150.0
AT_ONCE = PMS


@dataclass(frozen=True)
class Plan:
    """How much is measured: a round is `alone` acts of one person, then `waves` of sixteen at the same instant."""

    rounds: int
    alone: int
    waves: int
    warm_alone: int = 32
    warm_waves: int = 3

    @property
    def cards_each(self) -> int:
        """How many requests each project needs; one is for learning how large Handoff's card is."""
        alone = self.warm_alone + self.rounds * self.alone
        at_once = (self.warm_waves + self.rounds * self.waves) * AT_ONCE
        return -(-(alone + at_once + PROJECTS) // PROJECTS)


FULL = Plan(rounds=9, alone=100, waves=7)
SHORT = Plan(rounds=5, alone=20, waves=2, warm_alone=12, warm_waves=1)


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
    async with _handoff(setup, plan) as (ours, program), _bare(setup, ours) as (peer, bare):
        acts: list[tuple[Act, float]] = [(Asking(), ASK_LIMIT), (Accepting(), ACCEPT_LIMIT)]
        turns = _Turns(ours, peer)
        with _no_collection():
            for act, _ in acts:
                await turns.round(Rounds(act.name), act, 1, plan.warm_alone)
                await turns.round(Rounds(act.name), act, AT_ONCE, plan.warm_waves)
            warm_mb, warm_bare_mb = program.resident_mb(), bare.resident_mb()
            measured: list[tuple[Rounds, float]] = []
            for act, limit in acts:
                one = Rounds(f"{act.name}, {transport}, 1 person")
                many = Rounds(f"{act.name}, {transport}, {AT_ONCE} at once")
                for _ in range(plan.rounds):
                    await turns.round(one, act, 1, plan.alone)
                    await turns.round(many, act, AT_ONCE, plan.waves)
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

    def __init__(self, ours: Side, peer: Side) -> None:
        self._ours, self._peer = ours, peer
        self._projects: dict[str, Iterator[int]] = defaultdict(lambda: cycle(range(PROJECTS)))
        self._turn = 0

    async def round(self, rounds: Rounds, act: Act, people: int, times: int) -> None:
        """One round: so many acts of so many people, ours and the peer's alternating act by act."""
        ours: list[float] = []
        peer: list[float] = []
        for _ in range(times):
            projects = list(islice(self._projects[act.name], people))
            pairs = [(self._ours, ours), (self._peer, peer)]
            self._turn += 1
            for side, samples in pairs if self._turn % 2 else reversed(pairs):
                samples += await act.done(side, projects)
        gc.collect()
        rounds.ours.append(ours)
        rounds.peer.append(peer)


@contextmanager
def _no_collection() -> Iterator[None]:
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
async def _handoff(setup: Setup, plan: Plan) -> AsyncIterator[tuple[Side, Program]]:
    port = setup.port()
    url = _events_url(port)
    async with LocalWorkspace(seed(handoff_app(), request_url=url), clock=WallClock()) as slack:
        # So many people at once are many times what Slack lets one app post in a minute.
        slack.faults.enforce_rate_limits = False
        database = f"sqlite:///{setup.folder / 'handoff.db'}"
        prepare_database(database, slack.seed, plan.cards_each)
        settings = processes.handoff_settings(slack, database, port)
        log = setup.folder / "handoff.log"
        async with processes.running(processes.handoff_command(), settings, slack, log, port) as program:
            side = Side(HANDOFF, slack)
            await cards_posted(side, range(PROJECTS), plan.cards_each, seconds=plan.cards_each * 5 + 30)
            await side.settled()
            yield side, program


@asynccontextmanager
async def _bare(setup: Setup, ours: Side) -> AsyncIterator[tuple[Side, Program]]:
    port = setup.port()
    url = _events_url(port)
    said = setup.folder / "said.json"
    words = await _what_handoff_says(ours)
    said.write_text(json.dumps(words), encoding="utf-8")
    async with LocalWorkspace(seed(bare_app(), request_url=url), clock=WallClock()) as slack:
        slack.faults.enforce_rate_limits = False
        command = processes.bare_command(slack, said, port, tuned=setup.tuned)
        async with processes.running(command, {}, slack, setup.folder / "bare.log", port) as program:
            side = Side(BARE, slack)
            await cards_put_up(side, range(PROJECTS), words["waiting_card"])
            yield side, program


async def _what_handoff_says(ours: Side) -> dict[str, dict[str, object]]:
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
