from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from bot.db.ids import new_id
from bot.errors import WrongFields
from bot.ledger.models import Funding, FundingEntry
from bot.ledger.repository import Accepted, accepted_on
from bot.ledger.service import GoodwillSpent, SplitMismatch
from bot.outbox.service import SOON
from bot.people.refusals import ExternalPerson, UnknownPerson
from bot.portfolio import repository as portfolio
from bot.portfolio.forms import Figures as Agreed
from bot.portfolio.models import BaselineOrigin, Client, Project
from bot.requests import deciding, repository, service
from bot.requests.afterwards.bridge_models import BridgeKind
from bot.requests.afterwards.bridges import Bridge, NotAhead
from bot.requests.deciding import MOST_DELAY_DAYS, MOST_MINOR, MOST_MINUTES, Figures
from bot.requests.models import Decision, EventKind, Outcome, State
from bot.requests.refusals import (
    AlreadyDecided,
    Missing,
    NobodyBilled,
    NoSuchRequest,
    NotTheDecider,
    NotWaiting,
    Outdated,
    OwnRequest,
    TooMuch,
)
from tests.factories import (
    LATER,
    a_bridge,
    a_posting,
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
from tests.portfolio.agency import (
    ANA,
    GUEST,
    HERE,
    MAX,
    NOW,
    OLGA,
    PETE,
    a_client,
    a_project,
    settle,
)


def wrong(session, request, figures: Figures, *, by=PETE) -> dict[str, object]:
    """Which figures are marked, and why."""
    with pytest.raises(WrongFields) as caught:
        accept(session, request, by=by, figures=figures)
    return {field.field: field.why for field in caught.value.fields}


# --- accepting


def test_an_accepted_request_lies_with_the_requester_who_tells_the_client(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request)
    assert (request.state, request.ball_holder_id, request.is_open) == (State.APPROVED, ANA, True)
    assert request.decided_at == LATER
    assert [(i.holder_id, i.since, i.until) for i in intervals_of(session, request)] == [
        (PETE, NOW, LATER),
        (ANA, LATER, None),
    ]


def test_its_card_is_to_be_drawn_once_and_what_waits_beside_it_a_little_later(session, project_id) -> None:
    request, beside = a_request(session, project_id), a_request(session, project_id)
    own, other = a_posting(session, request), a_posting(session, beside, ts="1.2")
    accept(session, request)
    session.refresh(own)
    session.refresh(other)
    assert (own.wanted, own.next_attempt_at) == (2, LATER)
    assert (other.wanted, other.next_attempt_at) == (2, LATER + SOON)


def test_a_decision_is_bound_to_the_revision_and_names_its_figures(session, project_id) -> None:
    decision = accept(session, a_request(session, project_id), figures=some_figures(240, 480_00, 3))
    assert (decision.revision, decision.outcome, decision.decided_by, decision.decided_at) == (
        1,
        Outcome.APPROVED,
        PETE,
        LATER,
    )
    assert (decision.minutes, decision.fee_minor, decision.delay_days) == (240, 480_00, 3)


def test_an_approval_makes_the_next_baseline(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request, figures=some_figures(240, 480_00, 3))
    versions = portfolio.baselines(session, workspace_id=HERE, project_id=project_id)
    assert [(v.version, v.origin, v.request_id) for v in versions] == [
        (1, BaselineOrigin.AGREED, None),
        (2, BaselineOrigin.APPROVAL, request.id),
    ]
    newest = versions[-1]
    assert (newest.minutes, newest.budget_minor, newest.due_on) == (
        124 * 60,
        14_880_00,
        date(2026, 12, 7),
    )


def test_the_hours_are_funded_part_by_part_at_the_fee_or_the_projects_rate(session, project_id) -> None:
    split = {Funding.CHANGE_ORDER: 120, Funding.GOODWILL: 60}
    decision = accept(session, a_request(session, project_id), figures=some_figures(180, 250_00, 0, split))
    rows = session.scalars(select(FundingEntry).where(FundingEntry.decision_id == decision.id))
    # Agreed were 14,400.00 for 120 hours: 120.00 an hour.
    assert {(row.funding, row.minutes, row.amount_minor) for row in rows} == {
        (Funding.CHANGE_ORDER, 120, 250_00),
        (Funding.GOODWILL, 60, 120_00),
    }
    assert accepted_on(session, workspace_id=HERE, project_id=project_id) == Accepted(180, 60, 370_00, 120_00)


def test_the_history_tells_the_figures(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request, figures=some_figures(240, 480_00, 3))
    event = events_of(session, request)[-1]
    assert (event.kind, event.actor_id, event.at) == (EventKind.APPROVED, PETE, LATER)
    assert event.facts == {"revision": 1, "minutes": 240, "fee_minor": 480_00, "delay_days": 3}


def test_the_thread_and_the_requester_are_told_once(session, project_id) -> None:
    request = a_request(session, project_id)
    decision = accept(session, request)
    told = [(n.kind, n.destination, n.thread_of) for n in notices_about(session, request)]
    assert told == [
        ("card", "C_ACME", None),
        ("decided", "C_ACME", f"card:{request.id}"),
        ("client_words", ANA, None),
    ]
    assert [n.facts for n in notices_about(session, request)[1:]] == [{"decision_id": str(decision.id)}] * 2


def test_a_decision_counts_one_change_of_the_card(session, project_id) -> None:
    request = a_request(session, project_id)
    before = request.version
    accept(session, request)
    assert request.version == before + 1


def test_hours_of_nothing_may_be_accepted(session, project_id) -> None:
    decision = accept(session, a_request(session, project_id), figures=some_figures(0, 0))
    assert decision.minutes == 0


# --- declining


def test_a_declined_request_lies_with_the_requester_and_keeps_its_reason(session, project_id) -> None:
    request = a_request(session, project_id)
    decision = decline(session, request, reason="  Not before\r\nspring\x00 ")
    assert (request.state, request.ball_holder_id) == (State.REJECTED, ANA)
    assert decision.reason == "Not before\nspring"
    assert events_of(session, request)[-1].facts == {
        "revision": 1,
        "reason": "Not before\nspring",
        "bridge": "budget",
        "bridge_text": "From €500 on",
        "returns_on": None,
    }


def test_a_decline_changes_no_baseline_and_funds_nothing(session, project_id) -> None:
    decline(session, a_request(session, project_id))
    assert len(portfolio.baselines(session, workspace_id=HERE, project_id=project_id)) == 1
    assert accepted_on(session, workspace_id=HERE, project_id=project_id) == Accepted()


@pytest.mark.parametrize("reason", ["", "  \n ", "\x00", "\ud800"])
def test_a_decline_needs_a_reason(session, project_id, reason) -> None:
    request = a_request(session, project_id)
    with pytest.raises(WrongFields) as caught:
        decline(session, request, reason=reason)
    assert [(field.field, field.why) for field in caught.value.fields] == [("why", Missing())]
    assert request.state is State.UNDER_REVIEW


@pytest.mark.parametrize(
    ("bridge", "wrong"),
    [
        (a_bridge(text=" \n\x00"), [("bridge_text", Missing())]),
        (a_bridge(BridgeKind.ALTERNATIVE, ""), [("bridge_text", Missing())]),
        (a_bridge(BridgeKind.DATE, "In spring"), [("returns_on", Missing())]),
        (a_bridge(BridgeKind.DATE, "", NOW.date()), [("returns_on", NotAhead(NOW.date()))]),
        (
            a_bridge(BridgeKind.PHASE, "", NOW.date()),
            [("bridge_text", Missing()), ("returns_on", NotAhead(NOW.date()))],
        ),
    ],
)
def test_a_decline_says_what_could_be_done_instead(session, project_id, bridge, wrong) -> None:
    request = a_request(session, project_id)
    with pytest.raises(WrongFields) as caught:
        decline(session, request, bridge=bridge)
    assert [(field.field, field.why) for field in caught.value.fields] == wrong
    assert request.state is State.UNDER_REVIEW


def test_the_bridge_stands_on_the_card(session, project_id) -> None:
    request = a_request(session, project_id)
    decline(
        session, request, bridge=a_bridge(BridgeKind.DATE, " After\r\nthe launch\x00 ", date(2027, 1, 15))
    )
    card = repository.card_facts(session, workspace_id=HERE, request_id=request.id)
    assert card.decision is not None
    assert card.decision.bridge == Bridge(BridgeKind.DATE, "After\nthe launch", date(2027, 1, 15))


# --- who may


DECISIONS = pytest.mark.parametrize("decide", [accept, decline])


@DECISIONS
def test_only_the_decider_decides(session, project_id, decide) -> None:
    request = a_request(session, project_id)
    with pytest.raises(NotTheDecider) as caught:
        decide(session, request, by=MAX)
    assert caught.value == NotTheDecider("ACME-1", "Acme Website", "Pete")
    assert request.state is State.UNDER_REVIEW


@DECISIONS
def test_nobody_decides_their_own_request_though_they_became_the_manager(session, project_id, decide) -> None:
    request = a_request(session, project_id)
    request.decider_id = ANA  # whatever a row says
    with pytest.raises(OwnRequest) as caught:
        decide(session, request, by=ANA)
    assert caught.value == OwnRequest("ACME-1", "Ana")


@DECISIONS
def test_a_director_does_not_decide_in_the_managers_place(session, project_id, decide) -> None:
    name_director(session, OLGA)
    with pytest.raises(NotTheDecider):
        decide(session, a_request(session, project_id), by=OLGA)


@DECISIONS
def test_people_from_outside_do_not_decide(session, project_id, decide) -> None:
    with pytest.raises(ExternalPerson):
        decide(session, a_request(session, project_id), by=GUEST)


@DECISIONS
def test_who_left_does_not_decide(session, project_id, decide) -> None:
    request = a_request(session, project_id)
    send_away(session, PETE)
    with pytest.raises(UnknownPerson):
        decide(session, request, by=PETE)


@DECISIONS
def test_a_project_given_away_leaves_what_waits_with_the_decider_of_the_row(
    session, project_id, decide
) -> None:
    request = a_request(session, project_id)
    session.get_one(Project, (HERE, project_id)).pm_id = MAX
    with pytest.raises(NotTheDecider) as caught:
        decide(session, request, by=MAX)
    assert caught.value.decider == "Pete"
    decide(session, request, by=PETE)


@DECISIONS
def test_what_waited_when_a_project_closed_can_still_be_decided(session, project_id, decide) -> None:
    request = a_request(session, project_id)
    session.get_one(Project, (HERE, project_id)).closed_at = NOW
    assert decide(session, request).request_id == request.id


# --- on what was shown


@DECISIONS
def test_a_second_decision_is_refused_with_the_first_one_named(session, project_id, decide) -> None:
    request = a_request(session, project_id)
    accept(session, request)
    with pytest.raises(AlreadyDecided) as caught:
        decide(session, request)
    assert caught.value == AlreadyDecided("ACME-1", Outcome.APPROVED, "Pete", LATER)
    assert len(list(session.scalars(select(Decision)))) == 1


@DECISIONS
def test_a_withdrawn_request_is_not_decided(session, project_id, decide) -> None:
    request = a_request(session, project_id)
    service.withdraw(session, act(ANA, LATER), request_id=request.id)
    with pytest.raises(NotWaiting) as caught:
        decide(session, request)
    assert caught.value == NotWaiting("ACME-1", State.WITHDRAWN, "Ana", LATER)


@DECISIONS
@pytest.mark.parametrize("shown", [-1, 0, 2, 10**20])
def test_a_press_on_another_revision_is_outdated(session, project_id, decide, shown) -> None:
    request = a_request(session, project_id)
    more = {"figures": some_figures()} if decide is accept else {"reason": "No", "bridge": a_bridge()}
    use_case = deciding.accept if decide is accept else deciding.decline
    with pytest.raises(Outdated) as caught:
        use_case(session, act(PETE), request_id=request.id, revision=shown, **more)
    assert caught.value == Outdated("ACME-1", shown=shown, current=1)


@DECISIONS
def test_a_request_of_another_workspace_does_not_exist(session, project_id, decide) -> None:
    request = a_request(session, project_id)
    settle(session, "T2")
    more = {"figures": some_figures()} if decide is accept else {"reason": "No", "bridge": a_bridge()}
    use_case = deciding.accept if decide is accept else deciding.decline
    for request_id, workspace_id in ((request.id, "T2"), (new_id(), HERE)):
        with pytest.raises(NoSuchRequest) as caught:
            use_case(session, act(PETE, NOW, workspace_id), request_id=request_id, revision=1, **more)
        assert caught.value.reference == str(request_id)


def test_the_check_behind_an_opened_form_refuses_what_deciding_refuses(session, project_id) -> None:
    request = a_request(session, project_id)
    key = {"request_id": request.id, "revision": 1}
    assert deciding.require_decidable(session, act(PETE), **key) is request
    for person, refusal in ((ANA, OwnRequest), (MAX, NotTheDecider), (GUEST, ExternalPerson)):
        with pytest.raises(refusal):
            deciding.require_decidable(session, act(person), **key)
    accept(session, request)
    with pytest.raises(AlreadyDecided):
        deciding.require_decidable(session, act(PETE), **key)


# --- on figures that can be


def test_every_wrong_figure_is_marked_at_once(session, project_id) -> None:
    request = a_request(session, project_id)
    found = wrong(session, request, Figures(-60, -1, -1, {Funding.CHANGE_ORDER: 30}))
    assert found == {
        "hours": TooMuch(most=100_000),
        "fee": TooMuch(most=MOST_MINOR),
        "delay": TooMuch(most=MOST_DELAY_DAYS),
        "funding": SplitMismatch(minutes=-60, split=30),
    }
    assert request.state is State.UNDER_REVIEW


@pytest.mark.parametrize(
    ("figures", "field"),
    [
        (some_figures(MOST_MINUTES + 1), "hours"),
        (some_figures(10**30), "hours"),
        (some_figures(fee_minor=MOST_MINOR + 1), "fee"),
        (some_figures(delay_days=MOST_DELAY_DAYS + 1), "delay"),
        (some_figures(180, 0, 0, {}), "funding"),
        (some_figures(180, 0, 0, {Funding.CHANGE_ORDER: 60, Funding.RETAINER: 60}), "funding"),
        (some_figures(180, 0, 0, {Funding.CHANGE_ORDER: 240, Funding.RETAINER: -60}), "funding"),
        (some_figures(180, 0, 0, {Funding.CHANGE_ORDER: 240, Funding.GOODWILL: -60}), "funding"),
    ],
)
def test_a_figure_that_cannot_be_is_refused(session, project_id, figures, field) -> None:
    assert list(wrong(session, a_request(session, project_id), figures)) == [field]


def test_the_largest_figures_fit_the_database(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request, figures=some_figures(MOST_MINUTES, MOST_MINOR, MOST_DELAY_DAYS))
    assert accepted_on(session, workspace_id=HERE, project_id=project_id).amount_minor == MOST_MINOR


def test_hours_worth_more_than_any_money_are_too_many(session) -> None:
    # A typing error in the project: one minute agreed for 10,000 million.
    project_id = a_project(
        session, a_client(session), figures=Agreed(minutes=1, budget_minor=10_000_000_000_00)
    )
    request = a_request(session, project_id)
    found = wrong(session, request, some_figures(MOST_MINUTES, 0, 0, {Funding.AGENCY_ERROR: MOST_MINUTES}))
    assert found == {"hours": TooMuch(most=0)}


def test_a_delay_past_the_end_of_the_calendar_is_too_long(session) -> None:
    due_on = date(9999, 12, 21)
    project_id = a_project(session, a_client(session), figures=Agreed(7_200, 14_400_00, due_on))
    request = a_request(session, project_id)
    assert wrong(session, request, some_figures(delay_days=11)) == {"delay": TooMuch(most=10)}
    accept(session, request, figures=some_figures(delay_days=10))


def test_a_fee_that_nobody_is_asked_for_is_refused(session, project_id) -> None:
    request = a_request(session, project_id)
    assert wrong(session, request, Figures(60, 1, 0, {Funding.RETAINER: 60})) == {"fee": NobodyBilled()}


# --- within the client's goodwill


def giving(minutes: int) -> Figures:
    return some_figures(minutes, 0, 0, {Funding.GOODWILL: minutes})


def test_goodwill_is_given_up_to_the_clients_limit_and_no_further(session, project_id) -> None:
    accept(session, a_request(session, project_id), figures=giving(300))
    second = a_request(session, project_id)
    assert wrong(session, second, giving(181)) == {
        "funding": GoodwillSpent("Acme", limit=480, left=180, asked=181)
    }
    accept(session, second, figures=giving(180))


def test_goodwill_counts_for_all_projects_of_a_client(session, project_id) -> None:
    project = session.get_one(Project, (HERE, project_id))
    sibling = a_project(session, project.client_id, key="APP", name="Acme App")
    accept(session, a_request(session, project_id), figures=giving(480))
    found = wrong(session, a_request(session, sibling), giving(1))
    assert found == {"funding": GoodwillSpent("Acme", limit=480, left=0, asked=1)}


def test_the_director_gives_more_than_the_limit(session, project_id) -> None:
    name_director(session, PETE)
    accept(session, a_request(session, project_id), figures=giving(4_800))


def test_a_client_without_goodwill_gets_none(session) -> None:
    request = a_request(session, a_project(session, a_client(session)))
    assert wrong(session, request, giving(1)) == {"funding": GoodwillSpent("Acme", limit=0, left=0, asked=1)}


def test_a_limit_lowered_below_what_was_given_leaves_nothing_and_no_debt(session, project_id) -> None:
    accept(session, a_request(session, project_id), figures=giving(300))
    project = session.get_one(Project, (HERE, project_id))
    session.get_one(Client, (HERE, project.client_id)).goodwill_minutes = 60
    found = wrong(session, a_request(session, project_id), giving(1))
    assert found == {"funding": GoodwillSpent("Acme", limit=60, left=0, asked=1)}
