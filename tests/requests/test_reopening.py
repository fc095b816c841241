from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.errors import WrongFields
from bot.ledger.models import FundingEntry
from bot.ledger.repository import Accepted, accepted_on
from bot.people.refusals import ExternalPerson, UnknownPerson
from bot.portfolio.models import Project
from bot.requests import repository, service
from bot.requests.afterwards import reopening
from bot.requests.afterwards.reopening import appeal_authority
from bot.requests.models import Decision, EventKind, State
from bot.requests.refusals import (
    AlreadyAppealed,
    DeclinedIt,
    MayNotReassign,
    MayNotReopen,
    Missing,
    NobodyToAppealTo,
    NotNow,
    NotTheDecider,
    NotTheRequester,
    Outdated,
)
from bot.requests.routing.absences import go_away
from bot.requests.routing.reassigning import reassign
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
)
from tests.portfolio.agency import ANA, GUEST, HERE, MAX, NOW, OLGA, PETE

AFTER = LATER + timedelta(hours=1)


def reopen(session, request, reason="The budget came", *, by=PETE, revision=1, now=AFTER):
    return reopening.reopen(session, act(by, now), request_id=request.id, revision=revision, reason=reason)


def appeal(session, request, facts="They doubled the budget", *, by=ANA, revision=1, now=AFTER):
    return reopening.appeal(session, act(by, now), request_id=request.id, revision=revision, facts=facts)


# --- re-opening


def test_an_approval_that_is_re_opened_waits_again_and_counts_no_more(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request)
    reopen(session, request, " The scope\x00 was wrong ")
    assert (request.state, request.ball_holder_id, request.is_open) == (State.UNDER_REVIEW, PETE, True)
    assert accepted_on(session, workspace_id=HERE, project_id=project_id) == Accepted()
    event = events_of(session, request)[-1]
    assert (event.kind, event.facts) == (
        EventKind.REOPENED,
        {"reason": "The scope was wrong", "cleared": "approved"},
    )
    card = repository.card_facts(session, workspace_id=HERE, request_id=request.id)
    assert [(before.outcome.value, before.by.name) for before in card.cleared] == [("approved", "Pete")]
    accept(session, request, now=AFTER)
    standing = session.scalars(select(Decision).where(Decision.cleared_at.is_(None))).all()
    assert len(standing) == 1
    assert len(session.scalars(select(FundingEntry).where(FundingEntry.voided_at.is_(None))).all()) == 1


def test_what_was_over_is_open_again_and_the_client_hears_of_it(session, project_id) -> None:
    request = a_request(session, project_id)
    decline(session, request)
    service.client_told(session, act(ANA, LATER), request_id=request.id)
    later = NOW + timedelta(days=30)
    reopen(session, request, now=later)
    assert (request.is_open, request.closed_at, request.client_told_at) == (True, None, None)
    assert request.answer_owed_on > later.date()
    assert [(i.holder_id, i.until) for i in intervals_of(session, request)][-1] == (PETE, None)
    kinds = [(n.kind, n.destination, n.facts.get("step")) for n in notices_about(session, request)[-2:]]
    assert kinds == [("reopened", "C_ACME", None), ("client_words", ANA, "reopened")]


def test_a_client_who_heard_nothing_gets_no_words(session, project_id) -> None:
    request = a_request(session, project_id)
    decline(session, request)
    reopen(session, request)
    assert notices_about(session, request)[-1].kind == "reopened"


def test_the_director_re_opens_too(session, project_id) -> None:
    name_director(session, OLGA)
    request = a_request(session, project_id)
    decline(session, request)
    reopen(session, request, by=OLGA)
    assert (request.decider_id, request.ball_holder_id) == (PETE, PETE)


def test_who_runs_the_project_by_now_re_opens_and_decides(session, project_id) -> None:
    request = a_request(session, project_id)
    decline(session, request)
    session.get_one(Project, (HERE, project_id)).pm_id = MAX
    reopen(session, request, by=MAX)
    assert (request.decider_id, request.ball_holder_id) == (MAX, MAX)


@pytest.mark.parametrize(
    ("person", "refusal"), [(ANA, MayNotReopen), (MAX, MayNotReopen), (GUEST, ExternalPerson)]
)
def test_nobody_else_re_opens(session, project_id, person, refusal) -> None:
    name_director(session, OLGA)
    request = a_request(session, project_id)
    decline(session, request)
    with pytest.raises(refusal) as caught:
        reopen(session, request, by=person)
    if refusal is MayNotReopen:
        assert caught.value == MayNotReopen("ACME-1", ("Olga", "Pete"))
    assert request.state is State.REJECTED


@pytest.mark.parametrize(
    "state", [State.UNDER_REVIEW, State.IN_PROGRESS, State.IMPLEMENTED, State.CLOSED, State.WITHDRAWN]
)
def test_only_what_is_decided_and_not_begun_is_re_opened(session, project_id, state) -> None:
    request = a_request(session, project_id)
    request.state = state
    session.flush()
    with pytest.raises(NotNow):
        reopen(session, request)


def test_a_re_opening_needs_a_reason_and_the_present_revision(session, project_id) -> None:
    request = a_request(session, project_id)
    decline(session, request)
    with pytest.raises(WrongFields) as caught:
        reopen(session, request, " ")
    assert [(wrong.field, wrong.why) for wrong in caught.value.fields] == [("why", Missing())]
    with pytest.raises(Outdated):
        reopen(session, request, revision=2)


def test_a_press_that_comes_twice_re_opens_once(session, project_id) -> None:
    request = a_request(session, project_id)
    decline(session, request)
    reopen(session, request)
    with pytest.raises(NotNow):
        reopen(session, request)


# --- appealing


def test_an_appeal_goes_to_the_director_and_only_they_decide_it(session, project_id) -> None:
    name_director(session, OLGA)
    request = a_request(session, project_id)
    decline(session, request)
    appeal(session, request)
    assert (request.state, request.decider_id, request.ball_holder_id) == (State.UNDER_REVIEW, OLGA, OLGA)
    assert request.appealed_from == PETE
    assert events_of(session, request)[-1].facts == {
        "facts": "They doubled the budget",
        "declined_by": PETE,
        "decider": OLGA,
    }
    card = repository.card_facts(session, workspace_id=HERE, request_id=request.id)
    assert card.appeal is not None
    assert (card.appeal.by.name, card.appeal.text) == ("Ana", "They doubled the budget")
    with pytest.raises(NotTheDecider):
        accept(session, request, by=PETE)
    accept(session, request, by=OLGA)
    assert request.state is State.APPROVED


def test_what_a_delegate_declined_is_not_appealed_to_who_was_away(session, project_id) -> None:
    name_director(session, OLGA)
    request = a_request(session, project_id)
    decision = session.get_one(Decision, (HERE, decline(session, request).id))
    decision.decided_by, decision.on_behalf_of = MAX, PETE
    session.flush()
    appeal(session, request)
    assert (request.appealed_from, request.decider_id) == (PETE, OLGA)


def test_who_declined_in_somebodys_place_does_not_decide_the_appeal(session, project_id) -> None:
    name_director(session, OLGA)
    request = a_request(session, project_id)
    decision = session.get_one(Decision, (HERE, decline(session, request).id))
    decision.decided_by, decision.on_behalf_of = OLGA, PETE
    session.flush()
    appeal(session, request)
    # Nobody else is left, and Pete has never said no himself.
    assert (request.appealed_from, request.decider_id) == (OLGA, PETE)


def test_who_declined_does_not_decide_the_appeal_in_somebodys_place(session, project_id) -> None:
    name_director(session, OLGA)
    request = a_request(session, project_id)
    decline(session, request)
    appeal(session, request)
    friday = date(2026, 11, 27)
    go_away(session, act(OLGA), first_day=NOW.date(), last_day=friday, delegate_id=PETE)
    assert (request.ball_holder_id, request.ball_for_id) == (OLGA, None)
    with pytest.raises(NotTheDecider):
        accept(session, request, by=PETE)


def test_who_declined_neither_gets_the_appeal_nor_gives_it_away(session, project_id) -> None:
    name_director(session, OLGA)
    request = a_request(session, project_id)
    decline(session, request)
    appeal(session, request)
    this = {"request_id": request.id, "revision": 1, "reason": "Knows it best"}
    with pytest.raises(MayNotReassign) as refused:
        reassign(session, act(PETE), person_id=MAX, **this)
    assert refused.value.names == ("Olga",)
    with pytest.raises(WrongFields) as caught:
        reassign(session, act(OLGA), person_id=PETE, **this)
    assert [(wrong.field, wrong.why) for wrong in caught.value.fields] == [("person", DeclinedIt("Pete"))]


def test_a_request_is_appealed_once(session, project_id) -> None:
    name_director(session, OLGA)
    request = a_request(session, project_id)
    decline(session, request)
    appeal(session, request)
    decline(session, request, by=OLGA)
    with pytest.raises(AlreadyAppealed) as caught:
        appeal(session, request)
    assert caught.value == AlreadyAppealed("ACME-1", "Olga")


def test_without_anybody_else_there_is_nobody_to_appeal_to(session, project_id) -> None:
    request = a_request(session, project_id)  # Pete runs the project, Ana is the client's and asks herself
    decline(session, request)
    with pytest.raises(NobodyToAppealTo) as caught:
        appeal(session, request)
    assert caught.value == NobodyToAppealTo("ACME-1", "Pete")


def test_a_director_who_left_decides_no_appeal(session, project_id) -> None:
    name_director(session, OLGA)
    send_away(session, OLGA)
    request = a_request(session, project_id)
    decline(session, request)
    with pytest.raises(NobodyToAppealTo):
        appeal(session, request)


@pytest.mark.parametrize(
    ("person", "refusal"),
    [(PETE, NotTheRequester), (OLGA, NotTheRequester), (GUEST, ExternalPerson), ("U_NOBODY", UnknownPerson)],
)
def test_only_who_logged_it_appeals(session, project_id, person, refusal) -> None:
    name_director(session, OLGA)
    request = a_request(session, project_id)
    decline(session, request)
    with pytest.raises(refusal):
        appeal(session, request, by=person)


def test_only_a_no_is_appealed_with_words_and_on_the_present_revision(session, project_id) -> None:
    name_director(session, OLGA)
    request = a_request(session, project_id)
    with pytest.raises(NotNow):
        appeal(session, request)
    decline(session, request)
    with pytest.raises(WrongFields):
        appeal(session, request, " \x00")
    with pytest.raises(Outdated):
        appeal(session, request, revision=7)


def test_an_appeal_does_not_go_back_when_the_project_is_edited_or_given_away(session, project_id) -> None:
    name_director(session, OLGA)
    request = a_request(session, project_id)
    decline(session, request)
    appeal(session, request)
    service.reroute(session, act(OLGA, AFTER), project_id=project_id)
    assert request.decider_id == OLGA
    session.get_one(Project, (HERE, project_id)).pm_id = MAX
    service.reroute(session, act(OLGA, AFTER), project_id=project_id)
    assert request.decider_id == OLGA
    name_director(session, None)
    service.reroute(session, act(OLGA, AFTER), project_id=project_id)
    assert request.decider_id == MAX
    session.get_one(Project, (HERE, project_id)).pm_id = PETE
    service.reroute(session, act(OLGA, AFTER), project_id=project_id)
    assert request.decider_id == MAX


@pytest.mark.parametrize(
    ("requester", "declined_by", "authorities", "decides"),
    [
        ("am", "pm", ("pm", "director", "am"), "director"),
        ("am", "director", ("pm", "director", "am"), "pm"),
        ("pm", "director", ("pm", "director", "am"), "am"),
        ("pm", "am", ("pm", "am"), None),
        ("am", "gone", ("pm", "director", "am"), "pm"),
        ("other", "pm", ("pm", "am"), "am"),
        ("am", "pm", ("pm",), None),
        ("am", "pm", (), None),
    ],
)
def test_the_next_authority_decides_an_appeal(requester, declined_by, authorities, decides) -> None:
    found = appeal_authority(requester_id=requester, declined_by=declined_by, authorities=authorities)
    assert found == decides
