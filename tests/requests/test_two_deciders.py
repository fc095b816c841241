"""Two people at once: one of them is first, the other is told who was; nothing is done twice and nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, ExceptionContext, event, func, select
from sqlalchemy.orm import Session

from bot.db.runner import Runner
from bot.errors import Refusal, WrongFields
from bot.inbox.service import is_first
from bot.ledger.models import Funding, FundingEntry
from bot.ledger.service import GoodwillSpent
from bot.outbox.models import Notice
from bot.portfolio.models import Baseline, Project
from bot.requests import deciding, service
from bot.requests.models import BallInterval, ChangeRequest, Decision, Event, Outcome, State
from bot.requests.refusals import AlreadyDecided, NotTheDecider, NotWaiting
from tests.factories import LATER, a_bridge, a_posting, a_request, act, an_ask, some_figures
from tests.portfolio.agency import ANA, HERE, MAX, OLGA, PETE, a_client, a_project, open_agency

ROUNDS = 20
GIVEN = some_figures(60, 0, 0, {Funding.GOODWILL: 60})
GIVEN_BY_ERROR = some_figures(60, 0, 0, {Funding.AGENCY_ERROR: 60})


@dataclass
class Desk:
    """The agency's database, and several hands that reach into it at the same moment."""

    runner: Runner
    project_id: UUID
    # What the database complained about: the runner tries again, but a deadlock costs a second each time.
    conflicts: list[str]

    def request(self, project_id: UUID | None = None) -> UUID:
        """A new request that waits for Pete, with its card in Slack: every change refreshes it."""

        def log(session: Session) -> UUID:
            request = a_request(session, project_id or self.project_id)
            a_posting(session, request, ts=str(request.id)[:32])
            return request.id

        return self.runner.run_now(log)

    def at_once(self, *hands: Callable[[Session], Any]) -> list[Any]:
        """What each hand got, or what it was refused; all start together, and none waits longer than a minute."""
        start = threading.Barrier(len(hands))
        results: list[Any] = [None] * len(hands)

        def reach(place: int, hand: Callable[[Session], Any]) -> None:
            start.wait()
            try:
                results[place] = self.runner.run_now(hand)
            except Exception as error:  # a refusal is an answer, and anything else fails the test below
                results[place] = error

        threads = [
            threading.Thread(target=reach, args=(place, hand), daemon=True)
            for place, hand in enumerate(hands)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
            assert not thread.is_alive(), "two of them wait for each other"
        unexpected = [
            result for result in results if isinstance(result, Exception) and not isinstance(result, Refusal)
        ]
        assert not unexpected, unexpected
        assert not self.conflicts, self.conflicts
        return results

    def count(self, model: type, *conditions: Any) -> int:
        """How many rows there are."""
        query = select(func.count()).select_from(model).where(*conditions)
        return self.runner.read_now(lambda session: session.execute(query).scalar_one())


@pytest.fixture
def desk(engine: Engine) -> Iterator[Desk]:
    open_agency(engine)
    runner = Runner(engine)

    def settle(session: Session) -> UUID:
        return a_project(session, a_client(session, goodwill_minutes=60))

    conflicts: list[str] = []

    @event.listens_for(engine, "handle_error")
    def _(context: ExceptionContext) -> None:
        conflicts.append(str(context.original_exception))

    yield Desk(runner, runner.run_now(settle), conflicts)
    runner.close()


def accepting(request_id: UUID, *, by: str = PETE, figures: deciding.Figures | None = None):
    return lambda session: deciding.accept(
        session, act(by, LATER), request_id=request_id, revision=1, figures=figures or some_figures()
    )


def declining(request_id: UUID):
    return lambda session: deciding.decline(
        session, act(PETE, LATER), request_id=request_id, revision=1, reason="No", bridge=a_bridge()
    )


def withdrawing(request_id: UUID):
    return lambda session: service.withdraw(session, act(ANA, LATER), request_id=request_id)


def split(results: Sequence[Any]) -> tuple[list[Any], list[Refusal]]:
    """What was done, and what was refused."""
    refused = [result for result in results if isinstance(result, Refusal)]
    return [result for result in results if not isinstance(result, Refusal)], refused


def test_of_two_who_accept_one_decides_and_the_other_is_told_who_did(desk: Desk) -> None:
    for done_before in range(ROUNDS):
        request_id = desk.request()
        done, refused = split(desk.at_once(accepting(request_id), accepting(request_id)))
        assert len(done) == 1
        reference = f"ACME-{done_before + 1}"
        assert refused == [AlreadyDecided(reference, Outcome.APPROVED, "Pete", LATER)]
    assert desk.count(Decision) == desk.count(FundingEntry) == ROUNDS
    assert desk.count(Baseline) == ROUNDS + 1
    assert desk.count(Notice, Notice.kind == "decided") == ROUNDS


def test_accept_and_decline_at_once_make_one_decision(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = desk.request()
        (decision,), (refusal,) = split(desk.at_once(accepting(request_id), declining(request_id)))
        assert isinstance(refusal, AlreadyDecided)
        assert refusal.outcome is decision.outcome
    assert desk.count(Decision) == ROUNDS
    assert desk.count(Baseline) == 1 + desk.count(Decision, Decision.outcome == Outcome.APPROVED)


def test_accept_and_withdraw_at_once_leave_one_of_them(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = desk.request()
        (done,), (refusal,) = split(desk.at_once(accepting(request_id), withdrawing(request_id)))
        if isinstance(done, Decision):
            assert isinstance(refusal, AlreadyDecided)
        else:
            assert isinstance(refusal, NotWaiting)
            assert refusal.state is State.WITHDRAWN
    assert desk.count(BallInterval, BallInterval.until.is_(None)) == desk.count(Decision)


def test_a_double_click_is_one_decision(desk: Desk) -> None:
    request_id = desk.request()

    def clicked(session: Session) -> bool:
        first = is_first(session, workspace_id=HERE, key="submission:V1", now=LATER)
        if first:
            accepting(request_id)(session)
        return first

    assert sorted(desk.at_once(clicked, clicked, clicked)) == [False, False, True]
    assert desk.count(Decision) == 1


def test_requests_logged_at_once_are_numbered_without_gap_or_double(desk: Desk) -> None:
    def submitting(session: Session) -> ChangeRequest:
        return service.submit(session, act(ANA), an_ask(desk.project_id))

    def refused(session: Session) -> ChangeRequest:
        return service.submit(session, act(ANA), an_ask(desk.project_id, title=""))

    for _ in range(ROUNDS // 4):
        desk.at_once(submitting, refused, submitting, submitting, refused, submitting)

    def numbers(session: Session) -> list[int]:
        return list(session.scalars(select(ChangeRequest.number).order_by(ChangeRequest.number)))

    assert desk.runner.read_now(numbers) == list(range(1, ROUNDS + 1))


def test_two_gifts_at_once_do_not_overspend_a_clients_goodwill(desk: Desk) -> None:
    def another_month(round_: int):
        return LATER.replace(year=LATER.year + round_)

    def sibling(session: Session) -> UUID:
        client_id = session.get_one(Project, (HERE, desk.project_id)).client_id
        return a_project(session, client_id, key="APP", name="Acme App")

    other = desk.runner.run_now(sibling)
    for round_ in range(ROUNDS):
        # Two projects of one client: each accept holds its own project, so only the client can keep them apart.
        hands = [
            lambda session, request_id=request_id: deciding.accept(
                session,
                act(PETE, another_month(round_)),  # noqa: B023 (used within this round)
                request_id=request_id,
                revision=1,
                figures=GIVEN,
            )
            for request_id in (desk.request(), desk.request(other))
        ]
        done, refused = split(desk.at_once(*hands))
        assert len(done) == 1
        (refusal,) = refused
        assert isinstance(refusal, WrongFields)
        assert refusal.fields[0].why == GoodwillSpent("Acme", limit=60, left=0, asked=60)
    assert desk.count(FundingEntry) == ROUNDS


def test_a_project_given_away_while_it_is_decided_leaves_one_decider(desk: Desk) -> None:
    def giving_to(person_id: str):
        def give(session: Session) -> int:
            project = session.get_one(Project, (HERE, desk.project_id))
            project.pm_id = person_id
            return service.reroute(session, act(OLGA, LATER), project_id=desk.project_id)

        return give

    for _ in range(ROUNDS):
        desk.runner.run_now(giving_to(PETE))
        waiting = [desk.request() for _ in range(3)]
        hands = [accepting(request_id, figures=some_figures()) for request_id in waiting]
        results = desk.at_once(giving_to(MAX), *hands)
        moved, decisions = results[0], results[1:]
        refused = [result for result in decisions if isinstance(result, Refusal)]
        assert moved >= len(refused)
        assert all(isinstance(refusal, NotTheDecider) for refusal in refused)
        for request_id, result in zip(waiting, decisions, strict=True):
            if isinstance(result, Refusal):
                desk.runner.run_now(accepting(request_id, by=MAX))


def test_a_request_logged_while_the_project_is_given_away_is_not_left_behind(desk: Desk) -> None:
    def give(person_id: str):
        def giving(session: Session) -> int:
            session.get_one(Project, (HERE, desk.project_id)).pm_id = person_id
            return service.reroute(session, act(OLGA, LATER), project_id=desk.project_id)

        return giving

    def submitting(session: Session) -> UUID:
        return service.submit(session, act(ANA), an_ask(desk.project_id)).id

    for round_ in range(ROUNDS):
        new_manager = (MAX, PETE)[round_ % 2]
        desk.at_once(give(new_manager), submitting)
        behind = desk.count(ChangeRequest, ChangeRequest.decider_id != new_manager)
        assert behind == 0
    assert desk.count(Event) >= ROUNDS


def test_decisions_on_one_project_do_not_wait_for_each_other_for_ever(desk: Desk) -> None:
    # An accept refreshes the cards of the whole project, while the others hold and refresh one of them each.
    for _ in range(ROUNDS):
        one, two, three, four = (desk.request() for _ in range(4))
        hands = accepting(one), accepting(two, figures=GIVEN_BY_ERROR), declining(three), withdrawing(four)
        done, refused = split(desk.at_once(*hands))
        assert (len(done), refused) == (4, [])
