"""Whole lives at random: bargaining, absence, escalation, edits, people who come and go, and the clock that runs.

Every act is tried by anybody at any time. It succeeds or it is refused, with a sentence; after each, every promise of
the design is read from the rows, and every card of theirs can be drawn. The suite lives a few short lives; the long
form, more than 20,000 steps on each database, is

    HANDOFF_LIVES=400 ./handoff test tests/lives
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.db.runner import Runner
from bot.errors import Refusal
from bot.people.service import PersonFacts, remember
from bot.portfolio.forms import ScopeLine
from bot.portfolio.models import Client, Project
from bot.requests import repository
from bot.requests.models import ChangeRequest
from bot.sandbox.block_kit.validate import check_blocks, check_view
from bot.slack.routes import ROUTES
from bot.slack.text.refusals import Reading, explain
from bot.slack.views.card import card, safe_card
from bot.slack.views.card_actions import more_modal
from bot.workspaces.lines import Lines
from bot.workspaces.models import Workspace
from tests.lives.acts import AROUND, BEA, NEXT, OURS, QUINN, TICKS, WITH_REQUESTS, Act, Step, submit
from tests.lives.promises import check, check_after_ticks
from tests.portfolio.agency import ANA, GUEST, MAX, NOW, OLGA, PETE, a_client, a_project, settle

# Every story is there, and with it the sentences for its refusals.
assert ROUTES.presses
LIVES = int(os.environ.get("HANDOFF_LIVES", "0"))
# Shrinking whole lives takes longer than reading one: what fails is printed as it was lived.
GENERATED = settings(phases=[Phase.generate], database=None)
# The same lives each time, so that nobody is held up by what another change broke; the long form is random.
SHORT = settings(GENERATED, max_examples=3, stateful_step_count=40, derandomize=True)
LONG = settings(GENERATED, max_examples=LIVES or 1, stateful_step_count=60)
WORKSPACES = itertools.count(1)
MOST_REQUESTS = 6

# Who tries: mostly somebody who may, seen from the request.
WHO = st.sampled_from(
    [*["holder"] * 6, *["decider"] * 3, *["requester"] * 3, "director", *OURS, GUEST, "U_NOBODY"]
)
SEEDS = st.integers(0, 2**32)
SPANS = st.sampled_from(
    [
        timedelta(minutes=1),
        timedelta(hours=1),
        timedelta(hours=5),
        timedelta(days=1),
        timedelta(days=3),
        timedelta(days=40),
    ]
)


class Lives(RuleBasedStateMachine):
    """One workspace, from its opening on."""

    runner: Runner
    walked = 0

    @initialize(seed=SEEDS)
    def open(self, seed: int) -> None:
        self.here, self.now = f"L{next(WORKSPACES)}", NOW
        self.client, self.projects = self.runner.run_now(self._settle)
        for number in range(3):
            self._try(submit, OURS[number % 2], Random(seed + number))

    def _settle(self, session: Session) -> tuple[UUID, dict[str, UUID]]:
        settle(session, self.here)
        for person, name, zone in ((BEA, "Bea", "Asia/Tokyo"), (QUINN, "Quinn", "America/Los_Angeles")):
            remember(session, self.here, PersonFacts(person, name, zone, f"{name}@agency.example"), NOW)
        workspace = session.get_one(Workspace, self.here)
        workspace.director_id = MAX
        Lines(minutes=480, fee_minor=3_000_00, goodwill_minutes=150).put(workspace)
        client = a_client(session, workspace_id=self.here, goodwill_minutes=480)
        session.get_one(Client, (self.here, client)).renewal_on = (NOW + timedelta(days=60)).date()
        pms = {"ACME": PETE, "APP": QUINN, "OWN": ANA}
        return client, {
            key: a_project(
                session,
                client,
                workspace_id=self.here,
                key=key,
                name=f"{key} site",
                pm_id=pm,
                channel_id=f"C_{key}",
                scope=(ScopeLine("Three page templates"), ScopeLine("Hosting", is_included=False)),
            )
            for key, pm in pms.items()
        }

    @rule(name=st.sampled_from(sorted(WITH_REQUESTS)), who=WHO, place=st.integers(0, 99), seed=SEEDS)
    def somebody_does_something(self, name: str, who: str, place: int, seed: int) -> None:
        self._try(WITH_REQUESTS[name], who, Random(seed), place)

    @rule(who=st.sampled_from(OURS), seed=SEEDS)
    def somebody_asks(self, who: str, seed: int) -> None:
        if self._count() < MOST_REQUESTS:
            self._try(submit, who, Random(seed))

    @rule(place=st.integers(0, 99), seed=SEEDS)
    def the_next_thing_happens(self, place: int, seed: int) -> None:
        self._go_on(place, Random(seed))

    @rule(place=st.integers(0, 99), seed=SEEDS)
    def one_thing_follows_the_other(self, place: int, seed: int) -> None:
        chance = Random(seed)
        for _ in range(4):
            self._go_on(place, chance)

    @rule(name=st.sampled_from(sorted(AROUND)), who=st.sampled_from([*OURS, OLGA, OLGA, GUEST]), seed=SEEDS)
    def something_changes_around_them(self, name: str, who: str, seed: int) -> None:
        self._try(AROUND[name], who, Random(seed))

    @rule(place=st.integers(0, 2), seed=SEEDS)
    def one_request_goes_a_long_way(self, place: int, seed: int) -> None:
        chance = Random(seed)
        for _ in range(9):
            self._go_on(place, chance)

    @rule(by=SPANS)
    def time_passes(self, by: timedelta) -> None:
        self.now += by
        for _ in range(2):  # the second tick finds nothing more to do, or goes on where the first one ended
            for tick in TICKS.values():
                self.runner.run_now(tick, self.now)
        self.runner.read_now(check_after_ticks, self.here, self.now)

    @invariant()
    def the_rows_keep_their_promises(self) -> None:
        if hasattr(self, "projects"):
            type(self).walked += 1
            self.runner.read_now(check, self.here, self.now)

    def _go_on(self, place: int, chance: Random) -> None:
        """What usually comes next where a request is, done by whoever usually does it."""
        request = self.runner.read_now(self._one, place)
        usual = NEXT.get(request.state) if request is not None else None
        if usual:
            who, name = chance.choice(usual)
            self._try(WITH_REQUESTS[name], who, chance, place)

    def _try(self, act: Act, who: str, chance: Random, place: int = 0) -> None:
        """Try an act; when it is refused, the refusal has a sentence; the request it is about can be drawn."""
        request = self.runner.read_now(self._one, place)

        def step(session: Session) -> None:
            act(self._step(session, request, who, chance))

        refused: Refusal | None = None
        try:
            self.runner.run_now(step)
        except Refusal as refusal:
            refused = refusal
        if refused is not None:
            assert explain(refused, Reading(ZoneInfo("Europe/Madrid"), self.now)).strip()
        if request is not None:
            self.runner.read_now(self._draw, request.id)

    def _step(self, session: Session, request: ChangeRequest | None, who: str, chance: Random) -> Step:
        roles = {"director": MAX}
        if request is not None:
            roles |= {"holder": request.ball_holder_id or OLGA}
            roles |= {"decider": request.decider_id, "requester": request.requester_id}
            roles |= {"manager": session.get_one(Project, (self.here, request.project_id)).pm_id}
        revision = (request.revision if request is not None else 1) - (chance.random() < 0.05)
        return Step(
            session=session,
            workspace_id=self.here,
            now=self.now,
            chance=chance,
            projects=self.projects,
            client_id=self.client,
            request_id=request.id if request is not None else UUID(int=0),
            revision=revision,
            person=roles.get(who, who),
            others=[other.id for other in self._all(session)],
        )

    def _one(self, session: Session, place: int) -> ChangeRequest | None:
        requests = self._all(session)
        return requests[place % len(requests)] if requests else None

    def _count(self) -> int:
        return len(self.runner.read_now(self._all))

    def _all(self, session: Session) -> list[ChangeRequest]:
        query = (
            select(ChangeRequest).where(ChangeRequest.workspace_id == self.here).order_by(ChangeRequest.id)
        )
        found = list(session.scalars(query))
        session.expunge_all()
        return found

    def _draw(self, session: Session, request_id: UUID) -> None:
        facts = repository.card_facts(session, workspace_id=self.here, request_id=request_id)
        for message in (card(facts), safe_card(facts)):
            assert message.text
            assert check_blocks(list(message.blocks), "message") == []
            assert "<!channel>" not in " ".join([message.text, *_marked_up(list(message.blocks))])
        for person in (facts.requester.id, facts.decider.id, MAX):
            view = more_modal(facts, person).payload()
            assert check_view(view, "modal") == []
            assert "<!channel>" not in " ".join(_marked_up(view))


def _marked_up(drawn: Any) -> Iterator[str]:
    """Every text in which Slack reads markup: what somebody typed must not call anybody there."""
    if isinstance(drawn, list):
        for part in drawn:
            yield from _marked_up(part)
    elif isinstance(drawn, dict):
        if drawn.get("type") == "mrkdwn":
            yield drawn["text"]
        yield from _marked_up(list(drawn.values()))


def live(engine: Engine, how: settings) -> int:
    """Live as many lives as the settings say, on this database; how many steps they took."""
    runner = Runner(engine)
    machine = type("Lives", (Lives,), {"runner": runner})
    quiet = settings(how, deadline=None, suppress_health_check=list(HealthCheck))
    try:
        run_state_machine_as_test(machine, settings=quiet)
    finally:
        runner.close()
    return machine.walked


def test_whatever_people_do_the_rows_keep_their_promises(engine: Engine, note: Callable[[str], None]) -> None:
    steps = live(engine, LONG if LIVES else SHORT)
    if LIVES:
        note(f"{steps} steps of {LIVES} lives on {engine.dialect.name}")
