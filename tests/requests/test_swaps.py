from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from bot.db.ids import new_id
from bot.errors import WrongFields
from bot.ledger.models import Funding, FundingEntry
from bot.ledger.repository import accepted_on
from bot.portfolio import repository as portfolio
from bot.portfolio.models import ScopeItem
from bot.requests import repository, service
from bot.requests.afterwards.bridge_models import BridgeKind
from bot.requests.afterwards.bridges import Bridge
from bot.requests.afterwards.reopening import reopen
from bot.requests.bargaining import conditional, swapping
from bot.requests.bargaining.bargaining_refusals import (
    NothingGoesOut,
    NotSwappable,
    NotTheConfirmer,
    SwapTooLarge,
)
from bot.requests.bargaining.swapping import GoesOut
from bot.requests.editing import edit
from bot.requests.models import EventKind, Outcome, State
from bot.requests.refusals import NotTheDecider, OwnRequest
from tests.factories import LATER, a_request, accept, act, an_ask, events_of, notices_about, some_figures
from tests.portfolio.agency import ANA, HERE, MAX, PETE


def an_item(session, project_id, text="A blog", *, is_included=True) -> UUID:
    item = ScopeItem(
        workspace_id=HERE,
        id=new_id(),
        project_id=project_id,
        position=1,
        text=text,
        is_included=is_included,
        revision_rounds=None,
    )
    session.add(item)
    session.flush()
    return item.id


def swap(session, request, out, *, minutes=720, fee_minor=240_00, by=PETE, rest=Funding.CHANGE_ORDER):
    decision = swapping.accept_swap(
        session,
        act(by, LATER),
        request_id=request.id,
        revision=request.revision,
        figures=some_figures(minutes, fee_minor),
        rest=rest,
        out=out,
    )
    session.flush()
    return decision


def agreed(session, request, *, by=ANA, number=1):
    decision = conditional.condition_met(
        session, act(by, LATER), request_id=request.id, revision=request.revision, number=number
    )
    session.flush()
    return decision


def hours(session, project_id) -> list[int]:
    found = portfolio.baselines(session, workspace_id=HERE, project_id=project_id)
    return [(baseline.minutes - 7200) // 60 for baseline in found]


def grown(session, project_id) -> int:
    return accepted_on(session, workspace_id=HERE, project_id=project_id).minutes // 60


def funded(session, request) -> dict[Funding, int]:
    query = select(FundingEntry).where(
        FundingEntry.request_id == request.id, FundingEntry.voided_at.is_(None)
    )
    return {entry.funding: entry.minutes // 60 for entry in session.scalars(query)}


def wrong(caught) -> list[tuple[str, object]]:
    return [(it.field, it.why) for it in caught.value.fields]


def test_a_scope_item_goes_out_and_the_baseline_grows_by_the_difference(session, project_id) -> None:
    request = a_request(session, project_id)
    item = an_item(session, project_id)
    decision = swap(session, request, GoesOut(items=[(item, 600)]))
    assert (decision.outcome, request.state, request.ball_holder_id) == (
        Outcome.APPROVED_CONDITIONAL,
        State.APPROVED_CONDITIONAL,
        ANA,
    )
    assert (hours(session, project_id), grown(session, project_id)) == ([0], 0)
    approved = agreed(session, request)
    assert (approved.outcome, approved.minutes, approved.fee_minor) == (Outcome.APPROVED, 720, 240_00)
    assert funded(session, request) == {Funding.SWAP: 10, Funding.CHANGE_ORDER: 2}
    assert (hours(session, project_id), grown(session, project_id)) == ([0, 2], 2)
    card = repository.card_facts(session, workspace_id=HERE, request_id=request.id)
    assert card.condition is not None
    assert [(part.name, part.minutes) for part in card.condition.out] == [("A blog", 600)]


def test_an_accepted_request_goes_out_and_nobody_does_it_any_more(session, project_id) -> None:
    request, other = a_request(session, project_id), a_request(session, project_id)
    accept(session, other, figures=some_figures(600, 1_200_00))
    swap(session, request, GoesOut(requests=[other.id]))
    agreed(session, request)
    assert (other.state, other.ball_holder_id, other.is_open, other.swapped_for_id) == (
        State.CLOSED,
        None,
        False,
        request.id,
    )
    # Somebody pays for ten hours still; two more are new.
    assert funded(session, other) == {Funding.CHANGE_ORDER: 10}
    assert (hours(session, project_id), grown(session, project_id)) == ([0, 10, 12], 12)
    event = events_of(session, other)[-1]
    assert (event.kind, event.facts["other"]) == (EventKind.SWAPPED_OUT, request.reference)
    assert notices_about(session, other)[-1].kind == "swapped"
    card = repository.card_facts(session, workspace_id=HERE, request_id=other.id)
    assert card.swapped_for == request.reference


@pytest.mark.parametrize("side", ["came in", "went out"])
def test_re_opening_one_side_re_opens_the_other(session, project_id, side) -> None:
    request, other, third = (a_request(session, project_id) for _ in range(3))
    for it in (other, third):
        accept(session, it, figures=some_figures(300, 0))
    swap(session, request, GoesOut(requests=[other.id, third.id]))
    agreed(session, request)
    session.flush()
    assert grown(session, project_id) == 12
    which = request if side == "came in" else other
    reopen(
        session, act(PETE, LATER), request_id=which.id, revision=which.revision, reason="They changed it back"
    )
    session.flush()
    for it in (request, other, third):
        assert (it.state, it.ball_holder_id, it.is_open, it.swapped_for_id) == (
            State.UNDER_REVIEW,
            PETE,
            True,
            None,
        )
        assert it.closed_at is None
        assert funded(session, it) == {}
    assert (hours(session, project_id)[-1], grown(session, project_id)) == (0, 0)
    kinds = [events_of(session, it)[-1].kind for it in (request, other, third)]
    assert sorted(kinds) == sorted([EventKind.REOPENED, EventKind.SWAP_UNDONE, EventKind.SWAP_UNDONE])


def test_editing_what_came_in_opens_what_went_out(session, project_id) -> None:
    request, other = a_request(session, project_id), a_request(session, project_id)
    accept(session, other, figures=some_figures(600, 0))
    swap(session, request, GoesOut(requests=[other.id]))
    agreed(session, request)
    edit(
        session,
        act(ANA, LATER),
        request_id=request.id,
        revision=1,
        ask=an_ask(project_id, title="Something else"),
    )
    session.flush()
    assert (request.state, other.state) == (State.UNDER_REVIEW, State.UNDER_REVIEW)
    assert grown(session, project_id) == 0


def test_a_client_who_does_not_agree_changes_nothing(session, project_id) -> None:
    request, other = a_request(session, project_id), a_request(session, project_id)
    accept(session, other, figures=some_figures(600, 0))
    swap(session, request, GoesOut(requests=[other.id]))
    conditional.condition_failed(
        session, act(ANA, LATER), request_id=request.id, revision=1, number=1, reason="They want both"
    )
    session.flush()
    assert (request.state, other.state, other.swapped_for_id) == (State.REJECTED, State.APPROVED, None)
    card = repository.card_facts(session, workspace_id=HERE, request_id=request.id)
    assert card.bridge == Bridge(BridgeKind.SWAP, other.title)
    assert (hours(session, project_id), grown(session, project_id)) == ([0, 10], 10)
    assert conditional.expire_conditions(session, LATER + timedelta(days=900)) == 0


def test_what_is_not_accepted_any_more_cannot_go_out(session, project_id) -> None:
    request, other = a_request(session, project_id), a_request(session, project_id)
    accept(session, other, figures=some_figures(600, 0))
    swap(session, request, GoesOut(requests=[other.id]))
    reopen(session, act(PETE, LATER), request_id=other.id, revision=1, reason="We were wrong")
    session.flush()
    with pytest.raises(NotSwappable) as caught:
        agreed(session, request)
    assert caught.value.what == other.reference
    assert (request.state, hours(session, project_id)[-1]) == (State.APPROVED_CONDITIONAL, 0)


def test_what_goes_out_has_to_be_there_and_not_more_than_what_comes_in(session, project_id) -> None:
    request, other = a_request(session, project_id), a_request(session, project_id)
    item = an_item(session, project_id)
    excluded = an_item(session, project_id, "No shop", is_included=False)
    for out, expected in (
        (GoesOut(), ("out_requests", NothingGoesOut())),
        (GoesOut(items=[(item, 721)]), ("hours", SwapTooLarge(720, 721))),
        (GoesOut(items=[(excluded, 60)]), ("out_requests", NotSwappable("No shop"))),
        (GoesOut(requests=[other.id]), ("out_requests", NotSwappable(other.reference))),
        (GoesOut(requests=[request.id]), ("out_requests", NotSwappable(request.reference))),
    ):
        with pytest.raises(WrongFields) as caught:
            swap(session, request, out)
        assert wrong(caught) == [expected]
    assert request.state is State.UNDER_REVIEW


def test_only_the_decider_swaps_and_only_the_am_says_that_the_client_agreed(session, project_id) -> None:
    request = a_request(session, project_id)
    item = an_item(session, project_id)
    for by, refusal in ((ANA, OwnRequest), (MAX, NotTheDecider)):
        with pytest.raises(refusal):
            swap(session, request, GoesOut(items=[(item, 600)]), by=by)
    # All of it is swapped: nobody is asked for a fee.
    decision = swap(session, request, GoesOut(items=[(item, 720)]))
    assert decision.fee_minor == 0
    with pytest.raises(NotTheConfirmer):
        agreed(session, request, by=MAX)
    agreed(session, request)
    assert funded(session, request) == {Funding.SWAP: 12}
    assert grown(session, project_id) == 0
    service.client_told(session, act(ANA, LATER), request_id=request.id)
