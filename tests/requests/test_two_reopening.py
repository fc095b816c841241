"""Re-openings, appeals and others at the same moment: one line of events, one decision that stands."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from bot.ledger.models import FundingEntry
from bot.requests.afterwards import reopening
from bot.requests.models import BallInterval, ChangeRequest, Decision, Event, EventKind
from bot.requests.refusals import NotNow
from tests.factories import LATER, act, name_director
from tests.portfolio.agency import ANA, OLGA, PETE
from tests.requests.test_two_deciders import ROUNDS, Desk, accepting, declining, split
from tests.requests.test_two_deciders import desk as desk  # a fixture


def reopening_it(request_id: UUID, *, by: str = PETE):
    def reopen(session: Session) -> ChangeRequest:
        return reopening.reopen(
            session, act(by, LATER), request_id=request_id, revision=1, reason="The budget came"
        )

    return reopen


def appealing(request_id: UUID):
    def appeal(session: Session) -> ChangeRequest:
        return reopening.appeal(
            session, act(ANA, LATER), request_id=request_id, revision=1, facts="The budget came"
        )

    return appeal


def test_two_who_re_open_at_once_do_so_once(desk: Desk) -> None:
    desk.runner.run_now(name_director, OLGA)
    for _ in range(ROUNDS):
        request_id = desk.request()
        desk.runner.run_now(accepting(request_id))
        hands = reopening_it(request_id), reopening_it(request_id, by=OLGA)
        done, refused = split(desk.at_once(*hands))
        assert len(done) == 1
        assert [type(refusal) for refusal in refused] == [NotNow]
    assert desk.count(Event, Event.kind == EventKind.REOPENED) == ROUNDS
    assert desk.count(FundingEntry, FundingEntry.voided_at.is_(None)) == 0


def test_an_appeal_and_a_re_opening_at_once_leave_one_of_them(desk: Desk) -> None:
    desk.runner.run_now(name_director, OLGA)
    for _ in range(ROUNDS):
        request_id = desk.request()
        desk.runner.run_now(declining(request_id))
        done, refused = split(desk.at_once(appealing(request_id), reopening_it(request_id)))
        assert len(done) == 1
        assert [type(refusal) for refusal in refused] == [NotNow]
    assert desk.count(Decision, Decision.cleared_at.is_(None)) == 0
    assert desk.count(BallInterval, BallInterval.until.is_(None)) == ROUNDS
    astray = ChangeRequest.decider_id != ChangeRequest.ball_holder_id
    assert desk.count(ChangeRequest, astray) == 0
