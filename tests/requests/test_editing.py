from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.errors import WrongFields
from bot.ledger.models import FundingEntry
from bot.ledger.repository import Accepted, accepted_on
from bot.people.refusals import ExternalPerson
from bot.portfolio import repository as portfolio
from bot.portfolio.models import BaselineOrigin, Project
from bot.requests import deciding, editing, repository, service
from bot.requests.bargaining import asking
from bot.requests.models import Decision, EventKind, Promise, Reason, State
from bot.requests.refusals import NothingChanged, NotNow, NotTheRequester, Outdated
from tests.factories import (
    LATER,
    a_bridge,
    a_request,
    accept,
    act,
    an_ask,
    decline,
    events_of,
    notices_about,
    some_figures,
)
from tests.portfolio.agency import ANA, GUEST, HERE, MAX, NOW, OLGA, PETE

AFTER = LATER + timedelta(hours=1)


def edit(session, request, *, by=ANA, revision=None, now=AFTER, **changes):
    ask = an_ask(request.project_id)
    ask = replace(ask, **({"needed_by": request.needed_by, "minutes": request.estimated_minutes} | changes))
    return editing.edit(
        session, act(by, now), request_id=request.id, revision=revision or request.revision, ask=ask
    )


def test_a_change_makes_the_next_revision_and_says_what_changed(session, project_id) -> None:
    request = a_request(session, project_id)
    edit(
        session,
        request,
        title=" Two  sign-ups ",
        minutes=300,
        needed_by=date(2027, 3, 1),
        reason=Reason.OTHER,
        promise=Promise.PROMISED,
        source_url="https://a.example",
        details="More",
    )
    assert (request.revision, request.title, request.estimated_minutes) == (2, "Two sign-ups", 300)
    event = events_of(session, request)[-1]
    assert (event.kind, event.actor_id) == (EventKind.EDITED, ANA)
    assert event.facts == {
        "revision": 2,
        "cleared": None,
        "changes": {
            "title": ["Add a newsletter sign-up", "Two sign-ups"],
            "details": ["", "More"],
            "reason": ["client_request", "other"],
            "needed_by": [None, "2027-03-01"],
            "estimated_minutes": [180, 300],
            "promise": ["holding_reply_sent", "already_promised"],
            "source_url": ["", "https://a.example"],
        },
    }


def test_what_is_the_same_is_no_change(session, project_id) -> None:
    request = a_request(session, project_id)
    with pytest.raises(NothingChanged) as caught:
        edit(session, request, title="Add  a newsletter\x00 sign-up ", details=" ")
    assert caught.value == NothingChanged("ACME-1")
    assert (request.revision, len(events_of(session, request))) == (1, 1)


def test_an_approval_is_taken_back_and_stays_visible(session, project_id) -> None:
    request = a_request(session, project_id)
    decision = accept(session, request)
    edit(session, request, minutes=300)
    assert (request.state, request.ball_holder_id, request.decided_at) == (State.UNDER_REVIEW, PETE, None)
    session.flush()
    assert session.get_one(Decision, (HERE, decision.id), populate_existing=True).cleared_at == AFTER
    assert accepted_on(session, workspace_id=HERE, project_id=project_id) == Accepted()
    origins = [b.origin for b in portfolio.baselines(session, workspace_id=HERE, project_id=project_id)]
    assert origins == [BaselineOrigin.AGREED, BaselineOrigin.APPROVAL, BaselineOrigin.REVERSAL]
    assert events_of(session, request)[-1].facts["cleared"] == "approved"
    card = repository.card_facts(session, workspace_id=HERE, request_id=request.id)
    assert [(it.outcome.value, it.by.name, it.at) for it in card.cleared] == [("approved", "Pete", LATER)]
    again = accept(session, request, now=AFTER)
    assert again.revision == 2
    entries = session.scalars(select(FundingEntry).where(FundingEntry.voided_at.is_(None))).all()
    assert [entry.decision_id for entry in entries] == [again.id]


def test_what_was_declined_and_told_is_open_again_and_the_client_is_owed_an_answer(
    session, project_id
) -> None:
    request = a_request(session, project_id)
    decline(session, request)
    service.client_told(session, act(ANA, LATER), request_id=request.id)
    assert not request.is_open
    later = NOW + timedelta(days=20)
    edit(session, request, title="Something smaller", now=later)
    assert (request.is_open, request.ball_holder_id, request.closed_at, request.client_told_at) == (
        True,
        PETE,
        None,
        None,
    )
    assert request.answer_owed_on > later.date()


def test_a_question_that_waits_needs_no_answer_any_more(session, project_id) -> None:
    request = a_request(session, project_id)
    asking.ask_for_info(session, act(PETE, LATER), request_id=request.id, revision=1, question="Which tool?")
    edit(session, request, details="Mailchimp")
    assert (request.state, request.ball_holder_id) == (State.UNDER_REVIEW, PETE)


def test_a_decided_request_goes_to_whoever_decides_on_the_project_by_now(session, project_id) -> None:
    request = a_request(session, project_id)
    decline(session, request)
    session.get_one(Project, (HERE, project_id)).pm_id = MAX
    edit(session, request, minutes=60)
    assert (request.decider_id, request.ball_holder_id) == (MAX, MAX)


def test_the_thread_is_told_once_and_every_card_is_drawn_anew(session, project_id) -> None:
    request = a_request(session, project_id)
    version = request.version
    edit(session, request, minutes=60)
    edit(session, request, minutes=90)
    told = [(n.kind, n.facts) for n in notices_about(session, request)[1:]]
    assert told == [("edited", {"position": 2}), ("edited", {"position": 3})]
    assert request.version == version + 2


def test_a_date_in_the_past_may_stay_but_not_be_chosen(session, project_id) -> None:
    request = a_request(session, project_id, needed_by=NOW.date())
    later = NOW + timedelta(days=3)
    edit(session, request, minutes=60, now=later)
    with pytest.raises(WrongFields) as caught:
        edit(session, request, needed_by=later.date() - timedelta(days=1), now=later)
    assert [wrong.field for wrong in caught.value.fields] == ["needed_by"]


def test_what_cannot_be_asked_cannot_be_changed_to(session, project_id) -> None:
    request = a_request(session, project_id)
    with pytest.raises(WrongFields) as caught:
        edit(session, request, title=" ", minutes=-1)
    assert {wrong.field for wrong in caught.value.fields} == {"title", "hours"}


@pytest.mark.parametrize(
    ("person", "refusal"),
    [(PETE, NotTheRequester), (OLGA, NotTheRequester), (GUEST, ExternalPerson)],
)
def test_only_who_logged_it_changes_it(session, project_id, person, refusal) -> None:
    with pytest.raises(refusal):
        edit(session, a_request(session, project_id), by=person, minutes=60)


def test_what_was_changed_meanwhile_is_not_overwritten(session, project_id) -> None:
    request = a_request(session, project_id)
    edit(session, request, minutes=60)
    with pytest.raises(Outdated):
        edit(session, request, revision=1, minutes=90)


def test_a_decision_on_the_revision_before_is_refused(session, project_id) -> None:
    request = a_request(session, project_id)
    edit(session, request, minutes=60)
    actor, old = act(PETE, AFTER), {"request_id": request.id, "revision": 1}
    with pytest.raises(Outdated):
        deciding.decline(session, actor, **old, reason="No", bridge=a_bridge())
    with pytest.raises(Outdated):
        deciding.accept(session, actor, **old, figures=some_figures())


@pytest.mark.parametrize(
    "state", [State.IN_PROGRESS, State.IMPLEMENTED, State.CLOSED, State.WITHDRAWN, State.VOID]
)
def test_work_that_began_and_what_nobody_asks_for_any_more_are_not_changed(
    session, project_id, state
) -> None:
    request = a_request(session, project_id)
    request.state = state
    session.flush()
    with pytest.raises(NotNow):
        edit(session, request, minutes=60)
