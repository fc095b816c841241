"""Away and back: who gets the ball, who may act, what stays on record, and what is said in private."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.ledger.models import Funding
from bot.outbox.models import Notice
from bot.people.models import Delegation, Person
from bot.portfolio.models import Project
from bot.portfolio.service import edit_client
from bot.requests import repository, service
from bot.requests.afterwards import delivering
from bot.requests.announcing import CLIENT_WORDS
from bot.requests.bargaining import asking
from bot.requests.models import EventKind
from bot.requests.refusals import NotTheDecider, NotTheManager, NotTheRequester, OwnRequest
from bot.requests.routing import absences
from bot.requests.routing.absences import DELEGATE_NAMED, come_back, go_away, keep_up
from bot.requests.routing.passing_on import PASSED_ON, pass_on
from tests.factories import (
    LATER,
    a_request,
    accept,
    act,
    decline,
    events_of,
    intervals_of,
    name_director,
    notices_about,
    send_away,
    some_figures,
)
from tests.portfolio.agency import ANA, HERE, MAX, NOW, OLGA, PETE, a_client_form

TODAY, FRIDAY = NOW.date(), date(2026, 11, 27)
BACK = NOW + timedelta(days=5)

# The client need not agree to it.
NOBODY_ASKED = some_figures(split={Funding.CONTINGENCY: 180})


def away(session, person=PETE, delegate=OLGA, first=TODAY, last=FRIDAY, now=NOW) -> Delegation:
    return go_away(session, act(person, now), first_day=first, last_day=last, delegate_id=delegate)


def ball(request) -> tuple[str | None, str | None]:
    """Who has it, and in whose place."""
    return request.ball_holder_id, request.ball_for_id


def private(session, kind: str) -> list[tuple[str, dict[str, Any]]]:
    found = session.scalars(select(Notice).where(Notice.kind == kind).order_by(Notice.id))
    return [(notice.destination, notice.facts) for notice in found]


def test_what_is_asked_meanwhile_waits_for_the_delegate_and_is_decided_in_place_of(
    session, project_id
) -> None:
    away(session)
    request = a_request(session, project_id)
    assert ball(request) == (OLGA, PETE)
    assert request.decider_id == PETE
    decision = accept(session, request, by=OLGA)
    assert (decision.decided_by, decision.on_behalf_of) == (OLGA, PETE)
    assert events_of(session, request)[-1].facts["on_behalf_of"] == PETE
    card = repository.card_facts(session, workspace_id=HERE, request_id=request.id)
    assert card.decision is not None
    assert (card.decision.by.name, card.decision.on_behalf_of.name) == ("Olga", "Pete")


def test_what_waits_already_moves_at_once_and_the_delegate_is_told_once(session, project_id) -> None:
    waiting = [a_request(session, project_id) for _ in range(2)]
    delegation = away(session, now=LATER)
    for request in waiting:
        assert ball(request) == (OLGA, PETE)
        event = events_of(session, request)[-1]
        assert (event.kind, event.actor_id, event.facts) == (
            EventKind.HANDED_OVER,
            PETE,
            {"before": PETE, "holder": OLGA, "in_place_of": PETE},
        )
        assert [(i.holder_id, i.since, i.until) for i in intervals_of(session, request)] == [
            (PETE, NOW, LATER),
            (OLGA, LATER, None),
        ]
    assert private(session, DELEGATE_NAMED) == [(OLGA, {})]
    assert private(session, PASSED_ON) == []
    assert delegation.next_change_at is not None


def test_it_begins_and_ends_by_itself_and_what_still_waits_goes_back(session, project_id) -> None:
    request, decided = a_request(session, project_id), a_request(session, project_id)
    away(session, first=TODAY + timedelta(days=1))
    assert ball(request) == (PETE, None)
    assert keep_up(session, NOW) == 0
    tuesday = NOW + timedelta(days=1)
    assert keep_up(session, tuesday) == 1
    assert ball(request) == (OLGA, PETE)
    assert private(session, PASSED_ON) == [
        (OLGA, {"whose": PETE, "requests": [str(request.id), str(decided.id)]})
    ]
    accept(session, decided, by=OLGA, now=tuesday)
    assert keep_up(session, BACK) == 1
    assert ball(request) == (PETE, None)
    assert ball(decided) == (ANA, None)
    assert private(session, PASSED_ON)[1:] == [(PETE, {"whose": PETE, "requests": [str(request.id)]})]
    assert keep_up(session, BACK + timedelta(days=9)) == 0


def test_doing_it_again_changes_nothing(session, project_id) -> None:
    request = a_request(session, project_id)
    away(session)
    before = (request.version, len(events_of(session, request)))
    assert pass_on(session, act(OLGA))
    assert (request.version, len(events_of(session, request))) == before


def test_more_than_fits_one_transaction_follows_at_the_next_tick(session, project_id, monkeypatch) -> None:
    waiting = [a_request(session, project_id) for _ in range(5)]
    away(session, first=TODAY + timedelta(days=1))
    tuesday = NOW + timedelta(days=1)
    few = lambda *args, **kwargs: pass_on(*args, **kwargs, limit=2)  # noqa: E731
    monkeypatch.setattr(absences, "pass_on", few)
    for left in (3, 1, 0):
        assert keep_up(session, tuesday) == 1
        assert sum(ball(request) == (PETE, None) for request in waiting) == left
    assert keep_up(session, tuesday) == 0


def test_taken_back_it_ends_at_once(session, project_id) -> None:
    request = a_request(session, project_id)
    delegation = away(session)
    come_back(session, act(PETE, LATER), delegation_id=delegation.id)
    assert ball(request) == (PETE, None)
    assert delegation.next_change_at is None
    # Who took it back sees it in the form.
    assert private(session, PASSED_ON) == []
    with pytest.raises(NotTheDecider) as caught:
        accept(session, request, by=OLGA)
    assert caught.value.stand_in == ""


def test_both_the_owner_and_the_delegate_decide_and_nobody_else(session, project_id) -> None:
    away(session)
    request, other = a_request(session, project_id), a_request(session, project_id)
    with pytest.raises(NotTheDecider) as caught:
        decline(session, request, by=MAX)
    assert (caught.value.decider, caught.value.stand_in, caught.value.until) == ("Pete", "Olga", FRIDAY)
    assert decline(session, request, by=PETE).on_behalf_of is None
    assert decline(session, other, by=OLGA).on_behalf_of == PETE


def test_a_delegate_does_not_decide_their_own_request_the_next_authority_does(session, project_id) -> None:
    name_director(session, MAX)
    away(session, PETE, ANA)
    request = a_request(session, project_id)
    assert ball(request) == (MAX, PETE)
    with pytest.raises(OwnRequest):
        accept(session, request, by=ANA)
    assert accept(session, request, by=MAX).on_behalf_of == PETE
    theirs = a_request(session, project_id, by=OLGA)
    assert ball(theirs) == (ANA, PETE)


def test_without_another_authority_it_waits_for_who_is_away(session, project_id) -> None:
    away(session, PETE, ANA)
    request = a_request(session, project_id)
    assert ball(request) == (PETE, None)
    accept(session, request, by=PETE)


def test_what_waits_for_who_is_away_goes_to_whoever_may_decide_it_by_now(session, project_id) -> None:
    away(session, PETE, ANA)
    request = a_request(session, project_id)
    client_id = session.get_one(Project, (HERE, project_id)).client_id
    edit_client(session, act(OLGA), client_id=client_id, form=a_client_form(am_id=MAX))
    service.reroute(session, act(OLGA), project_id=project_id)
    assert ball(request) == (MAX, PETE)
    assert request.decider_id == PETE
    assert private(session, PASSED_ON) == [(MAX, {"whose": PETE, "requests": [str(request.id)]})]


def test_what_waits_for_who_is_away_goes_on_once_somebody_is_there_again(session, project_id) -> None:
    name_director(session, MAX)
    send_away(session, MAX)
    away(session, PETE, ANA)
    request = a_request(session, project_id)
    assert ball(request) == (PETE, None)
    session.get_one(Person, (HERE, MAX)).is_active = True
    session.flush()
    keep_up(session, LATER)
    assert ball(request) == (MAX, PETE)


def test_a_chain_is_followed_and_taken_apart_again(session, project_id) -> None:
    request = a_request(session, project_id)
    away(session, PETE, OLGA)
    second = away(session, OLGA, MAX)
    assert ball(request) == (MAX, PETE)
    come_back(session, act(OLGA), delegation_id=second.id)
    assert ball(request) == (OLGA, PETE)


def test_a_requester_who_is_away_is_stood_in_for_too(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request, figures=NOBODY_ASKED)
    away(session, ANA, MAX, now=LATER)
    assert ball(request) == (MAX, ANA)
    words = [n.destination for n in notices_about(session, request) if n.kind == CLIENT_WORDS]
    assert words == [ANA, MAX]
    with pytest.raises(NotTheRequester) as caught:
        service.client_told(session, act(OLGA, LATER), request_id=request.id)
    assert (caught.value.requester, caught.value.stand_in) == ("Ana", "Max")
    service.client_told(session, act(MAX, LATER), request_id=request.id)
    assert ball(request) == (PETE, None)


def test_what_is_private_goes_to_who_acts_for_who_is_away(session, project_id) -> None:
    request = a_request(session, project_id)
    away(session, ANA, MAX)
    asking.ask_for_info(session, act(PETE), request_id=request.id, revision=1, question="Which page?")
    accept(session, request)
    private_ones = {
        notice.kind: notice.destination for notice in notices_about(session, request) if not notice.thread_of
    }
    assert ANA not in private_ones.values()
    assert private_ones[CLIENT_WORDS] == MAX


def test_work_of_a_manager_who_is_away_is_marked_done_by_who_acts(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request, figures=NOBODY_ASKED)
    service.client_told(session, act(ANA, LATER), request_id=request.id)
    away(session)
    assert ball(request) == (OLGA, PETE)
    with pytest.raises(NotTheManager) as caught:
        delivering.delivered(session, act(MAX, LATER), request_id=request.id)
    assert caught.value.stand_in == "Olga"
    delivering.delivered(session, act(OLGA, LATER), request_id=request.id)
    assert ball(request) == (None, None)


def test_a_delegate_who_is_away_hears_of_it_when_they_are_back(session) -> None:
    away(session, OLGA, MAX, last=TODAY)
    away(session, PETE, OLGA, first=FRIDAY)
    notice = session.scalars(select(Notice).where(Notice.destination == OLGA)).one()
    assert notice.next_attempt_at > NOW


def test_a_delegate_who_left_acts_no_more(session, project_id) -> None:
    away(session)
    send_away(session, OLGA)
    session.flush()
    request = a_request(session, project_id)
    assert ball(request) == (PETE, None)
