from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import WrongFields
from bot.people.refusals import ExternalPerson, UnknownPerson
from bot.portfolio import repository as portfolio
from bot.portfolio.models import Project
from bot.requests.afterwards.client_answers import client_accepted
from bot.requests.afterwards.delivering import close, delivered, start
from bot.requests.approval_figures import MOST_MINUTES
from bot.requests.models import EventKind, State
from bot.requests.refusals import (
    AlreadyDecided,
    ClientNotTold,
    NoSuchRequest,
    NotAccepted,
    NotNow,
    NotTheManager,
)
from bot.requests.service import reroute, withdraw
from tests.factories import LATER, a_request, accept, act, decline, events_of, intervals_of, send_away
from tests.portfolio.agency import ANA, GUEST, HERE, MAX, OLGA, PETE, settle

DONE = LATER + timedelta(days=3)


@pytest.fixture
def promised(session, project_id):
    """An accepted request of which the client knows: Pete has to do it."""
    request = a_request(session, project_id)
    accept(session, request)
    return client_accepted(session, act(ANA, LATER), request_id=request.id, revision=1)


def finish(session, request, by=PETE, workspace_id=HERE):
    return delivered(session, act(by, DONE, workspace_id), request_id=request.id)


def test_what_is_done_is_closed_to_everybody(session, promised) -> None:
    finish(session, promised)
    assert (promised.state, promised.is_open, promised.ball_holder_id) == (State.IMPLEMENTED, False, None)
    assert (promised.closed_at, intervals_of(session, promised)[-1].until) == (DONE, DONE)
    assert events_of(session, promised)[-1].kind is EventKind.IMPLEMENTED


def test_done_work_stays_in_the_baseline(session, promised, project_id) -> None:
    before = portfolio.baselines(session, workspace_id=HERE, project_id=project_id)
    finish(session, promised)
    assert portfolio.baselines(session, workspace_id=HERE, project_id=project_id) == before


@pytest.mark.parametrize("person", [ANA, MAX, OLGA])
def test_only_the_manager_says_that_it_is_done(session, promised, person) -> None:
    with pytest.raises(NotTheManager) as caught:
        finish(session, promised, by=person)
    assert caught.value == NotTheManager("ACME-1", "Acme Website", "Pete")


def test_it_is_done_once(session, promised) -> None:
    finish(session, promised)
    with pytest.raises(NotAccepted) as caught:
        finish(session, promised)
    assert caught.value == NotAccepted("ACME-1", State.IMPLEMENTED)


def test_what_nobody_accepted_is_not_done(session, project_id) -> None:
    waiting, declined = a_request(session, project_id), a_request(session, project_id)
    decline(session, declined)
    for request, state in ((waiting, State.UNDER_REVIEW), (declined, State.REJECTED)):
        with pytest.raises(NotAccepted) as caught:
            finish(session, request)
        assert caught.value.state is state


def test_work_may_be_done_before_the_client_answers_and_the_ball_stays_with_who_has_to_get_it(
    session, project_id
) -> None:
    request = a_request(session, project_id)
    accept(session, request)
    finish(session, request)
    assert (request.state, request.ball_holder_id, request.closed_at) == (State.IMPLEMENTED, ANA, None)
    client_accepted(session, act(ANA, DONE), request_id=request.id, revision=1)
    assert (request.is_open, request.ball_holder_id, request.closed_at) == (False, None, DONE)


def test_what_it_took_is_what_was_accepted_unless_somebody_says_otherwise(
    session, promised, project_id
) -> None:
    finish(session, promised)
    assert promised.actual_minutes == 180
    other = a_request(session, project_id)
    accept(session, other)
    delivered(session, act(PETE, DONE), request_id=other.id, actual_minutes=205)
    assert other.actual_minutes == 205
    assert events_of(session, other)[-1].facts == {"minutes": 205}


@pytest.mark.parametrize("minutes", [-1, MOST_MINUTES + 1])
def test_nothing_takes_longer_than_anything_plausible(session, promised, minutes) -> None:
    with pytest.raises(WrongFields) as caught:
        delivered(session, act(PETE, DONE), request_id=promised.id, actual_minutes=minutes)
    assert [field.field for field in caught.value.fields] == ["hours"]
    assert promised.state is State.APPROVED


def test_work_begins_once_and_by_the_manager(session, promised) -> None:
    with pytest.raises(NotTheManager):
        start(session, act(ANA, DONE), request_id=promised.id)
    start(session, act(PETE, DONE), request_id=promised.id)
    assert (promised.state, promised.ball_holder_id) == (State.IN_PROGRESS, PETE)
    with pytest.raises(NotNow) as caught:
        start(session, act(PETE, DONE), request_id=promised.id)
    assert caught.value == NotNow("ACME-1", State.IN_PROGRESS)
    assert finish(session, promised).state is State.IMPLEMENTED


def test_done_work_is_closed_by_the_manager_once_nothing_is_owed(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request)
    with pytest.raises(NotNow):
        close(session, act(PETE, DONE), request_id=request.id)
    finish(session, request)
    with pytest.raises(ClientNotTold) as caught:
        close(session, act(PETE, DONE), request_id=request.id)
    assert caught.value == ClientNotTold("ACME-1", "Acme", "Ana")
    client_accepted(session, act(ANA, DONE), request_id=request.id, revision=1)
    with pytest.raises(NotTheManager):
        close(session, act(ANA, DONE), request_id=request.id)
    close(session, act(PETE, DONE), request_id=request.id)
    assert (request.state, request.is_open, request.closed_at) == (State.CLOSED, False, DONE)
    assert events_of(session, request)[-1].kind is EventKind.CLOSED
    with pytest.raises(NotNow):
        close(session, act(PETE, DONE), request_id=request.id)


def test_begun_work_follows_the_project_to_its_new_manager(session, promised, project_id) -> None:
    start(session, act(PETE, DONE), request_id=promised.id)
    session.get_one(Project, (HERE, project_id)).pm_id = MAX
    assert reroute(session, act(OLGA, DONE), project_id=project_id) == 1
    assert promised.ball_holder_id == MAX


def test_done_work_is_neither_decided_nor_withdrawn(session, promised) -> None:
    finish(session, promised)
    with pytest.raises(AlreadyDecided):
        decline(session, promised)
    with pytest.raises(AlreadyDecided):
        withdraw(session, act(ANA, DONE), request_id=promised.id)


def test_work_follows_the_project_to_its_new_manager(session, promised, project_id) -> None:
    session.get_one(Project, (HERE, project_id)).pm_id = MAX
    assert reroute(session, act(OLGA, DONE), project_id=project_id) == 1
    assert (promised.ball_holder_id, promised.decider_id) == (MAX, PETE)
    event = events_of(session, promised)[-1]
    assert (event.kind, event.facts) == (EventKind.HANDED_OVER, {"before": PETE, "manager": MAX})
    with pytest.raises(NotTheManager):
        finish(session, promised, by=PETE)
    assert finish(session, promised, by=MAX).state is State.IMPLEMENTED


def test_work_that_the_client_does_not_know_of_stays_with_the_requester(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request)
    session.get_one(Project, (HERE, project_id)).pm_id = MAX
    assert reroute(session, act(OLGA, DONE), project_id=project_id) == 0
    assert request.ball_holder_id == ANA


def test_others_finish_nothing(session, promised) -> None:
    settle(session, "T2")
    with pytest.raises(NoSuchRequest):
        finish(session, promised, workspace_id="T2")
    with pytest.raises(ExternalPerson):
        finish(session, promised, by=GUEST)
    send_away(session, PETE)
    with pytest.raises(UnknownPerson):
        finish(session, promised)
