from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.errors import WrongFields
from bot.ledger.models import Funding
from bot.ledger.repository import Accepted, accepted_on
from bot.people.refusals import ExternalPerson
from bot.portfolio import repository as portfolio
from bot.portfolio.models import Project
from bot.requests import repository
from bot.requests.afterwards.bridges import NotAhead
from bot.requests.afterwards.client_answers import (
    client_accepted,
    client_declined,
    expire_answers,
    sent_to_client,
)
from bot.requests.afterwards.delivering import delivered, start
from bot.requests.models import ClientAnswer, EventKind, State
from bot.requests.refusals import (
    AlreadyTold,
    ClientHasAnswered,
    NoAnswerNeeded,
    NoSuchRequest,
    NotNow,
    NotTheRequester,
    Outdated,
)
from bot.requests.service import client_told
from tests.factories import (
    LATER,
    a_request,
    accept,
    act,
    decline,
    events_of,
    notices_about,
    some_figures,
)
from tests.portfolio.agency import ANA, GUEST, HERE, MAX, NOW, PETE, settle

SENT = LATER + timedelta(hours=1)
FRIDAY = date(2026, 12, 4)
RECORDING = pytest.mark.parametrize("record", [sent_to_client, client_accepted, client_declined])


@pytest.fixture
def billable(session, project_id):
    """An accepted request that the client pays for."""
    request = a_request(session, project_id)
    accept(session, request)
    return request


def key(request, revision=1):
    return {"request_id": request.id, "revision": revision}


def card_of(session, request):
    return repository.card_facts(session, workspace_id=HERE, request_id=request.id)


def test_what_the_client_pays_for_needs_their_yes(session, project_id) -> None:
    answers = {}
    for funding in Funding:
        request = a_request(session, project_id)
        accept(session, request, figures=some_figures(60, split={funding: 60}))
        answers[funding] = request.client_answer
    assert answers.pop(Funding.CHANGE_ORDER) is ClientAnswer.NOT_SENT
    assert set(answers.values()) == {ClientAnswer.NOT_REQUIRED}


def test_what_is_sent_stays_with_who_logged_it_until_the_client_says_yes(session, billable) -> None:
    sent_to_client(session, act(ANA, SENT), **key(billable), valid_until=FRIDAY)
    assert (billable.client_answer, billable.answer_valid_until) == (ClientAnswer.SENT, FRIDAY)
    assert (billable.client_told_at, billable.ball_holder_id) == (SENT, ANA)
    client_accepted(session, act(ANA, SENT), **key(billable))
    assert (billable.client_answer, billable.ball_holder_id) == (ClientAnswer.ACCEPTED, PETE)
    assert [event.kind for event in events_of(session, billable)[-2:]] == [
        EventKind.SENT_TO_CLIENT,
        EventKind.CLIENT_ACCEPTED,
    ]
    assert [notice.kind for notice in notices_about(session, billable)].count("client_answered") == 1


def test_telling_the_client_of_a_price_is_sending_it(session, billable) -> None:
    client_told(session, act(ANA, SENT), request_id=billable.id)
    assert (billable.client_answer, billable.ball_holder_id) == (ClientAnswer.SENT, ANA)
    with pytest.raises(AlreadyTold):
        client_told(session, act(ANA, SENT), request_id=billable.id)


def test_it_can_be_sent_again_and_the_first_time_it_was_told_stays(session, billable) -> None:
    sent_to_client(session, act(ANA, SENT), **key(billable), valid_until=FRIDAY)
    later = SENT + timedelta(days=1)
    sent_to_client(session, act(ANA, later), **key(billable))
    assert (billable.answer_valid_until, billable.client_told_at) == (None, SENT)


def test_a_yes_may_come_before_anything_was_sent(session, billable) -> None:
    client_accepted(session, act(ANA, SENT), **key(billable))
    assert (billable.client_told_at, billable.ball_holder_id) == (SENT, PETE)


def test_a_no_undoes_the_approval_and_it_is_decided_anew(session, billable, project_id) -> None:
    start(session, act(PETE, SENT), request_id=billable.id)
    sent_to_client(session, act(ANA, SENT), **key(billable), valid_until=FRIDAY)
    client_declined(session, act(ANA, SENT), **key(billable), reason=" Too dear\x00 ")
    assert (billable.state, billable.ball_holder_id) == (State.UNDER_REVIEW, PETE)
    assert (billable.client_answer, billable.client_told_at) == (ClientAnswer.DECLINED, None)
    assert billable.answer_valid_until is None
    assert accepted_on(session, workspace_id=HERE, project_id=project_id) == Accepted()
    assert len(portfolio.baselines(session, workspace_id=HERE, project_id=project_id)) == 3
    assert events_of(session, billable)[-1].facts == {"reason": "Too dear"}
    accept(session, billable, figures=some_figures(split={Funding.GOODWILL: 60}, minutes=60))
    assert billable.client_answer is ClientAnswer.NOT_REQUIRED


def test_a_no_goes_to_whoever_decides_there_by_then(session, billable, project_id) -> None:
    session.get_one(Project, (HERE, project_id)).pm_id = MAX
    client_declined(session, act(ANA, SENT), **key(billable))
    assert (billable.decider_id, billable.ball_holder_id) == (MAX, MAX)


def test_a_no_to_what_is_done_already_is_decided_anew_too(session, billable) -> None:
    delivered(session, act(PETE, SENT), request_id=billable.id)
    client_declined(session, act(ANA, SENT), **key(billable))
    assert (billable.state, billable.is_open, billable.ball_holder_id) == (State.UNDER_REVIEW, True, PETE)


def test_work_begun_before_the_yes_is_at_risk_until_it_comes(session, billable) -> None:
    assert not card_of(session, billable).is_at_risk
    start(session, act(PETE, SENT), request_id=billable.id)
    assert card_of(session, billable).is_at_risk
    sent_to_client(session, act(ANA, SENT), **key(billable))
    assert card_of(session, billable).is_at_risk
    client_accepted(session, act(ANA, SENT), **key(billable))
    assert not card_of(session, billable).is_at_risk


def test_what_nobody_is_billed_for_is_never_at_risk(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request, figures=some_figures(split={Funding.RETAINER: 180}))
    start(session, act(PETE, SENT), request_id=request.id)
    assert not card_of(session, request).is_at_risk
    with pytest.raises(NoAnswerNeeded) as caught:
        client_accepted(session, act(ANA, SENT), **key(request))
    assert caught.value == NoAnswerNeeded("ACME-1", "Acme")


@RECORDING
def test_only_who_logged_it_records_the_answer(session, billable, record) -> None:
    with pytest.raises(NotTheRequester):
        record(session, act(PETE, SENT), **key(billable))
    with pytest.raises(ExternalPerson):
        record(session, act(GUEST, SENT), **key(billable))


@RECORDING
def test_an_answer_is_recorded_once(session, billable, record) -> None:
    client_accepted(session, act(ANA, SENT), **key(billable))
    with pytest.raises(ClientHasAnswered) as caught:
        record(session, act(ANA, SENT), **key(billable))
    assert caught.value == ClientHasAnswered("ACME-1", "Acme")


@RECORDING
def test_there_is_nothing_to_answer_before_the_yes_and_after_a_no(session, project_id, record) -> None:
    waiting, declined = a_request(session, project_id), a_request(session, project_id)
    decline(session, declined)
    for request in (waiting, declined):
        with pytest.raises(NotNow) as caught:
            record(session, act(ANA, SENT), **key(request))
        assert caught.value.state is request.state


@RECORDING
def test_an_answer_to_another_revision_is_outdated(session, billable, record) -> None:
    with pytest.raises(Outdated):
        record(session, act(ANA, SENT), **key(billable, revision=2))


@RECORDING
def test_others_have_no_such_request(session, billable, record) -> None:
    settle(session, "T2")
    with pytest.raises(NoSuchRequest):
        record(session, act(ANA, SENT, "T2"), **key(billable))


def test_nothing_is_valid_until_a_day_that_is_over(session, billable) -> None:
    yesterday = NOW.date() - timedelta(days=1)
    with pytest.raises(WrongFields) as caught:
        sent_to_client(session, act(ANA, SENT), **key(billable), valid_until=yesterday)
    assert [(wrong.field, wrong.why) for wrong in caught.value.fields] == [
        ("valid_until", NotAhead(yesterday))
    ]


# --- expiring


AFTER = datetime(2026, 12, 5, 0, 1, tzinfo=UTC)


def test_an_answer_expires_when_its_last_day_is_over_and_once(session, billable) -> None:
    sent_to_client(session, act(ANA, SENT), **key(billable), valid_until=FRIDAY)
    assert expire_answers(session, AFTER - timedelta(minutes=2)) == 0
    assert expire_answers(session, AFTER) == 1
    assert (billable.client_answer, billable.ball_holder_id) == (ClientAnswer.EXPIRED, ANA)
    assert expire_answers(session, AFTER) == 0
    (notice,) = [notice for notice in notices_about(session, billable) if notice.kind == "answer_expired"]
    assert notice.destination == ANA
    assert events_of(session, billable)[-1].actor_id == "Handoff"


def test_what_expired_can_be_sent_again_or_answered_after_all(session, billable) -> None:
    sent_to_client(session, act(ANA, SENT), **key(billable), valid_until=FRIDAY)
    expire_answers(session, AFTER)
    sent_to_client(session, act(ANA, AFTER), **key(billable), valid_until=date(2026, 12, 18))
    assert billable.client_answer is ClientAnswer.SENT
    assert expire_answers(session, AFTER) == 0
    client_accepted(session, act(ANA, AFTER), **key(billable))
    assert expire_answers(session, AFTER + timedelta(days=30)) == 0


def test_what_was_answered_or_never_sent_does_not_expire(session, billable, project_id) -> None:
    undated = a_request(session, project_id)
    accept(session, undated)
    sent_to_client(session, act(ANA, SENT), **key(undated))
    sent_to_client(session, act(ANA, SENT), **key(billable), valid_until=FRIDAY)
    client_declined(session, act(ANA, SENT), **key(billable))
    assert expire_answers(session, AFTER + timedelta(days=300)) == 0
