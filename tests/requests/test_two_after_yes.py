"""Two people at once after the yes: one of them is first, the other is told."""

from __future__ import annotations

from uuid import UUID

from bot.db.runner import Runner
from bot.requests.afterwards import client_answers, delivering
from bot.requests.models import ChangeRequest, ClientAnswer, Event, EventKind, State
from bot.requests.refusals import ClientHasAnswered, NotAccepted, NotNow
from tests.factories import LATER, act
from tests.portfolio.agency import ANA, HERE, PETE
from tests.requests.test_two_deciders import Desk, accepting, desk, split

__all__ = ["desk"]

ROUNDS = 8


def accepted(desk: Desk) -> UUID:
    request_id = desk.request()
    desk.runner.run_now(accepting(request_id))
    return request_id


def answering(use_case, request_id: UUID):
    return lambda session: use_case(session, act(ANA, LATER), request_id=request_id, revision=1)


def working(use_case, request_id: UUID):
    return lambda session: use_case(session, act(PETE, LATER), request_id=request_id)


def state_of(runner: Runner, request_id: UUID) -> tuple[State, ClientAnswer]:
    def read(session):
        row = session.get_one(ChangeRequest, (HERE, request_id))
        return row.state, row.client_answer

    return runner.read_now(read)


def test_a_yes_and_a_no_of_the_client_at_once_leave_one_answer(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = accepted(desk)
        yes = answering(client_answers.client_accepted, request_id)
        no = answering(client_answers.client_declined, request_id)
        _, (refusal,) = split(desk.at_once(yes, no))
        if isinstance(refusal, ClientHasAnswered):
            assert state_of(desk.runner, request_id) == (State.APPROVED, ClientAnswer.ACCEPTED)
        else:
            assert isinstance(refusal, NotNow)
            assert state_of(desk.runner, request_id) == (State.UNDER_REVIEW, ClientAnswer.DECLINED)


def test_work_is_done_once_however_often_it_is_pressed(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = accepted(desk)
        done = working(delivering.delivered, request_id)
        (_,), (refusal,) = split(desk.at_once(done, done))
        assert isinstance(refusal, NotAccepted)
    assert desk.count(Event, Event.kind == EventKind.IMPLEMENTED) == ROUNDS


def test_done_and_the_clients_no_at_once_never_leave_done_work_without_a_decider(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = accepted(desk)
        done = working(delivering.delivered, request_id)
        no = answering(client_answers.client_declined, request_id)
        desk.at_once(done, no)
        assert state_of(desk.runner, request_id) == (State.UNDER_REVIEW, ClientAnswer.DECLINED)


def test_two_clocks_let_an_answer_expire_once(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = accepted(desk)
        desk.runner.run_now(
            lambda session, request_id=request_id: client_answers.sent_to_client(
                session, act(ANA, LATER), request_id=request_id, revision=1, valid_until=LATER.date()
            )
        )
        later = LATER.replace(year=LATER.year + 1)
        results = desk.at_once(*[lambda session: client_answers.expire_answers(session, later)] * 3)  # noqa: B023
        assert sum(results) == 1
    assert desk.count(Event, Event.kind == EventKind.ANSWER_EXPIRED) == ROUNDS
