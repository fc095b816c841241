from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.errors import WrongFields
from bot.people.refusals import ExternalPerson
from bot.portfolio.models import Client, Project
from bot.requests import repository, service
from bot.requests.afterwards.bridge_models import BridgeKind
from bot.requests.afterwards.bridges import NoBridge, NoRenewalAhead, NotAhead, NotYet
from bot.requests.afterwards.returning import ask_again, is_back, let_go, wake_deferred
from bot.requests.deciding import defer
from bot.requests.models import EventKind, Outcome, State
from bot.requests.refusals import (
    AlreadyDecided,
    Missing,
    NoSuchRequest,
    NotNow,
    NotTheDecider,
    NotTheRequester,
    Outdated,
    OwnRequest,
)
from bot.workspaces.models import Workspace
from tests.factories import (
    LATER,
    a_bridge,
    a_request,
    accept,
    act,
    decline,
    events_of,
    intervals_of,
    notices_about,
)
from tests.portfolio.agency import ANA, GUEST, HERE, MAX, NOW, PETE, a_client, a_project, settle

SPRING = date(2027, 3, 15)
# Nine in the morning, where the workspace is.
MORNING = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)


def put_off(session, request, *, by=PETE, reason="No room before spring", until=SPRING, revision=1):
    return defer(
        session, act(by, LATER), request_id=request.id, revision=revision, reason=reason, until=until
    )


def key(request, revision=1):
    return {"request_id": request.id, "revision": revision}


@pytest.fixture
def asleep(session, project_id):
    """Deferred until spring, and the client knows."""
    request = a_request(session, project_id)
    put_off(session, request)
    return service.client_told(session, act(ANA, LATER), request_id=request.id)


def client_of(session, project_id) -> Client:
    return session.get_one(Client, (HERE, session.get_one(Project, (HERE, project_id)).client_id))


def came_back(session, request):
    return [notice for notice in notices_about(session, request) if notice.kind == "came_back"]


# --- deferring


def test_what_is_deferred_lies_with_its_requester_until_the_client_knows_and_then_sleeps(
    session, project_id
) -> None:
    request = a_request(session, project_id)
    decision = put_off(session, request, reason="  Not\x00 now ")
    assert (decision.outcome, decision.reason, request.state) == (Outcome.DEFERRED, "Not now", State.DEFERRED)
    assert (request.ball_holder_id, request.is_open) == (ANA, True)
    assert events_of(session, request)[-1].facts["returns_on"] == "2027-03-15"
    service.client_told(session, act(ANA, LATER), request_id=request.id)
    assert (request.ball_holder_id, request.is_open, request.closed_at) == (None, False, None)
    card = repository.card_facts(session, workspace_id=HERE, request_id=request.id)
    assert card.bridge is not None
    assert (card.bridge.kind, card.bridge.returns_on) == (BridgeKind.DATE, SPRING)


def test_it_can_be_deferred_to_the_renewal(session, project_id) -> None:
    client_of(session, project_id).renewal_on = SPRING
    request = a_request(session, project_id)
    put_off(session, request, until=None)
    card = repository.card_facts(session, workspace_id=HERE, request_id=request.id)
    assert card.bridge is not None
    assert (card.bridge.kind, card.bridge.returns_on) == (BridgeKind.RENEWAL, SPRING)


@pytest.mark.parametrize("renewal_on", [None, NOW.date(), NOW.date() - timedelta(days=1)])
def test_nothing_is_deferred_to_a_renewal_that_does_not_lie_ahead(session, project_id, renewal_on) -> None:
    client_of(session, project_id).renewal_on = renewal_on
    request = a_request(session, project_id)
    with pytest.raises(WrongFields) as caught:
        put_off(session, request, until=None)
    assert [(wrong.field, wrong.why) for wrong in caught.value.fields] == [
        ("returns_on", NoRenewalAhead("Acme"))
    ]


def test_deferring_needs_a_reason_and_a_day_ahead(session, project_id) -> None:
    request = a_request(session, project_id)
    with pytest.raises(WrongFields) as caught:
        put_off(session, request, reason=" ", until=NOW.date())
    assert [(wrong.field, wrong.why) for wrong in caught.value.fields] == [
        ("why", Missing()),
        ("returns_on", NotAhead(NOW.date())),
    ]
    assert request.state is State.UNDER_REVIEW


def test_only_who_decides_defers_once_and_what_was_shown(session, project_id) -> None:
    request = a_request(session, project_id)
    for person, refusal in ((ANA, OwnRequest), (MAX, NotTheDecider), (GUEST, ExternalPerson)):
        with pytest.raises(refusal):
            put_off(session, request, by=person)
    with pytest.raises(Outdated):
        put_off(session, request, revision=2)
    put_off(session, request)
    with pytest.raises(AlreadyDecided) as caught:
        put_off(session, request)
    assert caught.value.outcome is Outcome.DEFERRED


# --- coming back


def test_on_the_morning_of_its_day_it_is_back_with_its_requester_once(session, asleep) -> None:
    assert wake_deferred(session, MORNING - timedelta(minutes=1)) == 0
    assert wake_deferred(session, MORNING) == 1
    assert (asleep.state, asleep.ball_holder_id, asleep.is_open) == (State.UNDER_REVIEW, ANA, True)
    assert is_back(asleep)
    assert (asleep.client_told_at, asleep.decided_at) == (None, None)
    assert asleep.answer_owed_on > SPRING
    assert [notice.destination for notice in came_back(session, asleep)] == [ANA]
    assert (events_of(session, asleep)[-1].kind, events_of(session, asleep)[-1].actor_id) == (
        EventKind.CAME_BACK,
        "Handoff",
    )
    assert wake_deferred(session, MORNING + timedelta(days=1)) == 0
    assert repository.card_facts(session, workspace_id=HERE, request_id=asleep.id).is_back


def test_the_morning_is_the_workspaces_own(session, asleep) -> None:
    session.get_one(Workspace, HERE).zone = "America/New_York"
    session.flush()
    assert wake_deferred(session, MORNING) == 0
    assert wake_deferred(session, MORNING + timedelta(hours=4)) == 1


def test_what_nobody_told_the_client_of_comes_back_all_the_same(session, project_id) -> None:
    request = a_request(session, project_id)
    put_off(session, request)
    assert wake_deferred(session, MORNING) == 1
    assert is_back(request)
    assert [(i.holder_id, i.until is None) for i in intervals_of(session, request)] == [
        (PETE, False),
        (ANA, True),
    ]


def test_an_earlier_renewal_brings_it_back_earlier_and_a_later_one_changes_nothing(
    session, project_id
) -> None:
    client = client_of(session, project_id)
    client.renewal_on = SPRING
    one, other = a_request(session, project_id), a_request(session, project_id)
    put_off(session, one, until=None)
    client.renewal_on = SPRING - timedelta(days=30)
    session.flush()
    assert wake_deferred(session, MORNING - timedelta(days=31)) == 0
    assert wake_deferred(session, MORNING - timedelta(days=30)) == 1
    client.renewal_on = SPRING
    put_off(session, other, until=None)
    client.renewal_on = SPRING + timedelta(days=365)
    session.flush()
    assert wake_deferred(session, MORNING) == 1


def test_a_no_with_a_day_is_reminded_of_and_stays_a_no_until_it_is_asked_again(session, project_id) -> None:
    request = a_request(session, project_id)
    decline(session, request, bridge=a_bridge(BridgeKind.DATE, "", SPRING))
    service.client_told(session, act(ANA, LATER), request_id=request.id)
    with pytest.raises(NotYet) as caught:
        ask_again(session, act(ANA, LATER), **key(request))
    assert caught.value == NotYet("ACME-1", SPRING, "Pete")
    assert wake_deferred(session, MORNING) == 1
    assert wake_deferred(session, MORNING) == 0
    assert (request.state, request.is_open) == (State.REJECTED, False)
    assert len(came_back(session, request)) == 1
    ask_again(session, act(ANA, MORNING), **key(request))
    assert (request.state, request.ball_holder_id, request.closed_at) == (State.UNDER_REVIEW, PETE, None)
    assert accept(session, request, now=MORNING).outcome is Outcome.APPROVED


def test_a_later_phase_begins_with_the_clients_next_project(session, project_id) -> None:
    request = a_request(session, project_id)
    decline(session, request, bridge=a_bridge(BridgeKind.PHASE, "In the second phase"))
    assert wake_deferred(session, MORNING) == 0
    a_project(session, a_client(session, name="Beta"), key="BETA")
    client = client_of(session, project_id)
    next_one = a_project(session, client.id, key="APP", name="Acme App", starts_on=SPRING, figures=None)
    session.get_one(Project, (HERE, next_one)).created_at = LATER + timedelta(days=1)
    session.flush()
    assert wake_deferred(session, MORNING - timedelta(days=1)) == 0
    assert wake_deferred(session, MORNING) == 1


# --- asking again, letting go


def test_asking_again_needs_a_fresh_decision_of_whoever_decides_by_then(session, asleep, project_id) -> None:
    session.get_one(Project, (HERE, project_id)).pm_id = MAX
    session.flush()
    wake_deferred(session, MORNING)
    ask_again(session, act(ANA, MORNING), **key(asleep))
    assert asleep.ball_holder_id == asleep.decider_id
    assert not is_back(asleep)
    with pytest.raises(NotNow):
        ask_again(session, act(ANA, MORNING), **key(asleep))
    accept(session, asleep, by=asleep.decider_id, now=MORNING)
    assert asleep.state is State.APPROVED


def test_what_has_no_day_is_asked_again_with_what_has_changed(session, project_id) -> None:
    request = a_request(session, project_id)
    decline(session, request)
    with pytest.raises(WrongFields) as caught:
        ask_again(session, act(ANA, LATER), **key(request), note="\x00 ")
    assert [(wrong.field, wrong.why) for wrong in caught.value.fields] == [("why", Missing())]
    ask_again(session, act(ANA, LATER), **key(request), note="They have €600 now")
    assert events_of(session, request)[-1].facts == {"reason": "They have €600 now", "cleared": "rejected"}
    assert (request.state, request.ball_holder_id) == (State.UNDER_REVIEW, PETE)


def test_what_the_agreement_rules_out_is_not_asked_again(session, project_id) -> None:
    request = a_request(session, project_id)
    decline(session, request, bridge=a_bridge(BridgeKind.CLAUSE, "Section 4"))
    for act_on in (ask_again, let_go):
        with pytest.raises(NoBridge) as caught:
            act_on(session, act(ANA, LATER), **key(request))
        assert caught.value == NoBridge("ACME-1")


def test_what_is_back_or_asleep_can_be_let_go(session, asleep, project_id) -> None:
    other = a_request(session, project_id)
    put_off(session, other)
    let_go(session, act(ANA, LATER), **key(other))
    wake_deferred(session, MORNING)
    let_go(session, act(ANA, MORNING), **key(asleep))
    for request in (asleep, other):
        assert (request.state, request.is_open, request.ball_holder_id) == (State.WITHDRAWN, False, None)
    assert wake_deferred(session, MORNING + timedelta(days=1)) == 0


def test_a_no_that_is_let_go_stays_a_no_and_comes_back_no_more(session, project_id) -> None:
    request = a_request(session, project_id)
    decline(session, request, bridge=a_bridge(BridgeKind.DATE, "", SPRING))
    let_go(session, act(ANA, LATER), **key(request))
    assert (request.state, request.ball_holder_id) == (State.REJECTED, ANA)
    assert wake_deferred(session, MORNING) == 0
    with pytest.raises(NoBridge):
        let_go(session, act(ANA, LATER), **key(request))


@pytest.mark.parametrize("act_on", [ask_again, let_go])
def test_only_who_logged_it_asks_again_or_lets_go(session, asleep, act_on) -> None:
    wake_deferred(session, MORNING)
    settle(session, "T2")
    for person, refusal in ((PETE, NotTheRequester), (GUEST, ExternalPerson)):
        with pytest.raises(refusal):
            act_on(session, act(person, MORNING), **key(asleep))
    with pytest.raises(Outdated):
        act_on(session, act(ANA, MORNING), **key(asleep, revision=2))
    with pytest.raises(NoSuchRequest):
        act_on(session, act(ANA, MORNING, "T2"), **key(asleep))


@pytest.mark.parametrize("act_on", [ask_again, let_go])
def test_what_waits_or_was_accepted_has_nothing_to_come_back_to(session, project_id, act_on) -> None:
    waiting, accepted = a_request(session, project_id), a_request(session, project_id)
    accept(session, accepted)
    for request in (waiting, accepted):
        with pytest.raises(NotNow):
            act_on(session, act(ANA, LATER), **key(request))
