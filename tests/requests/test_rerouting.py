from __future__ import annotations

import pytest

from bot.db.ids import new_id
from bot.portfolio.models import Project
from bot.portfolio.refusals import UnknownProject
from bot.requests.models import EventKind
from bot.requests.refusals import NotTheDecider
from bot.requests.service import reroute
from tests.factories import LATER, a_request, accept, act, events_of, intervals_of, name_director, send_away
from tests.portfolio.agency import ANA, HERE, MAX, NOW, OLGA, PETE, a_client, a_project, settle


def give_to(session, project_id, person_id) -> int:
    """The project changes hands; how many requests moved."""
    session.get_one(Project, (HERE, project_id)).pm_id = person_id
    return reroute(session, act(OLGA, LATER), project_id=project_id)


def test_what_waits_goes_to_the_new_manager(session, project_id) -> None:
    request = a_request(session, project_id)
    assert give_to(session, project_id, MAX) == 1
    assert (request.decider_id, request.ball_holder_id) == (MAX, MAX)
    assert [(i.holder_id, i.since, i.until) for i in intervals_of(session, request)] == [
        (PETE, NOW, LATER),
        (MAX, LATER, None),
    ]
    event = events_of(session, request)[-1]
    assert (event.kind, event.actor_id, event.facts) == (
        EventKind.REASSIGNED,
        OLGA,
        {"before": PETE, "decider": MAX},
    )


def test_only_the_new_manager_decides_from_then_on(session, project_id) -> None:
    request = a_request(session, project_id)
    give_to(session, project_id, MAX)
    with pytest.raises(NotTheDecider) as caught:
        accept(session, request, by=PETE)
    assert caught.value.decider == "Max"
    accept(session, request, by=MAX)


def test_a_requester_who_becomes_the_manager_does_not_get_their_own_request(session, project_id) -> None:
    name_director(session, OLGA)
    request = a_request(session, project_id)
    give_to(session, project_id, ANA)
    assert request.decider_id == OLGA


def test_with_nobody_else_to_decide_it_stays_where_it_is(session, project_id) -> None:
    request = a_request(session, project_id)
    assert give_to(session, project_id, ANA) == 0
    assert (request.decider_id, request.ball_holder_id) == (PETE, PETE)


def test_what_a_manager_who_left_should_decide_goes_on(session, project_id) -> None:
    name_director(session, OLGA)
    request = a_request(session, project_id)
    send_away(session, PETE)
    assert reroute(session, act(OLGA, LATER), project_id=project_id) == 1
    assert request.decider_id == OLGA


def test_nothing_moves_when_nobody_changed(session, project_id) -> None:
    request = a_request(session, project_id)
    assert reroute(session, act(OLGA), project_id=project_id) == 0
    assert len(events_of(session, request)) == 1
    assert request.version == 1


def test_decided_requests_and_other_projects_stay(session, project_id) -> None:
    decided = a_request(session, project_id)
    accept(session, decided)
    elsewhere = a_request(session, a_project(session, a_client(session, name="Beta"), key="BETA"))
    assert give_to(session, project_id, MAX) == 0
    assert (decided.decider_id, decided.ball_holder_id, elsewhere.decider_id) == (PETE, ANA, PETE)


def test_a_project_of_another_workspace_does_not_exist(session, project_id) -> None:
    settle(session, "T2")
    for unknown, workspace_id in ((project_id, "T2"), (new_id(), HERE)):
        with pytest.raises(UnknownProject):
            reroute(session, act(OLGA, workspace_id=workspace_id), project_id=unknown)
