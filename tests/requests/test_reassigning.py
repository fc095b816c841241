"""Giving a decision to somebody else: who may, to whom, and that it stays there."""

from __future__ import annotations

import pytest

from bot.errors import WrongFields
from bot.people.refusals import ExternalPerson, UnknownPerson
from bot.portfolio.models import Project
from bot.requests import refusals as no
from bot.requests.bargaining import asking
from bot.requests.models import EventKind
from bot.requests.routing.reassigning import reassign, require_reassignable
from bot.requests.service import reroute
from tests.factories import (
    LATER,
    a_request,
    accept,
    act,
    events_of,
    name_director,
    notices_about,
    send_away,
)
from tests.portfolio.agency import ANA, GUEST, HERE, MAX, OLGA, PETE


def give(session, request, to=MAX, by=PETE, reason="Knows the site", revision=1):
    return reassign(
        session,
        act(by, LATER),
        request_id=request.id,
        revision=revision,
        person_id=to,
        reason=reason,
    )


def test_the_decision_and_the_ball_go_to_somebody_else_with_the_reason(session, project_id) -> None:
    request = a_request(session, project_id)
    give(session, request)
    assert (request.decider_id, request.ball_holder_id, request.is_assigned) == (MAX, MAX, True)
    event = events_of(session, request)[-1]
    assert (event.kind, event.actor_id, event.facts) == (
        EventKind.REASSIGNED,
        PETE,
        {"before": PETE, "decider": MAX, "reason": "Knows the site"},
    )
    assert notices_about(session, request)[-1].facts == {"by": PETE, "to": MAX, "reason": "Knows the site"}
    with pytest.raises(no.NotTheDecider):
        accept(session, request, by=PETE)
    accept(session, request, by=MAX)


def test_the_director_and_the_manager_may_and_nobody_else(session, project_id) -> None:
    name_director(session, OLGA)
    request = a_request(session, project_id)
    give(session, request, by=OLGA)
    give(session, request, to=OLGA, by=PETE)
    for person, names in ((ANA, ("Olga", "Pete")), (MAX, ("Olga", "Pete"))):
        with pytest.raises(no.MayNotReassign) as caught:
            require_reassignable(session, act(person), request_id=request.id, revision=1)
        assert caught.value.names == names
    with pytest.raises(ExternalPerson):
        give(session, request, by=GUEST)


@pytest.mark.parametrize(
    ("to", "why"),
    [
        (ANA, no.LoggedIt("Ana")),
        (PETE, no.DecidesAlready("Pete")),
        (GUEST, ExternalPerson(GUEST, "Gus")),
        ("U_NOBODY", UnknownPerson("U_NOBODY")),
        ("", no.Missing()),
    ],
)
def test_it_goes_to_a_colleague_who_did_not_ask_for_it(session, project_id, to, why) -> None:
    request = a_request(session, project_id)
    with pytest.raises(WrongFields) as caught:
        give(session, request, to=to, reason=" ")
    assert {wrong.field: wrong.why for wrong in caught.value.fields} == {"person": why, "why": no.Missing()}


def test_what_is_decided_or_was_changed_is_refused(session, project_id) -> None:
    request = a_request(session, project_id)
    with pytest.raises(no.Outdated):
        give(session, request, revision=2)
    accept(session, request)
    with pytest.raises(no.AlreadyDecided):
        give(session, request)


def test_while_the_requester_has_to_answer_they_keep_the_ball(session, project_id) -> None:
    request = a_request(session, project_id)
    asking.ask_for_info(session, act(PETE), request_id=request.id, revision=1, question="Which page?")
    give(session, request)
    assert (request.decider_id, request.ball_holder_id) == (MAX, ANA)
    asking.answer(session, act(ANA), request_id=request.id, revision=1, number=1, words="All")
    assert request.ball_holder_id == MAX


def test_it_stays_when_the_project_changes_hands_but_not_with_somebody_who_left(session, project_id) -> None:
    request = a_request(session, project_id)
    give(session, request)
    session.get_one(Project, (HERE, project_id)).pm_id = OLGA
    assert reroute(session, act(OLGA, LATER), project_id=project_id) == 0
    assert request.decider_id == MAX
    send_away(session, MAX)
    assert reroute(session, act(OLGA, LATER), project_id=project_id) == 1
    assert (request.decider_id, request.ball_holder_id, request.is_assigned) == (OLGA, OLGA, False)
