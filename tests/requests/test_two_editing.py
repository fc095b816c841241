"""An edit and somebody else at the same moment: what was decided was decided on what stood there."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.ledger.models import FundingEntry
from bot.requests import editing
from bot.requests.models import BallInterval, ChangeRequest, Decision
from bot.requests.refusals import NothingChanged, Outdated
from tests.factories import LATER, act, an_ask
from tests.portfolio.agency import ANA
from tests.requests.test_two_deciders import ROUNDS, Desk, accepting, declining, split
from tests.requests.test_two_deciders import desk as desk  # a fixture


def editing_it(desk: Desk, request_id: UUID, *, minutes: int = 300):
    def edit(session: Session) -> ChangeRequest:
        ask = replace(an_ask(desk.project_id), minutes=minutes)
        return editing.edit(session, act(ANA, LATER), request_id=request_id, revision=1, ask=ask)

    return edit


def test_an_edit_and_a_yes_at_once_leave_nothing_that_was_accepted_unseen(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = desk.request()
        _, refused = split(desk.at_once(editing_it(desk, request_id), accepting(request_id)))
        # Either the yes came first and was taken back, or it came too late.
        assert all(isinstance(refusal, Outdated) for refusal in refused)
    assert desk.count(ChangeRequest, ChangeRequest.revision == 2) == ROUNDS
    assert desk.count(Decision, Decision.cleared_at.is_(None)) == 0
    assert desk.count(FundingEntry, FundingEntry.voided_at.is_(None)) == 0
    assert desk.count(BallInterval, BallInterval.until.is_(None)) == ROUNDS


def test_an_edit_and_a_no_at_once_leave_a_request_that_waits(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = desk.request()
        _, refused = split(desk.at_once(editing_it(desk, request_id), declining(request_id)))
        assert all(isinstance(refusal, Outdated) for refusal in refused)
    states = desk.runner.read_now(lambda session: set(session.scalars(select(ChangeRequest.state))))
    assert {state.value for state in states} == {"under_review"}


def test_of_two_edits_at_once_one_is_told_to_look_again(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = desk.request()
        hands = editing_it(desk, request_id), editing_it(desk, request_id, minutes=240)
        done, refused = split(desk.at_once(*hands))
        assert len(done) == 1
        assert [type(refusal) for refusal in refused] == [Outdated]


def test_the_same_edit_twice_is_one_revision(desk: Desk) -> None:
    request_id = desk.request()
    done, refused = split(desk.at_once(*[editing_it(desk, request_id)] * 3))
    assert len(done) == 1
    assert {type(refusal) for refusal in refused} <= {Outdated, NothingChanged}
