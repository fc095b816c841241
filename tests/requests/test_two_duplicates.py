"""Duplicates marked at the same moment as something else: nobody waits for ever, nothing is counted twice."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from bot.requests.afterwards import duplicates, reopening
from bot.requests.models import ChangeRequest, Decision, State
from bot.requests.refusals import AlreadyDecided, NotNow, NotWaiting
from tests.factories import LATER, act
from tests.portfolio.agency import ANA, PETE
from tests.requests.test_two_deciders import ROUNDS, Desk, accepting, split
from tests.requests.test_two_deciders import desk as desk  # a fixture


def marking(request_id: UUID, original_id: UUID, *, by: str = ANA):
    def mark(session: Session) -> ChangeRequest:
        return duplicates.mark_duplicate(
            session, act(by, LATER), request_id=request_id, revision=1, original_id=original_id
        )

    return mark


def reopening_it(request_id: UUID):
    def reopen(session: Session) -> ChangeRequest:
        return reopening.reopen(
            session, act(PETE, LATER), request_id=request_id, revision=1, reason="It is another page"
        )

    return reopen


def test_of_two_that_are_marked_as_each_others_duplicate_one_goes_on(desk: Desk) -> None:
    for _ in range(ROUNDS):
        one, two = desk.request(), desk.request()
        done, refused = split(desk.at_once(marking(one, two), marking(two, one, by=PETE)))
        assert (len(done), len(refused)) == (1, 1)
    assert desk.count(ChangeRequest, ChangeRequest.state == State.VOID) == ROUNDS
    assert desk.count(ChangeRequest, ChangeRequest.duplicate_count == 1) == ROUNDS


def test_a_mark_and_a_yes_at_once_leave_one_of_them(desk: Desk) -> None:
    for _ in range(ROUNDS):
        original, request_id = desk.request(), desk.request()
        done, refused = split(desk.at_once(marking(request_id, original), accepting(request_id)))
        assert len(done) == 1
        assert all(isinstance(refusal, NotNow | NotWaiting | AlreadyDecided) for refusal in refused)
    assert desk.count(ChangeRequest, ChangeRequest.state == State.VOID) + desk.count(Decision) == ROUNDS


def test_a_mark_while_the_original_is_accepted_holds_nobody_up(desk: Desk) -> None:
    for _ in range(ROUNDS):
        original, request_id = desk.request(), desk.request()
        _, refused = split(desk.at_once(marking(request_id, original), accepting(original)))
        assert refused == []
    assert desk.count(Decision) == desk.count(ChangeRequest, ChangeRequest.duplicate_count == 1) == ROUNDS


def test_two_who_take_it_up_again_do_so_once(desk: Desk) -> None:
    for _ in range(ROUNDS):
        original, request_id = desk.request(), desk.request()
        desk.runner.run_now(marking(request_id, original))
        done, refused = split(desk.at_once(reopening_it(request_id), reopening_it(request_id)))
        assert len(done) == 1
        assert [type(refusal) for refusal in refused] == [NotNow]
    assert desk.count(ChangeRequest, ChangeRequest.duplicate_count == 0) == 2 * ROUNDS
