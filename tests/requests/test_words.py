"""A workspace's own words for clients, and the holding reply that was sent."""

from __future__ import annotations

import pytest

from bot.errors import WrongFields
from bot.people.refusals import ExternalPerson, NotYourSettings
from bot.portfolio.languages import Language
from bot.requests.client_words import words
from bot.requests.client_words.promising import AlreadySaid, holding_sent
from bot.requests.client_words.words import UnknownPlaceholder, WordsTooLong
from bot.requests.client_words.words_models import Step
from bot.requests.models import EventKind, Promise
from bot.requests.refusals import AlreadyTold, Missing, NoSuchRequest, NotTheRequester
from bot.requests.service import client_told
from tests.factories import LATER, a_request, act, decline, events_of, name_director
from tests.portfolio.agency import ANA, GUEST, HERE, MAX, OLGA, PETE, settle


def own(session, step=Step.DECLINED, language=Language.ENGLISH, workspace_id=HERE):
    return words.own_words(session, workspace_id=workspace_id, step=step, language=language)


def change(session, text, *, by=ANA, step=Step.DECLINED, language=Language.ENGLISH, workspace_id=HERE):
    actor = act(by, workspace_id=workspace_id)
    words.change_words(session, actor, step=step, language=language, text=text)
    session.flush()


def refused(session, text, **where):
    with pytest.raises(WrongFields) as error:
        change(session, text, **where)
    (wrong,) = error.value.fields
    assert wrong.field == "words"
    return wrong.why


def test_own_words_hold_for_one_step_and_one_language(session, project_id) -> None:
    change(session, " Sorry, {contact}: {bridge}\x00 ")
    assert own(session) == "Sorry, {contact}: {bridge}"
    assert own(session, Step.ACCEPTED) is None
    assert own(session, language=Language.GERMAN) is None


def test_own_words_can_be_changed_again_and_given_up(session, project_id) -> None:
    change(session, "First")
    change(session, "Second", by=PETE)
    assert own(session) == "Second"
    words.reset_words(session, act(ANA), step=Step.DECLINED, language=Language.ENGLISH)
    words.reset_words(session, act(ANA), step=Step.DECLINED, language=Language.ENGLISH)
    session.flush()
    assert own(session) is None


def test_another_workspace_keeps_its_own(session, project_id) -> None:
    settle(session, "T2")
    change(session, "Ours")
    change(session, "Theirs", workspace_id="T2")
    assert (own(session), own(session, workspace_id="T2")) == ("Ours", "Theirs")


def test_a_placeholder_nobody_knows_is_refused_with_those_that_are_known(session, project_id) -> None:
    why = refused(session, "Hi {contact}, {reason}", step=Step.DECLINED)
    assert why == UnknownPlaceholder("reason", words.PLACEHOLDERS[Step.DECLINED])
    assert "bridge" in why.known
    assert isinstance(refused(session, "{fee}", step=Step.HOLDING), UnknownPlaceholder)
    assert isinstance(refused(session, "{}"), UnknownPlaceholder)


def test_no_words_and_too_many_are_refused(session, project_id) -> None:
    assert refused(session, "  \n ") == Missing()
    assert refused(session, "x" * 2_501) == WordsTooLong(2_501, 2_500)


def test_whoever_may_not_change_the_settings_may_not_change_the_words(session, project_id) -> None:
    name_director(session, MAX)
    for may in (MAX, OLGA):
        change(session, f"By {may}", by=may)
    with pytest.raises(NotYourSettings):
        change(session, "Mine", by=ANA)
    with pytest.raises(NotYourSettings):
        words.reset_words(session, act(ANA), step=Step.DECLINED, language=Language.ENGLISH)
    with pytest.raises(ExternalPerson):
        change(session, "Mine", by=GUEST)
    assert own(session) == f"By {OLGA}"


def test_a_value_that_looks_like_a_placeholder_stays_what_it_is() -> None:
    assert words.filled("{title} {fee}", {"title": "{fee}", "fee": "1"}) == "{fee} 1"


# --- the holding reply


def test_a_holding_reply_that_was_sent_is_written_down_with_its_time(session, project_id) -> None:
    request = a_request(session, project_id, promise=Promise.NOTHING_SAID)
    before = request.version
    holding_sent(session, act(ANA, LATER), request_id=request.id)
    assert (request.promise, request.promise_at, request.version) == (
        Promise.HOLDING_REPLY,
        LATER,
        before + 1,
    )
    assert events_of(session, request)[-1].kind is EventKind.HOLDING_SENT


def test_a_second_press_is_refused_with_the_first_time(session, project_id) -> None:
    request = a_request(session, project_id, promise=Promise.NOTHING_SAID)
    holding_sent(session, act(ANA, LATER), request_id=request.id)
    with pytest.raises(AlreadySaid) as error:
        holding_sent(session, act(ANA, LATER), request_id=request.id)
    assert error.value == AlreadySaid("ACME-1", Promise.HOLDING_REPLY, LATER)


def test_only_the_requester_says_so_and_not_after_the_answer(session, project_id) -> None:
    request = a_request(session, project_id, promise=Promise.NOTHING_SAID)
    with pytest.raises(NotTheRequester):
        holding_sent(session, act(PETE), request_id=request.id)
    with pytest.raises(NoSuchRequest):
        holding_sent(session, act(ANA), request_id=project_id)
    decline(session, request)
    client_told(session, act(ANA, LATER), request_id=request.id)
    with pytest.raises(AlreadyTold):
        holding_sent(session, act(ANA, LATER), request_id=request.id)
