"""Somebody's account is deactivated: what waits on them goes on, what they asked is not lost, and each is told once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from bot.ledger.models import Funding
from bot.outbox.models import Notice
from bot.people.models import Delegation
from bot.portfolio.models import Client, Project
from bot.requests import deciding, editing, service
from bot.requests.afterwards.bridge_models import BridgeKind
from bot.requests.afterwards.reopening import appeal
from bot.requests.afterwards.returning import ask_again, wake_deferred
from bot.requests.bargaining import asking
from bot.requests.models import ChangeRequest, EventKind, State
from bot.requests.routing.absences import go_away
from bot.requests.routing.departures import LEFT_BEHIND, keep_up, pass_on_from
from bot.requests.routing.reassigning import reassign
from bot.requests.routing.rerouting import reroute
from tests.factories import (
    LATER,
    a_bridge,
    a_request,
    accept,
    act,
    an_ask,
    decline,
    events_of,
    intervals_of,
    name_director,
    notices_about,
    send_away,
    some_figures,
)
from tests.portfolio.agency import ANA, HERE, MAX, NOW, OLGA, PETE

# The client need not agree to it.
NOBODY_ASKED = some_figures(split={Funding.CONTINGENCY: 180})


def left(session, person) -> int:
    send_away(session, person)
    session.flush()
    return pass_on_from(session, act(OLGA, LATER), person)


def told(session) -> list[tuple[str, list[str]]]:
    found = session.scalars(select(Notice).where(Notice.kind == LEFT_BEHIND).order_by(Notice.id))
    return [(notice.destination, notice.facts["requests"]) for notice in found]


def stands(request: ChangeRequest) -> tuple[str, str, str | None]:
    return request.requester_id, request.decider_id, request.ball_holder_id


def test_what_they_should_decide_goes_to_the_next_authority_who_is_told_once(session, project_id) -> None:
    name_director(session, MAX)
    waiting = [a_request(session, project_id) for _ in range(2)]
    assert left(session, PETE) == 2
    for request in waiting:
        assert stands(request) == (ANA, MAX, MAX)
        assert [interval.holder_id for interval in intervals_of(session, request)] == [PETE, MAX]
        assert events_of(session, request)[-1].kind is EventKind.HANDED_OVER
    assert told(session) == [(MAX, [str(request.id) for request in waiting])]
    assert pass_on_from(session, act(OLGA, LATER), PETE) == 0
    accept(session, waiting[0], by=MAX)


def test_the_clock_finds_who_left_without_being_told(session, project_id) -> None:
    name_director(session, MAX)
    request = a_request(session, project_id)
    assert keep_up(session, NOW) == 0
    send_away(session, PETE)
    session.flush()
    assert keep_up(session, LATER) == 1
    assert request.ball_holder_id == MAX
    assert keep_up(session, LATER) == 0


def test_an_appeal_that_nobody_else_is_left_for_is_heard_by_who_declined_until_somebody_is(
    session, project_id
) -> None:
    name_director(session, MAX)
    request = a_request(session, project_id)
    decline(session, request)
    facts = "They doubled the budget"
    appeal(session, act(ANA, LATER), request_id=request.id, revision=request.revision, facts=facts)
    assert stands(request) == (ANA, MAX, MAX)
    assert left(session, MAX) == 1
    assert stands(request) == (ANA, PETE, PETE)
    assert told(session) == [(PETE, [str(request.id)])]
    assert keep_up(session, LATER) == 0
    name_director(session, OLGA)
    session.flush()
    assert keep_up(session, LATER) == 1
    assert stands(request) == (ANA, OLGA, OLGA)
    assert keep_up(session, LATER) == 0


def test_who_declined_may_accept_an_appeal_that_nobody_else_is_left_for(session, project_id) -> None:
    name_director(session, MAX)
    request = a_request(session, project_id)
    decline(session, request)
    facts = "They doubled the budget"
    appeal(session, act(ANA, LATER), request_id=request.id, revision=request.revision, facts=facts)
    left(session, MAX)
    accept(session, request, by=PETE)
    assert request.state is State.APPROVED


def test_what_they_asked_goes_to_the_clients_account_manager(session, project_id) -> None:
    request = a_request(session, project_id, by=MAX)
    answered = a_request(session, project_id, by=MAX)
    accept(session, answered)
    assert left(session, MAX) == 2
    assert stands(request) == (ANA, PETE, PETE)
    assert stands(answered) == (ANA, PETE, ANA)
    service.client_told(session, act(ANA, LATER), request_id=answered.id)
    words = [n.destination for n in session.scalars(select(Notice).where(Notice.kind == "client_words"))]
    assert words == [MAX, ANA]


def test_an_account_manager_who_leaves_is_followed_by_the_director(session, project_id) -> None:
    name_director(session, OLGA)
    request = a_request(session, project_id)
    assert left(session, ANA) == 1
    assert stands(request) == (OLGA, PETE, PETE)


def test_without_anybody_else_a_request_stays_with_who_decides_it_and_goes_on_after_that(
    session, project_id
) -> None:
    request = a_request(session, project_id)
    assert left(session, ANA) == 0
    assert stands(request) == (ANA, PETE, PETE)
    decline(session, request)
    assert keep_up(session, LATER) == 1
    assert stands(request) == (PETE, PETE, PETE)


def test_nobody_gets_their_own_request_to_decide_that_way(session, project_id) -> None:
    name_director(session, OLGA)
    session.get_one(Client, (HERE, session.get_one(Project, (HERE, project_id)).client_id)).am_id = PETE
    session.flush()
    request = a_request(session, project_id, by=MAX)
    assert request.decider_id == PETE
    assert left(session, MAX) == 1
    assert stands(request) == (PETE, OLGA, OLGA)


def test_who_gets_somebodys_request_does_not_decide_it_when_it_is_taken_up_again(session, project_id) -> None:
    name_director(session, OLGA)
    request = a_request(session, project_id, by=MAX)
    reassign(session, act(PETE), request_id=request.id, revision=1, person_id=ANA, reason="Knows it")
    accept(session, request, by=ANA)
    assert left(session, MAX) == 1
    assert stands(request) == (ANA, PETE, ANA)
    editing.edit(
        session, act(ANA, LATER), request_id=request.id, revision=1, ask=an_ask(project_id, title="More")
    )
    assert stands(request) == (ANA, PETE, PETE)


def test_what_only_its_decider_can_go_on_with_is_back_with_them(session, project_id) -> None:
    request = a_request(session, project_id)
    asking.ask_for_info(session, act(PETE), request_id=request.id, revision=1, question="Which list?")
    assert stands(request) == (ANA, PETE, ANA)
    assert left(session, ANA) == 1
    assert stands(request) == (ANA, PETE, PETE)
    assert request.state is State.UNDER_REVIEW
    assert keep_up(session, LATER) == 0
    accept(session, request)


def test_what_nobody_else_could_decide_waits_until_there_is_somebody(session, project_id) -> None:
    request = a_request(session, project_id)
    assert left(session, ANA) == 0
    decline(session, request)
    keep_up(session, LATER)
    assert stands(request) == (PETE, PETE, PETE)
    editing.edit(
        session, act(PETE, LATER), request_id=request.id, revision=1, ask=an_ask(project_id, title="More")
    )
    assert keep_up(session, LATER) == 0
    name_director(session, MAX)
    session.flush()
    assert keep_up(session, LATER) == 1
    assert stands(request) == (PETE, MAX, MAX)


def test_work_of_a_manager_who_left_goes_to_the_director(session, project_id) -> None:
    name_director(session, MAX)
    request = a_request(session, project_id)
    accept(session, request, figures=NOBODY_ASKED)
    service.client_told(session, act(ANA, LATER), request_id=request.id)
    assert request.ball_holder_id == PETE
    assert left(session, PETE) == 1
    assert request.ball_holder_id == MAX
    # It does not go back to them with the next change of hands.
    assert reroute(session, act(OLGA, LATER), project_id=project_id) == 0
    assert request.ball_holder_id == MAX


def test_their_delegations_end_and_what_was_with_them_goes_back(session, project_id) -> None:
    days = {"first_day": NOW.date(), "last_day": date(2026, 11, 27)}
    go_away(session, act(PETE), delegate_id=OLGA, **days)
    go_away(session, act(MAX), delegate_id=PETE, **days)
    request = a_request(session, project_id)
    assert request.ball_holder_id == OLGA
    name_director(session, MAX)
    session.flush()
    left(session, OLGA)
    assert request.ball_holder_id == PETE
    left(session, PETE)
    assert request.ball_holder_id == MAX
    assert [one.ended_at is None for one in session.scalars(select(Delegation))] == [False, False]


def test_somebody_who_can_act_keeps_what_they_have(session, project_id) -> None:
    request = a_request(session, project_id)
    assert pass_on_from(session, act(OLGA), PETE) == 0
    assert pass_on_from(session, act(OLGA), "U_NOBODY") == 0
    assert request.ball_holder_id == PETE


@pytest.mark.parametrize("outcome", [State.DEFERRED, State.REJECTED])
def test_what_sleeps_goes_to_who_has_the_client_and_comes_back_to_them(session, project_id, outcome) -> None:
    request = a_request(session, project_id, by=MAX)
    if outcome is State.DEFERRED:
        deciding.defer(
            session, act(PETE), request_id=request.id, revision=1, reason="Full", until=date(2026, 11, 30)
        )
    else:
        decline(session, request, bridge=a_bridge(returns_on=date(2026, 11, 30)))
    service.client_told(session, act(MAX, LATER), request_id=request.id)
    send_away(session, MAX)
    session.flush()
    assert keep_up(session, LATER) == 1
    assert (request.requester_id, request.ball_holder_id, request.is_open) == (ANA, None, False)
    assert keep_up(session, LATER) == 0
    assert wake_deferred(session, datetime(2026, 11, 30, 12, tzinfo=UTC)) == 1
    assert notices_about(session, request)[-1].destination == ANA
    ask_again(session, act(ANA, LATER), request_id=request.id, revision=1)
    assert request.ball_holder_id == PETE


def test_what_can_come_back_no_more_is_left_alone(session, project_id) -> None:
    request = a_request(session, project_id, by=MAX)
    decline(session, request, bridge=a_bridge(BridgeKind.CLAUSE, "Section 4"))
    service.client_told(session, act(MAX, LATER), request_id=request.id)
    assert left(session, MAX) == 0
