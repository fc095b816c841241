from __future__ import annotations

import pytest

from bot.people.refusals import ExternalPerson, UnknownPerson
from bot.requests.models import EventKind, Outcome, State
from bot.requests.refusals import AlreadyDecided, NoSuchRequest, NotTheRequester, NotWaiting
from bot.requests.service import withdraw
from tests.factories import (
    LATER,
    a_request,
    accept,
    act,
    events_of,
    intervals_of,
    notices_about,
    send_away,
)
from tests.portfolio.agency import ANA, GUEST, NOW, OLGA, PETE, settle


def test_a_withdrawn_request_is_closed_and_nobody_has_the_ball(session, project_id) -> None:
    request = a_request(session, project_id)
    withdraw(session, act(ANA, LATER), request_id=request.id, reason=" Sorted\x00 out ")
    assert (request.state, request.is_open, request.ball_holder_id) == (State.WITHDRAWN, False, None)
    assert request.closed_at == LATER
    assert [(i.holder_id, i.since, i.until) for i in intervals_of(session, request)] == [(PETE, NOW, LATER)]


def test_the_history_and_the_thread_tell_why(session, project_id) -> None:
    request = a_request(session, project_id)
    withdraw(session, act(ANA, LATER), request_id=request.id, reason=" Sorted\x00 out ")
    event, notice = events_of(session, request)[-1], notices_about(session, request)[-1]
    assert (event.kind, event.facts) == (EventKind.WITHDRAWN, {"reason": "Sorted out"})
    assert (notice.kind, notice.thread_of, notice.facts) == (
        "withdrawn",
        f"card:{request.id}",
        {"reason": "Sorted out"},
    )


def test_a_reason_is_not_needed(session, project_id) -> None:
    request = a_request(session, project_id)
    assert withdraw(session, act(ANA), request_id=request.id).state is State.WITHDRAWN


@pytest.mark.parametrize("person", [PETE, OLGA])
def test_only_the_requester_withdraws(session, project_id, person) -> None:
    request = a_request(session, project_id)
    with pytest.raises(NotTheRequester) as caught:
        withdraw(session, act(person), request_id=request.id)
    assert caught.value == NotTheRequester("ACME-1", "Ana")
    assert request.is_open


def test_a_decided_request_is_not_withdrawn(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request)
    with pytest.raises(AlreadyDecided) as caught:
        withdraw(session, act(ANA), request_id=request.id)
    assert caught.value == AlreadyDecided("ACME-1", Outcome.APPROVED, "Pete", LATER)


def test_a_second_withdrawal_changes_nothing(session, project_id) -> None:
    request = a_request(session, project_id)
    withdraw(session, act(ANA, LATER), request_id=request.id)
    with pytest.raises(NotWaiting) as caught:
        withdraw(session, act(ANA, LATER), request_id=request.id)
    assert caught.value == NotWaiting("ACME-1", State.WITHDRAWN, "Ana", LATER)
    assert len(events_of(session, request)) == 2


def test_people_from_outside_and_those_who_left_withdraw_nothing(session, project_id) -> None:
    request = a_request(session, project_id)
    with pytest.raises(ExternalPerson):
        withdraw(session, act(GUEST), request_id=request.id)
    send_away(session, ANA)
    with pytest.raises(UnknownPerson):
        withdraw(session, act(ANA), request_id=request.id)


def test_a_request_of_another_workspace_does_not_exist(session, project_id) -> None:
    request = a_request(session, project_id)
    settle(session, "T2")
    with pytest.raises(NoSuchRequest):
        withdraw(session, act(ANA, workspace_id="T2"), request_id=request.id)
