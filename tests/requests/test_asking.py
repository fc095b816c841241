from __future__ import annotations

import pytest

from bot.errors import WrongFields
from bot.people.refusals import ExternalPerson, UnknownPerson
from bot.portfolio.models import Project
from bot.requests import service
from bot.requests.bargaining import asking, questions
from bot.requests.models import EventKind, State
from bot.requests.refusals import (
    AlreadyAnswered,
    AlreadyDecided,
    Missing,
    NoSuchRequest,
    NothingAsked,
    NotTheDecider,
    NotTheRequester,
    NotWaiting,
    Outdated,
    OwnRequest,
    QuestionWaits,
)
from tests.factories import LATER, a_request, accept, act, events_of, intervals_of, notices_about, send_away
from tests.portfolio.agency import ANA, GUEST, HERE, MAX, NOW, OLGA, PETE


def ask(session, request, question="Which tool?", *, by=PETE, revision=1, now=LATER):
    return asking.ask_for_info(
        session, act(by, now), request_id=request.id, revision=revision, question=question
    )


def answer(session, request, words="Mailchimp", *, by=ANA, number=1, revision=1, now=LATER):
    return asking.answer(
        session, act(by, now), request_id=request.id, revision=revision, number=number, words=words
    )


def test_a_question_gives_the_ball_to_who_logged_it_and_the_answer_brings_it_back(
    session, project_id
) -> None:
    request = a_request(session, project_id)
    ask(session, request, " Which\x00 tool? ")
    assert (request.state, request.ball_holder_id, request.is_open) == (State.NEEDS_INFO, ANA, True)
    answer(session, request)
    assert (request.state, request.ball_holder_id) == (State.UNDER_REVIEW, PETE)
    assert [(i.holder_id, i.since, i.until) for i in intervals_of(session, request)] == [
        (PETE, NOW, LATER),
        (ANA, LATER, LATER),
        (PETE, LATER, None),
    ]
    assert [(event.kind, event.facts) for event in events_of(session, request)[1:]] == [
        (EventKind.INFO_ASKED, {"number": 1, "question": "Which tool?"}),
        (EventKind.INFO_ANSWERED, {"number": 1, "answer": "Mailchimp"}),
    ]
    assert request.version == 3


def test_the_thread_hears_of_both_and_the_am_in_private_of_the_question(session, project_id) -> None:
    request = a_request(session, project_id)
    question = ask(session, request)
    answer(session, request)
    facts = {"question_id": str(question.id)}
    told = [(n.kind, n.destination, n.facts) for n in notices_about(session, request)[1:]]
    assert told == [
        ("question", "C_ACME", facts),
        ("question_in_private", ANA, facts),
        ("answered", "C_ACME", facts),
    ]


def test_every_round_is_kept(session, project_id) -> None:
    request = a_request(session, project_id)
    for number in (1, 2, 3):
        ask(session, request, f"Question {number}")
        answer(session, request, f"Answer {number}", number=number)
    kept = [questions.row(session, request, number) for number in (1, 2, 3)]
    assert [(q.text, q.answer) for q in kept if q] == [(f"Question {n}", f"Answer {n}") for n in (1, 2, 3)]
    newest = questions.newest(session, request)
    assert newest is not None
    assert (newest.number, newest.by.name, newest.answered_by and newest.answered_by.name) == (
        3,
        "Pete",
        "Ana",
    )


def test_one_question_at_a_time(session, project_id) -> None:
    request = a_request(session, project_id)
    ask(session, request)
    with pytest.raises(QuestionWaits) as caught:
        ask(session, request, "And?")
    assert caught.value == QuestionWaits("ACME-1", "Ana", LATER)


def test_the_decider_may_decide_meanwhile_and_the_question_stays_unanswered(session, project_id) -> None:
    request = a_request(session, project_id)
    ask(session, request)
    accept(session, request)
    assert (request.state, request.ball_holder_id) == (State.APPROVED, ANA)
    with pytest.raises(NothingAsked) as caught:
        answer(session, request)
    assert caught.value == NothingAsked("ACME-1", State.APPROVED)


@pytest.mark.parametrize(
    ("person", "refusal"),
    [(MAX, NotTheDecider), (OLGA, NotTheDecider), (ANA, OwnRequest), (GUEST, ExternalPerson)],
)
def test_only_the_decider_asks(session, project_id, person, refusal) -> None:
    request = a_request(session, project_id)
    with pytest.raises(refusal):
        ask(session, request, by=person)


@pytest.mark.parametrize("person", [MAX, PETE, OLGA])
def test_only_who_logged_it_answers(session, project_id, person) -> None:
    request = a_request(session, project_id)
    ask(session, request)
    with pytest.raises(NotTheRequester):
        answer(session, request, by=person)


def test_who_was_given_the_ball_in_their_place_answers_too(session, project_id) -> None:
    request = a_request(session, project_id)
    ask(session, request)
    request.ball_holder_id = MAX
    session.flush()
    assert answer(session, request, by=MAX).answered_by == MAX


def test_who_left_neither_asks_nor_answers(session, project_id) -> None:
    request = a_request(session, project_id)
    ask(session, request)
    send_away(session, ANA)
    with pytest.raises(UnknownPerson):
        answer(session, request)


def test_a_question_is_answered_once(session, project_id) -> None:
    request = a_request(session, project_id)
    ask(session, request)
    answer(session, request)
    with pytest.raises(AlreadyAnswered) as caught:
        answer(session, request, "Again")
    assert caught.value == AlreadyAnswered("ACME-1", "Ana", LATER)


def test_an_answer_to_the_question_before_does_not_answer_the_next(session, project_id) -> None:
    request = a_request(session, project_id)
    ask(session, request)
    answer(session, request)
    ask(session, request, "And who pays?")
    with pytest.raises(AlreadyAnswered):
        answer(session, request, "To the first", number=1)
    assert request.state is State.NEEDS_INFO


def test_nothing_is_asked_about_what_is_decided_or_withdrawn(session, project_id) -> None:
    decided, withdrawn = a_request(session, project_id), a_request(session, project_id)
    accept(session, decided)
    service.withdraw(session, act(ANA, LATER), request_id=withdrawn.id)
    with pytest.raises(AlreadyDecided):
        ask(session, decided)
    with pytest.raises(NotWaiting):
        ask(session, withdrawn)


def test_what_was_seen_before_is_outdated(session, project_id) -> None:
    request = a_request(session, project_id)
    with pytest.raises(Outdated):
        ask(session, request, revision=2)
    ask(session, request)
    with pytest.raises(Outdated):
        answer(session, request, revision=2)


@pytest.mark.parametrize("words", ["", " \n", "\x00"])
def test_both_need_words(session, project_id, words) -> None:
    request = a_request(session, project_id)
    with pytest.raises(WrongFields) as caught:
        ask(session, request, words)
    assert [(wrong.field, wrong.why) for wrong in caught.value.fields] == [("question", Missing())]
    ask(session, request)
    with pytest.raises(WrongFields) as caught:
        answer(session, request, words)
    assert [(wrong.field, wrong.why) for wrong in caught.value.fields] == [("answer", Missing())]


def test_another_workspace_knows_nothing_of_it(session, project_id) -> None:
    request = a_request(session, project_id)
    ask(session, request)
    elsewhere = act(ANA, LATER, "T_OTHER")
    with pytest.raises((NoSuchRequest, UnknownPerson)):
        asking.answer(session, elsewhere, request_id=request.id, revision=1, number=1, words="x")


def test_a_project_given_away_meanwhile_leaves_the_ball_with_who_is_asked(session, project_id) -> None:
    request = a_request(session, project_id)
    ask(session, request)
    session.get_one(Project, (HERE, project_id)).pm_id = MAX
    service.reroute(session, act(OLGA, LATER), project_id=project_id)
    assert (request.decider_id, request.ball_holder_id) == (MAX, ANA)
    answer(session, request)
    assert request.ball_holder_id == MAX
