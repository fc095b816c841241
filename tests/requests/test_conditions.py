from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.errors import WrongFields
from bot.ledger.models import Funding, FundingEntry
from bot.ledger.service import GoodwillSpent
from bot.people.refusals import ExternalPerson, UnknownPerson
from bot.portfolio import repository as portfolio
from bot.requests import repository, service
from bot.requests.afterwards import returning
from bot.requests.afterwards.bridge_models import BridgeKind
from bot.requests.afterwards.bridges import Bridge
from bot.requests.bargaining import conditional
from bot.requests.bargaining.bargaining_refusals import (
    ConditionGone,
    ConditionOver,
    ConditionSettled,
    NotTheConfirmer,
)
from bot.requests.bargaining.condition_models import ConditionOutcome
from bot.requests.bargaining.conditional import Depends
from bot.requests.editing import edit
from bot.requests.models import Decision, EventKind, Outcome, State
from bot.requests.refusals import (
    AlreadyDecided,
    InThePast,
    Missing,
    NotTheDecider,
    NotWaiting,
    Outdated,
    OwnRequest,
)
from bot.requests.routing.absences import come_back, go_away
from tests.factories import (
    LATER,
    a_request,
    accept,
    act,
    an_ask,
    events_of,
    intervals_of,
    notices_about,
    some_figures,
)
from tests.portfolio.agency import ANA, GUEST, HERE, MAX, OLGA, PETE

FRIDAY = date(2026, 11, 27)
FRIDAY_NIGHT = datetime(2026, 11, 28, tzinfo=UTC)
TEXTS = Depends("The client sends the texts", ANA, FRIDAY)


def on_condition(
    session, request, depends=TEXTS, *, by=PETE, now=LATER, revision=1, figures=None
) -> Decision:
    return conditional.accept_on_condition(
        session,
        act(by, now),
        request_id=request.id,
        revision=revision,
        figures=figures or some_figures(delay_days=2),
        depends=depends,
    )


def met(session, request, *, by=ANA, now=LATER, number=1, revision=1) -> Decision:
    return conditional.condition_met(
        session, act(by, now), request_id=request.id, revision=revision, number=number
    )


def not_met(session, request, *, by=ANA, now=LATER, number=1, reason="They will not") -> Decision:
    return conditional.condition_failed(
        session, act(by, now), request_id=request.id, revision=1, number=number, reason=reason
    )


def entries(session) -> list[FundingEntry]:
    return list(session.scalars(select(FundingEntry).where(FundingEntry.voided_at.is_(None))))


def versions(session, project_id) -> list[tuple[int, int]]:
    found = portfolio.baselines(session, workspace_id=HERE, project_id=project_id)
    return [(baseline.minutes, baseline.budget_minor) for baseline in found]


def standing(session, request) -> Decision:
    found = repository.standing_decision(session, workspace_id=HERE, request_id=request.id)
    assert found is not None
    return found


def test_nothing_is_funded_until_somebody_confirms(session, project_id) -> None:
    request = a_request(session, project_id)
    decision = on_condition(session, request, Depends("Texts", MAX, FRIDAY))
    session.flush()
    assert (request.state, request.ball_holder_id, request.is_open) == (
        State.APPROVED_CONDITIONAL,
        MAX,
        True,
    )
    assert (decision.outcome, decision.minutes, decision.due_on) == (
        Outcome.APPROVED_CONDITIONAL,
        180,
        date(2026, 12, 6),
    )
    assert entries(session) == []
    assert versions(session, project_id) == [(7200, 14_400_00)]
    event = events_of(session, request)[-1]
    assert (event.kind, event.facts["condition"], event.facts["confirmer"]) == (
        EventKind.APPROVED_CONDITIONAL,
        "Texts",
        MAX,
    )
    told = [(n.kind, n.destination) for n in notices_about(session, request)[1:]]
    assert told == [("decided", "C_ACME"), ("client_words", ANA), ("condition_in_private", MAX)]
    card = repository.card_facts(session, workspace_id=HERE, request_id=request.id)
    assert card.decision is not None
    assert card.decision.split == ((Funding.CHANGE_ORDER, 180),)
    assert card.condition is not None
    assert (card.condition.text, card.condition.confirmer.name) == ("Texts", "Max")


def test_once_it_is_met_it_is_funded_as_the_decision_of_who_set_it(session, project_id) -> None:
    request = a_request(session, project_id)
    first = on_condition(session, request)
    decision = met(session, request, now=LATER + timedelta(hours=1))
    session.flush()
    assert (request.state, request.ball_holder_id) == (State.APPROVED, ANA)
    assert (decision.outcome, decision.decided_by, decision.minutes) == (Outcome.APPROVED, PETE, 180)
    cleared = session.get_one(Decision, (HERE, first.id))
    assert (cleared.cleared_at, standing(session, request).id) == (LATER + timedelta(hours=1), decision.id)
    assert [(it.minutes, it.decision_id) for it in entries(session)] == [(180, decision.id)]
    assert versions(session, project_id) == [(7200, 14_400_00), (7380, 14_760_00)]
    event = events_of(session, request)[-1]
    assert (event.kind, event.actor_id) == (EventKind.CONDITION_MET, ANA)
    assert [it.holder_id for it in intervals_of(session, request)] == [PETE, ANA]
    assert [n.kind for n in notices_about(session, request)[-2:]] == ["condition_settled", "client_words"]
    card = repository.card_facts(session, workspace_id=HERE, request_id=request.id)
    assert card.condition is not None
    assert (card.condition.outcome, card.cleared) == (ConditionOutcome.MET, ())
    # The client hears of the yes as of any other.
    service.client_told(session, act(ANA, LATER), request_id=request.id)


def test_the_decider_may_confirm_too_and_nobody_else(session, project_id) -> None:
    request = a_request(session, project_id)
    on_condition(session, request, Depends("Texts", MAX, FRIDAY))
    for by, refusal in ((ANA, NotTheConfirmer), (OLGA, NotTheConfirmer), (GUEST, ExternalPerson)):
        with pytest.raises(refusal):
            met(session, request, by=by)
        with pytest.raises(refusal):
            not_met(session, request, by=by)
    with pytest.raises(Outdated):
        met(session, request, by=MAX, revision=2)
    with pytest.raises(ConditionGone):
        met(session, request, by=MAX, number=2)
    assert met(session, request, by=PETE).outcome is Outcome.APPROVED


def test_what_is_not_met_is_declined_with_the_reason(session, project_id) -> None:
    request = a_request(session, project_id)
    on_condition(session, request)
    with pytest.raises(WrongFields) as caught:
        not_met(session, request, reason=" ")
    assert [(it.field, it.why) for it in caught.value.fields] == [("why", Missing())]
    decision = not_met(session, request)
    assert (request.state, request.ball_holder_id, request.is_open) == (State.REJECTED, ANA, True)
    assert (decision.outcome, decision.decided_by, decision.reason) == (
        Outcome.REJECTED,
        PETE,
        "They will not",
    )
    assert entries(session) == []
    assert versions(session, project_id) == [(7200, 14_400_00)]
    assert events_of(session, request)[-1].kind is EventKind.CONDITION_NOT_MET
    with pytest.raises(ConditionSettled) as settled:
        met(session, request)
    assert (settled.value.by, settled.value.outcome) == ("Ana", ConditionOutcome.NOT_MET)


def test_what_nobody_confirms_in_time_is_declined_once(session, project_id) -> None:
    request = a_request(session, project_id)
    on_condition(session, request)
    session.flush()
    assert conditional.expire_conditions(session, FRIDAY_NIGHT - timedelta(seconds=1)) == 0
    with pytest.raises(ConditionOver):
        met(session, request, now=FRIDAY_NIGHT)
    assert conditional.expire_conditions(session, FRIDAY_NIGHT) == 1
    assert conditional.expire_conditions(session, FRIDAY_NIGHT) == 0
    assert (request.state, request.ball_holder_id) == (State.REJECTED, ANA)
    event = events_of(session, request)[-1]
    assert (event.kind, event.actor_id) == (EventKind.CONDITION_EXPIRED, PETE)
    assert [n.kind for n in notices_about(session, request)[-2:]] == ["condition_settled", "client_words"]
    with pytest.raises(ConditionSettled):
        met(session, request, now=FRIDAY_NIGHT)


def test_what_was_edited_meanwhile_depends_on_nothing_any_more(session, project_id) -> None:
    request = a_request(session, project_id)
    on_condition(session, request)
    edit(
        session,
        act(ANA, LATER),
        request_id=request.id,
        revision=1,
        ask=an_ask(project_id, title="Something else"),
    )
    session.flush()
    assert request.state is State.UNDER_REVIEW
    with pytest.raises(ConditionGone):
        met(session, request, revision=2)
    assert conditional.expire_conditions(session, FRIDAY_NIGHT) == 0
    assert versions(session, project_id) == [(7200, 14_400_00)]
    on_condition(session, request, revision=2)
    with pytest.raises(ConditionGone):
        met(session, request, number=1, revision=2)
    met(session, request, number=2, revision=2)
    assert request.state is State.APPROVED


@pytest.mark.parametrize(
    ("depends", "expected"),
    [
        (Depends(" ", ANA, FRIDAY), ("condition", Missing())),
        (Depends("Texts", "", FRIDAY), ("confirmer", Missing())),
        (Depends("Texts", "U_NOBODY", FRIDAY), ("confirmer", UnknownPerson("U_NOBODY"))),
        (Depends("Texts", GUEST, FRIDAY), ("confirmer", ExternalPerson(GUEST, "Gus"))),
        (Depends("Texts", ANA, None), ("condition_by", Missing())),
        (Depends("Texts", ANA, date(2026, 11, 22)), ("condition_by", InThePast(date(2026, 11, 22)))),
    ],
)
def test_a_condition_needs_words_a_colleague_and_a_day_ahead(session, project_id, depends, expected) -> None:
    request = a_request(session, project_id)
    with pytest.raises(WrongFields) as caught:
        on_condition(session, request, depends)
    assert [(it.field, it.why) for it in caught.value.fields] == [expected]
    assert request.state is State.UNDER_REVIEW


def test_goodwill_is_looked_at_when_it_is_set_and_when_it_is_met(session, project_id) -> None:
    request, other = a_request(session, project_id), a_request(session, project_id)
    given = some_figures(300, split={Funding.GOODWILL: 300})
    with pytest.raises(WrongFields):
        on_condition(session, request, figures=some_figures(500, split={Funding.GOODWILL: 500}))
    on_condition(session, request, figures=given)
    accept(session, other, figures=given)
    session.flush()
    with pytest.raises(WrongFields) as caught:
        met(session, request)
    assert [it.why for it in caught.value.fields] == [GoodwillSpent("Acme", 480, 180, 300)]
    assert request.state is State.APPROVED_CONDITIONAL


def test_only_the_decider_sets_a_condition_on_what_waits(session, project_id) -> None:
    request = a_request(session, project_id)
    for by, refusal in ((ANA, OwnRequest), (MAX, NotTheDecider), (GUEST, ExternalPerson)):
        with pytest.raises(refusal):
            on_condition(session, request, by=by)
    with pytest.raises(Outdated):
        on_condition(session, request, revision=2)
    on_condition(session, request)
    session.flush()
    with pytest.raises(AlreadyDecided):
        on_condition(session, request)
    with pytest.raises(AlreadyDecided):
        accept(session, request)
    other = a_request(session, project_id)
    service.withdraw(session, act(ANA, LATER), request_id=other.id)
    with pytest.raises(NotWaiting):
        on_condition(session, other)


def test_who_stood_in_when_it_was_set_stays_on_record_when_it_is_met(session, project_id) -> None:
    request = a_request(session, project_id)
    away = go_away(session, act(PETE, LATER), first_day=LATER.date(), last_day=FRIDAY, delegate_id=OLGA)
    on_condition(session, request, by=OLGA)
    come_back(session, act(PETE, LATER), delegation_id=away.id)
    decision = met(session, request)
    assert (decision.decided_by, decision.on_behalf_of) == (OLGA, PETE)


def test_what_is_not_met_says_what_would_make_it_a_yes(session, project_id) -> None:
    said_no, nobody = a_request(session, project_id), a_request(session, project_id)
    for request in (said_no, nobody):
        on_condition(session, request)
    not_met(session, said_no)
    assert conditional.expire_conditions(session, FRIDAY_NIGHT) == 1
    for request in (said_no, nobody):
        card = repository.card_facts(session, workspace_id=HERE, request_id=request.id)
        assert card.bridge == Bridge(BridgeKind.CONDITION, TEXTS.text)
        assert card.bridge.may_be_asked_again
    returning.ask_again(session, act(ANA, LATER), request_id=said_no.id, revision=1, note="They came")
    assert (said_no.state, said_no.ball_holder_id) == (State.UNDER_REVIEW, PETE)
