"""Two people at once around a question: one of them is first, and the other is told what happened."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from bot.requests.bargaining import asking
from bot.requests.bargaining.question_models import Question
from bot.requests.models import BallInterval, Decision, Event
from bot.requests.refusals import AlreadyAnswered, AlreadyDecided, NothingAsked, QuestionWaits
from tests.factories import LATER, act
from tests.portfolio.agency import ANA, PETE
from tests.requests.test_two_deciders import ROUNDS, Desk, accepting, split
from tests.requests.test_two_deciders import desk as desk  # a fixture


def asking_for(request_id: UUID):
    def ask(session: Session) -> Question:
        return asking.ask_for_info(
            session, act(PETE, LATER), request_id=request_id, revision=1, question="Which tool?"
        )

    return ask


def answering(request_id: UUID):
    def answer(session: Session) -> Question:
        return asking.answer(
            session, act(ANA, LATER), request_id=request_id, revision=1, number=1, words="Mailchimp"
        )

    return answer


def test_a_question_pressed_twice_is_asked_once(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = desk.request()
        done, refused = split(desk.at_once(asking_for(request_id), asking_for(request_id)))
        assert len(done) == 1
        assert [type(refusal) for refusal in refused] == [QuestionWaits]
    assert desk.count(Question) == ROUNDS
    assert desk.count(BallInterval) == 2 * ROUNDS


def test_a_question_and_a_yes_at_once_leave_a_request_that_is_decided_or_asked_about(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = desk.request()
        done, refused = split(desk.at_once(asking_for(request_id), accepting(request_id)))
        # A yes after the question stands; a question after the yes does not.
        assert all(isinstance(refusal, AlreadyDecided) for refusal in refused)
        assert len(done) + len(refused) == 2
    assert desk.count(Decision) == ROUNDS


def test_an_answer_and_a_yes_at_once_leave_a_request_that_is_decided(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = desk.request()
        desk.runner.run_now(asking_for(request_id))
        _, refused = split(desk.at_once(answering(request_id), accepting(request_id)))
        assert all(isinstance(refusal, NothingAsked) for refusal in refused)
    assert desk.count(Decision) == ROUNDS
    assert desk.count(BallInterval, BallInterval.until.is_(None)) == ROUNDS


def test_an_answer_pressed_twice_is_given_once(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = desk.request()
        desk.runner.run_now(asking_for(request_id))
        done, refused = split(desk.at_once(answering(request_id), answering(request_id)))
        assert len(done) == 1
        assert [type(refusal) for refusal in refused] == [AlreadyAnswered]
    assert desk.count(Event) == 3 * ROUNDS
