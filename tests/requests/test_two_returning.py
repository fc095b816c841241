"""Two at once over what was put off: it is decided once, comes back once, and is asked again or let go, not both."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.requests import deciding
from bot.requests.afterwards import returning
from bot.requests.models import ChangeRequest, Decision, Event, EventKind, Outcome, State
from bot.requests.refusals import AlreadyDecided, NotNow
from tests.factories import LATER, act
from tests.portfolio.agency import ANA, HERE, PETE
from tests.requests.test_two_deciders import Desk, accepting, desk, split

__all__ = ["desk"]

ROUNDS = 6
DAY = date(2027, 3, 15)
MORNING = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)


def deferring(request_id):
    return lambda session: deciding.defer(
        session, act(PETE, LATER), request_id=request_id, revision=1, reason="Not now", until=DAY
    )


def test_defer_and_accept_at_once_make_one_decision(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = desk.request()
        (decision,), (refusal,) = split(desk.at_once(deferring(request_id), accepting(request_id)))
        assert isinstance(refusal, AlreadyDecided)
        assert refusal.outcome is decision.outcome
    assert desk.count(Decision) == ROUNDS


def test_three_clocks_bring_it_back_once(desk: Desk) -> None:
    for _ in range(ROUNDS):
        desk.runner.run_now(deferring(desk.request()))
    waking = [lambda session: returning.wake_deferred(session, MORNING)] * 3
    assert sum(desk.at_once(*waking)) == ROUNDS
    assert desk.count(Event, Event.kind == EventKind.CAME_BACK) == ROUNDS
    assert desk.count(Decision, Decision.outcome == Outcome.DEFERRED, Decision.cleared_at.is_(None)) == 0


def test_asked_again_and_let_go_at_once_is_one_of_them(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = desk.request()
        desk.runner.run_now(deferring(request_id))
        desk.runner.run_now(returning.wake_deferred, MORNING)
        hands = [
            lambda session, use_case=use_case, request_id=request_id: use_case(
                session, act(ANA, MORNING), request_id=request_id, revision=1
            )
            for use_case in (returning.ask_again, returning.let_go)
        ]
        (_,), (refusal,) = split(desk.at_once(*hands))
        assert isinstance(refusal, NotNow)
        state = desk.runner.read_now(
            lambda session, request_id=request_id: session.get_one(ChangeRequest, (HERE, request_id)).state
        )
        assert state in {State.UNDER_REVIEW, State.WITHDRAWN}
