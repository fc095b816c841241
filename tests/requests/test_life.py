"""Lives of requests at random: whatever people do, in whatever order, the rows stay what the design promises.

A life is a workspace of its own beside another that nobody may touch. Every step is predicted by the model in
`life.py` and compared by `life_checks.py`. The suite lives a few short lives; the long form, 20,000 steps and more
on each database, is

    HANDOFF_LIVES=450 ./handoff test tests/requests/test_life.py
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.db.runner import Runner
from bot.errors import WrongFields
from bot.ledger.models import Funding
from bot.people.models import Actor, Person
from bot.portfolio import service as portfolio
from bot.portfolio.forms import Figures as Agreed
from bot.portfolio.refusals import AlreadyClosed
from bot.requests import deciding, service
from bot.requests.afterwards.client_answers import client_accepted
from bot.requests.afterwards.delivering import delivered
from bot.requests.deciding import MOST_MINOR, MOST_MINUTES, Figures
from bot.requests.models import EventKind, State
from bot.requests.refusals import NoSuchRequest
from bot.requests.service import Ask
from bot.workspaces.models import Workspace
from tests.factories import a_bridge, a_request, accept
from tests.portfolio.agency import (
    AGREED,
    ANA,
    GUEST,
    MAX,
    NOW,
    OLGA,
    PEOPLE,
    PETE,
    a_client,
    a_client_form,
    a_project,
    a_project_form,
    settle,
)
from tests.requests.life import DECIDED, AgencyModel, PersonModel, ProjectModel, RequestModel
from tests.requests.life_checks import check, everything_of

LIVES = int(os.environ.get("HANDOFF_LIVES", "0"))
# The short form lives the same lives every time: who submits something else must not be stopped by chance.
SHORT = settings(max_examples=6, stateful_step_count=25, derandomize=True)
LONG = settings(max_examples=LIVES or 1, stateful_step_count=60)

NOBODY = "U_NOBODY"
RIGHT = "whoever may"
ANYBODY = st.sampled_from([*[RIGHT] * 12, ANA, PETE, MAX, OLGA, GUEST, NOBODY])
# Olga, a Slack admin, makes every change of the set-up, so she stays.
COLLEAGUES = st.sampled_from([ANA, PETE, MAX])
OWNERS = st.sampled_from([ANA, PETE, MAX, OLGA])
PROJECTS = st.sampled_from(["ACME", "APP"])
ANY_REQUEST = st.integers(0, 10_000)
MINUTES = st.sampled_from([0, 1, 45, 180, 600, MOST_MINUTES])
TEXT = st.sampled_from(["Add a form", "Add a form", "a\x00b", "🎉 <!channel>", "=cmd()", " "])
HOURS_ASKED = st.sampled_from([None, 0, 45, 180, 180, 600, MOST_MINUTES, -1, MOST_MINUTES + 1])
DAYS_AHEAD = st.sampled_from([None, None, None, 0, 1, 30, -1])
SPANS = st.sampled_from(
    [timedelta(seconds=-2), timedelta(seconds=1), timedelta(hours=7), timedelta(days=3), timedelta(days=20)]
)
WORKSPACES = itertools.count(1)


@st.composite
def figures(draw: st.DrawFn) -> Figures:
    """Mostly figures that can be, sometimes not."""
    parts = draw(st.dictionaries(st.sampled_from(Funding), MINUTES, min_size=1, max_size=3))
    minutes = sum(parts.values()) + draw(st.sampled_from([*[0] * 12, 15]))
    fee = draw(st.sampled_from([0, 0, 0, 360_00, 360_00, MOST_MINOR, MOST_MINOR + 1, -1]))
    if Funding.CHANGE_ORDER not in parts and draw(st.integers(0, 9)):
        fee = 0
    return Figures(minutes, fee, draw(st.sampled_from([*[0] * 6, 2, 30, -1])), parts)


class Life(RuleBasedStateMachine):
    """One workspace, from its opening on."""

    runner: Runner
    walked = 0

    @initialize(goodwill=st.sampled_from([0, 60, 480]))
    def open(self, goodwill: int) -> None:
        number = next(WORKSPACES)
        self.here, self.elsewhere, self.now = f"T{number}A", f"T{number}B", NOW
        self.client, projects = self.runner.run_now(self._settle, self.here, goodwill)
        self.runner.run_now(self._live_a_little, self.elsewhere)
        self.untouched = self.runner.read_now(everything_of, self.elsewhere)
        self.model = AgencyModel(
            people={facts.id: PersonModel(facts.zone, facts.is_external) for facts in PEOPLE},
            projects={key: ProjectModel(it, PETE, [AGREED], AGREED) for key, it in projects.items()},
            am=ANA,
            goodwill=goodwill,
        )

    def _settle(self, session: Session, workspace_id: str, goodwill: int) -> tuple[UUID, dict[str, UUID]]:
        settle(session, workspace_id)
        client = a_client(session, workspace_id=workspace_id, goodwill_minutes=goodwill)
        names = {"ACME": "Acme Website", "APP": "Acme App"}
        return client, {
            key: a_project(session, client, workspace_id=workspace_id, key=key, name=name)
            for key, name in names.items()
        }

    def _live_a_little(self, session: Session, workspace_id: str) -> None:
        _, projects = self._settle(session, workspace_id, 60)
        accept(session, a_request(session, projects["ACME"], workspace_id=workspace_id))
        a_request(session, projects["ACME"], workspace_id=workspace_id)

    # --- what people do with requests

    @rule(who=ANYBODY, project=PROJECTS, title=TEXT, minutes=HOURS_ASKED, days=DAYS_AHEAD)
    def submit(self, who: str, project: str, title: str, minutes: int | None, days: int | None) -> None:
        able = [person for person in (ANA, PETE, MAX) if self.model.refused(person) is None]
        person = (able or [OLGA])[len(self.model.requests) % len(able or [OLGA])] if who == RIGHT else who
        needed_by = None if days is None else (self.now + timedelta(days=days)).date()
        ask = Ask(self.model.projects[project].id, title, title, needed_by=needed_by, minutes=minutes)
        refused = self.model.submit_refused(person, project, ask, self.now)
        request = self._do(refused, service.submit, person, ask=ask)
        if request is not None:
            of = self.model.projects[project]
            of.last_number += 1
            decider = self.model.decider(project, person)
            assert decider is not None
            assert request.reference == f"{project}-{of.last_number}"
            self.model.requests.append(
                RequestModel(request.id, project, of.last_number, person, decider, [(decider, self.now)])
            )

    @precondition(lambda self: self.model.requests)
    @rule(place=ANY_REQUEST, who=ANYBODY, said=figures(), revision=st.sampled_from([1, 1, 1, 1, 2]))
    def accept(self, place: int, who: str, said: Figures, revision: int) -> None:
        request = self._request(place, who, of=waits)
        person = request.decider if who == RIGHT else who
        refused = self.model.decide_refused(person, request, revision)
        refused = refused or self.model.figures_refused(person, request, said, self.now)
        key = {"request_id": request.id, "revision": revision}
        if self._do(refused, deciding.accept, person, figures=said, **key):
            self.model.accepted(request, said, self.now)

    @precondition(lambda self: self.model.requests)
    @rule(place=ANY_REQUEST, who=ANYBODY, reason=TEXT)
    def decline(self, place: int, who: str, reason: str) -> None:
        request = self._request(place, who, of=waits)
        person = request.decider if who == RIGHT else who
        refused = self.model.decide_refused(person, request, 1)
        refused = refused or (None if reason.strip() else WrongFields)
        said = {"revision": 1, "reason": reason, "bridge": a_bridge()}
        if self._do(refused, deciding.decline, person, request_id=request.id, **said):
            self.model.decided(request, State.REJECTED, EventKind.REJECTED, self.now)

    @precondition(lambda self: self.model.requests)
    @rule(place=ANY_REQUEST, who=ANYBODY, reason=TEXT)
    def withdraw(self, place: int, who: str, reason: str) -> None:
        request = self._request(place, who, of=waits)
        person = request.requester if who == RIGHT else who
        refused = self.model.withdraw_refused(person, request)
        if self._do(refused, service.withdraw, person, request_id=request.id, reason=reason):
            self.model.withdrawn(request, self.now)

    @precondition(lambda self: self.model.requests)
    @rule(place=ANY_REQUEST, who=ANYBODY)
    def tell(self, place: int, who: str) -> None:
        request = self._request(place, who, of=is_owed)
        person = request.requester if who == RIGHT else who
        refused = self.model.tell_refused(person, request)
        if self._do(refused, service.client_told, person, request_id=request.id):
            self.model.client_told(request, self.now)

    @precondition(lambda self: self.model.requests)
    @rule(place=ANY_REQUEST, who=ANYBODY)
    def agree(self, place: int, who: str) -> None:
        request = self._request(place, who, of=is_owed_a_yes)
        person = request.requester if who == RIGHT else who
        refused = self.model.agree_refused(person, request)
        if self._do(refused, client_accepted, person, request_id=request.id, revision=1):
            self.model.client_agreed(request, self.now)

    @precondition(lambda self: self.model.requests)
    @rule(place=ANY_REQUEST, who=ANYBODY)
    def finish(self, place: int, who: str) -> None:
        request = self._request(place, who, of=is_promised)
        person = self.model.projects[request.project].pm if who == RIGHT else who
        refused = self.model.done_refused(person, request)
        if self._do(refused, delivered, person, request_id=request.id):
            self.model.done(request, self.now)

    @precondition(lambda self: self.model.requests)
    @rule(place=ANY_REQUEST, person=OWNERS, said=figures())
    def reach_across(self, place: int, person: str, said: Figures) -> None:
        """Somebody of the same name in the other workspace knows the id: it does not exist for them."""
        key = {"request_id": self._request(place).id}
        actor = Actor(self.elsewhere, person, self.now)
        for use_case, more in (
            (deciding.accept, {"revision": 1, "figures": said}),
            (deciding.decline, {"revision": 1, "reason": "no", "bridge": a_bridge()}),
            (service.withdraw, {}),
            (service.client_told, {}),
            (delivered, {}),
            (client_accepted, {"revision": 1}),
        ):
            with pytest.raises(NoSuchRequest):
                self.runner.run_now(use_case, actor, **key, **more)  # type: ignore[operator]

    # --- the same as most people do it, so that lives go somewhere

    @rule(project=PROJECTS, promised=HOURS_ASKED)
    def log(self, project: str, promised: int | None) -> None:
        self.submit(RIGHT, project, "Add a form", promised, None)

    @precondition(lambda self: any(waits(request) for request in self.model.requests))
    @rule(place=ANY_REQUEST, minutes=MINUTES, paid_by=st.sampled_from(Funding), rest=st.sampled_from(Funding))
    def accept_as_asked(self, place: int, minutes: int, paid_by: Funding, rest: Funding) -> None:
        parts = {paid_by: minutes} if rest is paid_by else {paid_by: minutes, rest: 15}
        fee = 360_00 if Funding.CHANGE_ORDER in parts else 0
        self.accept(place, RIGHT, Figures(sum(parts.values()), fee, 1, parts), 1)

    @precondition(lambda self: any(is_owed(request) for request in self.model.requests))
    @rule(place=ANY_REQUEST)
    def tell_as_owed(self, place: int) -> None:
        self.tell(place, RIGHT)

    # --- what changes around them

    @rule(by=SPANS)
    def time_passes(self, by: timedelta) -> None:
        self.now += by

    @rule(project=PROJECTS, person=OWNERS, at=st.sampled_from([None, None, 0, 30]))
    def edit_project(self, project: str, person: str, at: int | None) -> None:
        """It is given to somebody, and perhaps its hours are corrected (by so many more than agreed)."""
        of = self.model.projects[project]
        said = (
            None if at is None else Agreed(of.agreed.minutes + at, of.agreed.budget_minor, of.agreed.due_on)
        )
        names = {"ACME": "Acme Website", "APP": "Acme App"}
        form = a_project_form(self.client, key=project, name=names[project], pm_id=person, figures=said)
        frozen = of.approvals and said not in (None, of.agreed, of.versions[-1])
        refused = WrongFields if self.model.refused(person) or frozen else None

        def edit(session: Session, actor: Actor) -> bool:
            portfolio.edit_project(session, actor, project_id=of.id, form=form)
            service.reroute(session, actor, project_id=of.id)
            return True

        if self._do(refused, edit, OLGA):
            of.pm = person
            if said is not None and not of.approvals and said != of.versions[-1]:
                of.versions.append(said)
                of.agreed = said
            self.model.rerouted(project, self.now)

    @rule(person=OWNERS)
    def edit_client(self, person: str) -> None:
        form = a_client_form(am_id=person, goodwill_minutes=self.model.goodwill)

        def edit(session: Session, actor: Actor) -> bool:
            portfolio.edit_client(session, actor, client_id=self.client, form=form)
            self._reroute_all(session, actor)
            return True

        if self._do(WrongFields if self.model.refused(person) else None, edit, OLGA):
            self.model.am = person
            self._rerouted_all()

    @rule(person=st.sampled_from([None, OLGA, OLGA, ANA, PETE, MAX]))
    def name_director(self, person: str | None) -> None:
        def name(session: Session, actor: Actor) -> bool:
            session.get_one(Workspace, self.here).director_id = person
            self._reroute_all(session, actor)
            return True

        self._do(None, name, OLGA)
        self.model.director = person
        self._rerouted_all()

    @rule(person=COLLEAGUES, is_active=st.sampled_from([True, True, False]), reroute=st.booleans())
    def come_or_go(self, person: str, is_active: bool, reroute: bool) -> None:
        def change(session: Session, actor: Actor) -> bool:
            session.get_one(Person, (self.here, person)).is_active = is_active
            if reroute:
                self._reroute_all(session, actor)
            return True

        self._do(None, change, OLGA)
        self.model.people[person].is_active = is_active
        if reroute:
            self._rerouted_all()

    @rule(project=PROJECTS, close=st.sampled_from([True, False, False]))
    def close_or_reopen(self, project: str, close: bool) -> None:
        of = self.model.projects[project]
        change = portfolio.close_project if close else portfolio.reopen_project
        self._do(AlreadyClosed if close and of.is_closed else None, change, OLGA, project_id=of.id)
        of.is_closed = close

    # --- what always holds

    @invariant()
    def rows_are_what_they_should_be(self) -> None:
        if hasattr(self, "model"):
            type(self).walked += 1
            self.runner.read_now(check, self.here, self.model)

    def teardown(self) -> None:
        if hasattr(self, "untouched"):
            assert self.runner.read_now(everything_of, self.elsewhere) == self.untouched

    # --- how

    def _do(
        self, refused: type[Exception] | None, use_case: Callable[..., Any], person: str, **said: Any
    ) -> Any:
        """The result; nothing when it was refused as predicted."""
        actor = Actor(self.here, person, self.now)
        if refused is None:
            return self.runner.run_now(use_case, actor, **said)
        with pytest.raises(refused):
            self.runner.run_now(use_case, actor, **said)
        return None

    def _request(
        self, place: int, who: str = "", *, of: Callable[[RequestModel], bool] = bool
    ) -> RequestModel:
        """Any request; for whoever may, one of those where there is something to do, if there are any."""
        fitting = [request for request in self.model.requests if who == RIGHT and of(request)]
        among = fitting or self.model.requests
        return among[place % len(among)]

    def _reroute_all(self, session: Session, actor: Actor) -> None:
        for project in self.model.projects.values():
            service.reroute(session, actor, project_id=project.id)

    def _rerouted_all(self) -> None:
        for project in self.model.projects:
            self.model.rerouted(project, self.now)


def waits(request: RequestModel) -> bool:
    """Whether somebody still has to say yes or no."""
    return request.state is State.UNDER_REVIEW


def is_owed(request: RequestModel) -> bool:
    """Whether the client still has to hear the answer."""
    return request.state in DECIDED and not request.told


def is_owed_a_yes(request: RequestModel) -> bool:
    """Whether the client has to say yes to what they pay for."""
    return request.state in {State.APPROVED, State.IMPLEMENTED} and request.is_billable and not request.agreed


def is_promised(request: RequestModel) -> bool:
    """Whether the client was told yes, and it is not done."""
    return request.state is State.APPROVED and request.told


def live(engine: Engine, how: settings) -> int:
    """Live as many lives as the settings say, on this database; how many steps they took."""
    runner = Runner(engine)
    machine = type("Life", (Life,), {"runner": runner})
    quiet = settings(how, deadline=None, suppress_health_check=list(HealthCheck))
    try:
        run_state_machine_as_test(machine, settings=quiet)  # type: ignore[no-untyped-call]
    finally:
        runner.close()
    return machine.walked


def test_whatever_people_do_the_rows_keep_their_promises(engine: Engine, note: Callable[[str], None]) -> None:
    steps = live(engine, LONG if LIVES else SHORT)
    if LIVES:
        note(f"{steps} steps of {LIVES} lives on {engine.dialect.name}")
