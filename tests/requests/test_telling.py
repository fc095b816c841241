from __future__ import annotations

from datetime import timedelta

import pytest

from bot.ledger.models import Funding
from bot.people.refusals import ExternalPerson
from bot.portfolio.models import Project
from bot.requests.models import EventKind, State
from bot.requests.refusals import AlreadyTold, NoSuchRequest, NotTheRequester, NotWaiting
from bot.requests.service import client_told, withdraw
from tests.factories import LATER, a_request, accept, act, decline, events_of, intervals_of, some_figures
from tests.portfolio.agency import ANA, GUEST, HERE, MAX, NOW, PETE, settle

TOLD = LATER + timedelta(hours=1)


# Paid for already: the client need not say yes.
RETAINED = some_figures(split={Funding.RETAINER: 180})


def tell(session, request, by=ANA):
    return client_told(session, act(by, TOLD), request_id=request.id)


def test_an_approved_request_goes_to_the_manager_to_be_delivered(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request, figures=RETAINED)
    tell(session, request)
    assert (request.client_told_at, request.ball_holder_id, request.is_open) == (TOLD, PETE, True)
    assert [(i.holder_id, i.since, i.until) for i in intervals_of(session, request)] == [
        (PETE, NOW, LATER),
        (ANA, LATER, TOLD),
        (PETE, TOLD, None),
    ]
    assert events_of(session, request)[-1].kind is EventKind.CLIENT_TOLD


def test_it_goes_to_who_manages_the_project_by_then(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request, figures=RETAINED)
    session.get_one(Project, (HERE, project_id)).pm_id = MAX
    assert tell(session, request).ball_holder_id == MAX


def test_a_requester_who_is_the_manager_by_then_keeps_the_ball(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request, figures=RETAINED)
    session.get_one(Project, (HERE, project_id)).pm_id = ANA
    tell(session, request)
    assert [(i.holder_id, i.until) for i in intervals_of(session, request)] == [(PETE, LATER), (ANA, None)]


def test_a_rejected_request_is_closed(session, project_id) -> None:
    request = a_request(session, project_id)
    decline(session, request)
    tell(session, request)
    assert (request.ball_holder_id, request.is_open, request.closed_at) == (None, False, TOLD)
    assert request.state is State.REJECTED


def test_telling_twice_is_refused_with_the_first_time(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request)
    tell(session, request)
    with pytest.raises(AlreadyTold) as caught:
        tell(session, request)
    assert caught.value == AlreadyTold("ACME-1", TOLD)


def test_only_the_requester_tells(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request)
    with pytest.raises(NotTheRequester):
        tell(session, request, by=PETE)
    with pytest.raises(ExternalPerson):
        tell(session, request, by=GUEST)


def test_there_is_nothing_to_tell_before_the_decision(session, project_id) -> None:
    request = a_request(session, project_id)
    with pytest.raises(NotWaiting) as caught:
        tell(session, request)
    assert caught.value == NotWaiting("ACME-1", State.UNDER_REVIEW, "Ana", None)


def test_there_is_nothing_to_tell_of_a_withdrawn_request(session, project_id) -> None:
    request = a_request(session, project_id)
    withdraw(session, act(ANA, LATER), request_id=request.id)
    with pytest.raises(NotWaiting) as caught:
        tell(session, request)
    assert caught.value.at == LATER


def test_a_request_of_another_workspace_does_not_exist(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request)
    settle(session, "T2")
    with pytest.raises(NoSuchRequest):
        client_told(session, act(ANA, workspace_id="T2"), request_id=request.id)
