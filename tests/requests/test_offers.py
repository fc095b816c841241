from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.errors import WrongFields
from bot.ledger.models import Funding, FundingEntry
from bot.ledger.service import GoodwillSpent
from bot.people.refusals import ExternalPerson, UnknownPerson
from bot.portfolio import repository as portfolio
from bot.portfolio.models import Baseline
from bot.requests import repository, service
from bot.requests.bargaining import asking, offering, offers
from bot.requests.bargaining.bargaining_refusals import NotAnOption, OfferGone, OfferOver, OwnOffer, TooEarly
from bot.requests.bargaining.offering import Option
from bot.requests.models import EventKind, State
from bot.requests.refusals import (
    AlreadyDecided,
    InThePast,
    Missing,
    NobodyBilled,
    NoSuchRequest,
    NotTheDecider,
    NotTheRequester,
    NotWaiting,
    Outdated,
    OwnRequest,
    TooMuch,
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
    some_figures,
)
from tests.portfolio.agency import ANA, GUEST, HERE, MAX, OLGA, PETE

FRIDAY = date(2026, 11, 27)
DUE = date(2026, 12, 4)


def option(what="A smaller form", minutes=120, fee_minor=240_00, **changes) -> Option:
    fields = {"funding": Funding.CHANGE_ORDER, "valid_until": FRIDAY, "day": None} | changes
    return Option(what, minutes, fee_minor, **fields)


FREE = option("In the contingency", 60, 0, funding=Funding.CONTINGENCY)
LATE = option("Next week", 180, 0, funding=Funding.RETAINER, day=DUE + timedelta(days=7))


def offer(session, request, *options, by=PETE, revision=1, now=LATER):
    return offering.counter_offer(
        session,
        act(by, now),
        request_id=request.id,
        revision=revision,
        options=options or (option(), FREE, LATE),
    )


def take(session, request, it, *, by=ANA, revision=1, now=LATER):
    return offering.take(session, act(by, now), request_id=request.id, revision=revision, offer_id=it.id)


def take_none(session, request, *, by=ANA, number=1, reason="", now=LATER, revision=1):
    return offering.take_none(
        session, act(by, now), request_id=request.id, revision=revision, number=number, reason=reason
    )


def newest_baseline(session, project_id) -> Baseline:
    return portfolio.current(session, workspace_id=HERE, project_id=project_id)


def wrong(caught) -> list[tuple[str, object]]:
    return [(it.field, it.why) for it in caught.value.fields]


def test_options_give_the_ball_to_who_logged_it(session, project_id) -> None:
    request = a_request(session, project_id)
    made = offer(session, request)
    assert (request.state, request.ball_holder_id, request.is_open) == (State.COUNTERED, ANA, True)
    assert (request.offer_round, request.version) == (1, 2)
    assert [(it.position, it.what, it.minutes, it.fee_minor, it.delay_days) for it in made] == [
        (1, "A smaller form", 120, 240_00, 0),
        (2, "In the contingency", 60, 0, 0),
        (3, "Next week", 180, 0, 7),
    ]
    # Pete lives in London: the end of Friday there.
    assert {it.expires_at for it in made} == {datetime(2026, 11, 28, tzinfo=UTC)}
    event = events_of(session, request)[-1]
    assert (event.kind, event.facts["round"], len(event.facts["options"])) == (EventKind.COUNTERED, 1, 3)
    told = [(n.kind, n.destination, n.facts) for n in notices_about(session, request)[1:]]
    assert told == [
        ("offered", "C_ACME", {"round": 1}),
        ("offered_in_private", ANA, {"round": 1}),
        ("client_words", ANA, {"step": "countered"}),
    ]


def test_taking_one_decides_on_its_figures_as_the_decision_of_who_offered_it(session, project_id) -> None:
    request = a_request(session, project_id)
    _, _, late = offer(session, request)
    decision = take(session, request, late)
    session.flush()
    assert (request.state, request.ball_holder_id, request.decided_at) == (State.APPROVED, ANA, LATER)
    assert (decision.decided_by, decision.minutes, decision.fee_minor, decision.delay_days) == (
        PETE,
        180,
        0,
        7,
    )
    assert decision.due_on == DUE + timedelta(days=7)
    entry = session.scalars(select(FundingEntry)).one()
    assert (entry.funding, entry.minutes, entry.decision_id) == (Funding.RETAINER, 180, decision.id)
    baseline = newest_baseline(session, project_id)
    assert (baseline.version, baseline.minutes, baseline.due_on) == (
        2,
        120 * 60 + 180,
        DUE + timedelta(days=7),
    )
    event = events_of(session, request)[-1]
    assert (event.kind, event.actor_id, event.facts["offered_by"], event.facts["option"]) == (
        EventKind.OFFER_TAKEN,
        ANA,
        PETE,
        "C",
    )
    assert [n.kind for n in notices_about(session, request)[4:]] == ["offer_taken", "client_words"]
    card = repository.card_facts(session, workspace_id=HERE, request_id=request.id)
    assert [(it.letter, it.taken_by.name) for it in card.offers if it.taken_by] == [("C", "Ana")]
    assert len(card.offers) == 1


def test_who_decides_by_now_is_not_said_to_have_been_away_when_it_was_offered(session, project_id) -> None:
    request = a_request(session, project_id)
    first, *_ = offer(session, request)
    reassign(session, act(PETE, LATER), request_id=request.id, revision=1, person_id=OLGA, reason="Hers now")
    decision = take(session, request, first)
    assert (decision.decided_by, decision.on_behalf_of) == (PETE, None)


def test_nobody_takes_what_they_offered_in_the_place_of_who_asked(session, project_id) -> None:
    days = {"first_day": LATER.date(), "last_day": FRIDAY}
    request = a_request(session, project_id)
    first, *_ = offer(session, request)
    go_away(session, act(ANA, LATER), delegate_id=PETE, **days)
    assert (request.ball_holder_id, request.ball_for_id) == (PETE, ANA)
    with pytest.raises(OwnOffer) as refused:
        take(session, request, first, by=PETE)
    assert (refused.value.requester, request.state) == ("Ana", State.COUNTERED)
    take_none(session, request, by=PETE)
    assert (request.state, request.ball_holder_id) == (State.UNDER_REVIEW, PETE)


def test_nobody_takes_an_option_of_what_they_decide(session, project_id) -> None:
    days = {"first_day": LATER.date(), "last_day": FRIDAY}
    request = a_request(session, project_id)
    go_away(session, act(PETE, LATER), delegate_id=OLGA, **days)
    first, *_ = offer(session, request, by=OLGA)
    go_away(session, act(ANA, LATER), delegate_id=PETE, **days)
    with pytest.raises(OwnOffer):
        take(session, request, first, by=OLGA)
    assert take(session, request, first).decided_by == OLGA


def test_what_is_left_after_one_was_taken_cannot_be_taken(session, project_id) -> None:
    request = a_request(session, project_id)
    first, second, _ = offer(session, request)
    take(session, request, first)
    session.flush()
    with pytest.raises(AlreadyDecided) as caught:
        take(session, request, second)
    assert caught.value.decided_by == "Pete"
    with pytest.raises(AlreadyDecided):
        take_none(session, request)


def test_none_of_them_gives_the_ball_back_with_the_reason(session, project_id) -> None:
    request = a_request(session, project_id)
    offer(session, request)
    take_none(session, request, reason=" Too\x00 dear ")
    assert (request.state, request.ball_holder_id) == (State.UNDER_REVIEW, PETE)
    assert [it.holder_id for it in intervals_of(session, request)] == [PETE, ANA, PETE]
    assert events_of(session, request)[-1].facts == {"round": 1, "reason": "Too dear"}
    card = repository.card_facts(session, workspace_id=HERE, request_id=request.id)
    assert (card.offers, card.rounds) == ((), 1)


def test_a_new_counter_offer_takes_the_place_of_the_old_one(session, project_id) -> None:
    request = a_request(session, project_id)
    (old,) = offer(session, request, option())
    (new,) = offer(session, request, option("Half of it", 60, 120_00))
    assert (request.offer_round, request.ball_holder_id) == (2, ANA)
    with pytest.raises(OfferGone):
        take(session, request, old)
    with pytest.raises(OfferGone):
        take_none(session, request, number=1)
    assert take(session, request, new).minutes == 60


def test_the_decider_may_still_accept_or_decline(session, project_id) -> None:
    first, second = a_request(session, project_id), a_request(session, project_id)
    (it,) = offer(session, first, option())
    offer(session, second)
    accept(session, first)
    decline(session, second)
    assert (first.state, second.state) == (State.APPROVED, State.REJECTED)
    card = repository.card_facts(session, workspace_id=HERE, request_id=first.id)
    assert card.offers == ()
    with pytest.raises(AlreadyDecided):
        take(session, first, it)


def test_an_offer_may_follow_a_question_and_withdrawing_ends_it(session, project_id) -> None:
    request = a_request(session, project_id)
    asking.ask_for_info(session, act(PETE, LATER), request_id=request.id, revision=1, question="Which?")
    (it,) = offer(session, request, option())
    assert (request.state, request.ball_holder_id) == (State.COUNTERED, ANA)
    service.withdraw(session, act(ANA, LATER), request_id=request.id)
    with pytest.raises(NotWaiting):
        take(session, request, it)


def test_an_option_can_be_taken_to_the_end_of_its_day_and_not_after(session, project_id) -> None:
    request = a_request(session, project_id)
    it, other = offer(session, request, option(), option(valid_until=FRIDAY + timedelta(days=3)))
    over = datetime(2026, 11, 28, tzinfo=UTC)
    with pytest.raises(OfferOver) as caught:
        take(session, request, it, now=over)
    assert (caught.value.option, caught.value.valid_until, caught.value.by) == ("A", FRIDAY, "Pete")
    assert take(session, request, other, now=over).minutes == 120
    again = a_request(session, project_id)
    (it,) = offer(session, again, option())
    take(session, again, it, now=over - timedelta(seconds=1))
    assert again.state is State.APPROVED


def test_the_clock_marks_what_is_over_once_and_tells_when_all_are(session, project_id) -> None:
    request = a_request(session, project_id)
    offer(session, request, option(), option(valid_until=FRIDAY + timedelta(days=3)))
    session.flush()
    friday_night = datetime(2026, 11, 28, tzinfo=UTC)
    assert offering.mark_over(session, friday_night - timedelta(seconds=1)) == 0
    assert offering.mark_over(session, friday_night) == 1
    assert offering.mark_over(session, friday_night) == 0
    version = request.version
    card = repository.card_facts(session, workspace_id=HERE, request_id=request.id)
    assert [it.is_over for it in card.offers] == [True, False]
    assert "offers_over" not in {n.kind for n in notices_about(session, request)}
    assert offering.mark_over(session, friday_night + timedelta(days=3)) == 1
    assert request.version == version + 1
    assert [n.kind for n in notices_about(session, request)].count("offers_over") == 1
    assert (request.state, request.ball_holder_id) == (State.COUNTERED, ANA)
    # The decider can make new ones.
    (it,) = offer(
        session, request, option(valid_until=date(2026, 12, 4)), now=friday_night + timedelta(days=4)
    )
    take(session, request, it, now=friday_night + timedelta(days=4))
    assert request.state is State.APPROVED


def test_what_is_over_after_the_decision_changes_no_card(session, project_id) -> None:
    request = a_request(session, project_id)
    it, _ = offer(session, request, option(), FREE)
    take(session, request, it)
    session.flush()
    version = request.version
    assert offering.mark_over(session, datetime(2026, 12, 1, tzinfo=UTC)) == 2
    assert request.version == version


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), [("what_a", Missing())]),
        ((option(" "),), [("what_a", Missing())]),
        ((FREE, option(minutes=100_001 * 60)), [("hours_b", TooMuch(100_000))]),
        ((FREE, FREE, option(funding=Funding.SWAP, fee_minor=0)), [("funding_c", NotAnOption())]),
        ((option(funding=Funding.RETAINER),), [("fee_a", NobodyBilled())]),
        ((option(valid_until=date(2026, 11, 22)),), [("until_a", InThePast(date(2026, 11, 22)))]),
        ((option(valid_until=None),), [("until_a", Missing())]),
        ((option(day=date(2026, 12, 3)),), [("day_a", TooEarly(DUE))]),
        ((option(day=date(2036, 12, 31)),), [("day_a", TooMuch(3_650))]),
        (
            (option(fee_minor=0, funding=Funding.GOODWILL, minutes=500),),
            [("funding_a", GoodwillSpent("Acme", 480, 480, 500))],
        ),
    ],
)
def test_figures_that_could_not_be_accepted_cannot_be_offered(session, project_id, options, expected) -> None:
    request = a_request(session, project_id)
    with pytest.raises(WrongFields) as caught:
        offering.counter_offer(session, act(PETE, LATER), request_id=request.id, revision=1, options=options)
    assert wrong(caught) == expected
    assert request.state is State.UNDER_REVIEW


def test_goodwill_that_was_spent_meanwhile_cannot_be_taken(session, project_id) -> None:
    request, other = a_request(session, project_id), a_request(session, project_id)
    (it,) = offer(session, request, option("For nothing", 300, 0, funding=Funding.GOODWILL))
    accept(session, other, figures=some_figures(300, split={Funding.GOODWILL: 300}))
    session.flush()
    with pytest.raises(WrongFields) as caught:
        take(session, request, it)
    assert wrong(caught) == [("funding", GoodwillSpent("Acme", 480, 180, 300))]
    assert request.state is State.COUNTERED


def test_what_the_director_offered_may_be_above_the_goodwill(session, project_id) -> None:
    name_director(session, OLGA)
    request = a_request(session, project_id, by=PETE)
    assert request.decider_id == OLGA
    (it,) = offer(session, request, option("For nothing", 600, 0, funding=Funding.GOODWILL), by=OLGA)
    assert take(session, request, it, by=PETE).decided_by == OLGA


def test_only_the_decider_offers_on_the_revision_that_was_shown(session, project_id) -> None:
    request = a_request(session, project_id)
    for by, refusal in (
        (ANA, OwnRequest),
        (MAX, NotTheDecider),
        (GUEST, ExternalPerson),
        ("U_NOBODY", UnknownPerson),
    ):
        with pytest.raises(refusal):
            offer(session, request, by=by)
    with pytest.raises(Outdated):
        offer(session, request, revision=2)
    accept(session, request)
    with pytest.raises(AlreadyDecided):
        offer(session, request)


def test_only_who_logged_it_takes_one_on_the_revision_that_was_shown(session, project_id) -> None:
    request = a_request(session, project_id)
    (it,) = offer(session, request, option())
    for by, refusal in ((PETE, NotTheRequester), (MAX, NotTheRequester), (GUEST, ExternalPerson)):
        with pytest.raises(refusal):
            take(session, request, it, by=by)
        with pytest.raises(refusal):
            take_none(session, request, by=by)
    with pytest.raises(Outdated):
        take(session, request, it, revision=2)
    send_away(session, ANA)
    with pytest.raises(UnknownPerson):
        take(session, request, it)


def test_an_option_of_another_request_or_workspace_is_not_there(session, project_id) -> None:
    request, other = a_request(session, project_id), a_request(session, project_id)
    (it,) = offer(session, request, option())
    offer(session, other)
    with pytest.raises(OfferGone):
        take(session, other, it)
    with pytest.raises((NoSuchRequest, UnknownPerson)):
        offering.take(session, act(ANA, LATER, "T_OTHER"), request_id=request.id, revision=1, offer_id=it.id)
    assert offers.of_round(session, workspace_id="T_OTHER", request_id=request.id, number=1) == ()
