"""Two people at once around a counter-offer: one of them is first, and the other is told what happened."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.ledger.models import Funding, FundingEntry
from bot.portfolio.models import Baseline
from bot.requests.bargaining import conditional, offering, swapping
from bot.requests.bargaining.bargaining_refusals import ConditionSettled, NotSwappable, OfferGone
from bot.requests.bargaining.conditional import Depends
from bot.requests.bargaining.offer_models import Offer
from bot.requests.models import BallInterval, Decision, Outcome
from bot.requests.refusals import AlreadyDecided
from tests.factories import LATER, act, some_figures
from tests.portfolio.agency import ANA, PETE
from tests.requests.test_conditions import FRIDAY
from tests.requests.test_offers import FREE, option
from tests.requests.test_two_deciders import ROUNDS, Desk, accepting, split
from tests.requests.test_two_deciders import desk as desk  # a fixture

GIVEN = option("For nothing", 60, 0, funding=Funding.GOODWILL)


def offering_on(request_id: UUID, *options: offering.Option):
    def offer(session: Session) -> list[Offer]:
        return offering.counter_offer(
            session, act(PETE, LATER), request_id=request_id, revision=1, options=options or (option(), FREE)
        )

    return offer


def taking(request_id: UUID, position: int = 1):
    def take(session: Session) -> Decision:
        newest = select(Offer).where(Offer.request_id == request_id, Offer.position == position)
        it = session.scalars(newest.order_by(Offer.round)).first()
        assert it is not None
        return offering.take(session, act(ANA, LATER), request_id=request_id, revision=1, offer_id=it.id)

    return take


def refusing(request_id: UUID):
    return lambda session: offering.take_none(
        session, act(ANA, LATER), request_id=request_id, revision=1, number=1
    )


def test_of_two_options_pressed_at_once_one_is_taken(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = desk.request()
        desk.runner.run_now(offering_on(request_id))
        done, refused = split(desk.at_once(taking(request_id, 1), taking(request_id, 2)))
        assert len(done) == 1
        assert [type(refusal) for refusal in refused] == [AlreadyDecided]
    assert desk.count(Decision) == desk.count(FundingEntry) == ROUNDS
    assert desk.count(Baseline) == ROUNDS + 1
    assert desk.count(Offer, Offer.taken_at.is_not(None)) == ROUNDS


def test_taking_one_and_accepting_at_once_make_one_decision(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = desk.request()
        desk.runner.run_now(offering_on(request_id))
        done, refused = split(desk.at_once(taking(request_id), accepting(request_id)))
        assert len(done) == 1
        assert [type(refusal) for refusal in refused] == [AlreadyDecided]
    assert desk.count(Decision) == desk.count(FundingEntry) == ROUNDS


def test_taking_one_and_none_at_once_end_in_one_of_them(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = desk.request()
        desk.runner.run_now(offering_on(request_id))
        done, refused = split(desk.at_once(taking(request_id), refusing(request_id)))
        assert len(done) == 1
        assert all(isinstance(refusal, AlreadyDecided | OfferGone) for refusal in refused)
    assert desk.count(BallInterval, BallInterval.until.is_(None)) == ROUNDS


def test_taking_what_is_being_replaced_takes_the_old_or_nothing(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = desk.request()
        desk.runner.run_now(offering_on(request_id))
        done, refused = split(desk.at_once(taking(request_id), offering_on(request_id)))
        assert len(done) == 1
        assert all(isinstance(refusal, AlreadyDecided | OfferGone) for refusal in refused)


def test_two_gifts_taken_at_once_stay_within_the_goodwill(desk: Desk) -> None:
    for _ in range(5):
        first, second = desk.request(), desk.request()
        for request_id in (first, second):
            desk.runner.run_now(offering_on(request_id, GIVEN))
        desk.at_once(taking(first), taking(second))
        break
    assert desk.count(FundingEntry) == 1


def on_condition(request_id: UUID):
    def accept(session: Session) -> Decision:
        return conditional.accept_on_condition(
            session,
            act(PETE, LATER),
            request_id=request_id,
            revision=1,
            figures=some_figures(),
            depends=Depends("Texts", ANA, FRIDAY),
        )

    return accept


def confirming(request_id: UUID, *, by: str = ANA):
    return lambda session: conditional.condition_met(
        session, act(by, LATER), request_id=request_id, revision=1, number=1
    )


def failing(request_id: UUID):
    return lambda session: conditional.condition_failed(
        session, act(ANA, LATER), request_id=request_id, revision=1, number=1, reason="No"
    )


def test_accepting_on_a_condition_and_without_at_once_make_one_decision(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = desk.request()
        done, refused = split(desk.at_once(on_condition(request_id), accepting(request_id)))
        assert len(done) == 1
        assert [type(refusal) for refusal in refused] == [AlreadyDecided]
    assert desk.count(Decision) == ROUNDS


def test_of_two_who_confirm_one_is_first_and_the_other_is_told_who(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = desk.request()
        desk.runner.run_now(on_condition(request_id))
        both = desk.at_once(confirming(request_id), confirming(request_id, by=PETE))
        done, refused = split(both)
        assert len(done) == 1
        assert [type(refusal) for refusal in refused] == [ConditionSettled]
    assert desk.count(FundingEntry) == ROUNDS
    assert desk.count(Baseline) == ROUNDS + 1


def test_met_and_not_met_at_once_end_in_one_of_them(desk: Desk) -> None:
    for _ in range(ROUNDS):
        request_id = desk.request()
        desk.runner.run_now(on_condition(request_id))
        done, refused = split(desk.at_once(confirming(request_id), failing(request_id)))
        assert len(done) == 1
        assert [type(refusal) for refusal in refused] == [ConditionSettled]
    assert desk.count(Decision, Decision.cleared_at.is_(None)) == ROUNDS


def test_the_clock_in_two_processes_declines_each_once(desk: Desk) -> None:
    requests = [desk.request() for _ in range(5)]
    for request_id in requests:
        desk.runner.run_now(on_condition(request_id))
    over = LATER + timedelta(days=30)

    def expire(session: Session) -> int:
        return conditional.expire_conditions(session, over)

    assert sum(desk.at_once(expire, expire)) == 5
    assert desk.count(Decision, Decision.outcome == Outcome.REJECTED) == 5


def test_two_swaps_for_the_same_at_once_let_it_go_out_once(desk: Desk) -> None:
    for _ in range(5):
        out, first, second = desk.request(), desk.request(), desk.request()
        desk.runner.run_now(accepting(out))
        for request_id in (first, second):
            desk.runner.run_now(swapping_for(request_id, out))
        done, refused = split(desk.at_once(confirming(first), confirming(second)))
        assert len(done) == 1
        assert [type(refusal) for refusal in refused] == [NotSwappable]


def swapping_for(request_id: UUID, out: UUID):
    def swap(session: Session) -> Decision:
        return swapping.accept_swap(
            session,
            act(PETE, LATER),
            request_id=request_id,
            revision=1,
            figures=some_figures(),
            rest=Funding.CHANGE_ORDER,
            out=swapping.GoesOut(requests=[out]),
        )

    return swap
