"""Above a line one yes is not enough: the decider's is kept, and the director's decides."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from bot.errors import WrongFields
from bot.ledger.models import Funding, FundingEntry
from bot.people.lines import change_lines
from bot.people.refusals import LineOutOfBounds, NeedsDirector, NotYourSettings
from bot.portfolio.forms import ClientForm
from bot.portfolio.models import Baseline, Client, Project
from bot.portfolio.service import edit_client
from bot.requests import refusals as no
from bot.requests import repository, service
from bot.requests.afterwards.reopening import appeal, reopen
from bot.requests.bargaining import conditional, offering
from bot.requests.bargaining.approval_models import FirstApproval
from bot.requests.editing import edit
from bot.requests.models import Decision, EventKind, Outcome, State
from bot.requests.routing import departures
from bot.requests.routing.absences import go_away
from bot.requests.routing.departures import pass_on_from
from bot.requests.routing.reassigning import reassign
from bot.workspaces.lines import Lines
from bot.workspaces.models import Workspace
from tests.factories import (
    LATER,
    a_request,
    accept,
    act,
    an_ask,
    decline,
    events_of,
    intervals_of,
    name_director,
    send_away,
    some_figures,
)
from tests.portfolio.agency import ANA, HERE, MAX, NOW, OLGA, PETE, a_client_form

LARGE = some_figures(40 * 60, 4_800_00)
SMALL = some_figures(20 * 60, 2_400_00)


@pytest.fixture(autouse=True)
def _line(session, project_id) -> None:
    """Max is the director, and has to agree above twenty hours."""
    name_director(session, MAX)
    set_lines(session, Lines(minutes=20 * 60))


def set_lines(session, lines: Lines) -> None:
    lines.put(session.get_one(Workspace, HERE))
    session.flush()


def client_of(session, project_id) -> Client:
    return session.get_one(Client, (HERE, session.get_one(Project, (HERE, project_id)).client_id))


def count(session, model) -> int:
    return session.execute(select(func.count()).select_from(model)).scalar_one()


def test_the_first_yes_is_kept_and_nothing_is_funded_until_the_director_agrees(session, project_id) -> None:
    request = a_request(session, project_id)
    first = accept(session, request, figures=LARGE)
    assert isinstance(first, FirstApproval)
    assert (first.approved_by, first.minutes, first.above) == (PETE, 40 * 60, {"minutes": 20 * 60})
    assert (request.state, request.decider_id, request.ball_holder_id) == (State.UNDER_REVIEW, MAX, MAX)
    assert [interval.holder_id for interval in intervals_of(session, request)] == [PETE, MAX]
    assert count(session, FundingEntry) == 0
    assert count(session, Baseline) == 1
    assert events_of(session, request)[-1].kind is EventKind.FIRST_YES
    card = repository.card_facts(session, workspace_id=HERE, request_id=request.id)
    assert card.first_yes is not None
    assert (card.first_yes.by.name, card.decider.name) == ("Pete", "Max")

    decision = accept(session, request, by=MAX, figures=LARGE)
    assert isinstance(decision, Decision)
    assert (decision.decided_by, decision.approved_by, decision.approved_for) == (PETE, MAX, None)
    assert (request.state, request.ball_holder_id, request.decider_id) == (State.APPROVED, ANA, PETE)
    assert request.first_approver_id is None
    assert count(session, FundingEntry) == 1
    facts = events_of(session, request)[-1].facts
    assert (facts["decided_by"], facts["approved_by"], facts["minutes"]) == (PETE, MAX, 40 * 60)


def test_the_director_may_change_the_figures_or_decline(session, project_id) -> None:
    changed, declined = a_request(session, project_id), a_request(session, project_id)
    for request in (changed, declined):
        accept(session, request, figures=LARGE)
    decision = accept(session, changed, by=MAX, figures=some_figures(30 * 60, 3_000_00))
    assert (decision.minutes, decision.approved_by) == (30 * 60, MAX)
    no_ = decline(session, declined, by=MAX)
    assert (no_.outcome, no_.decided_by, no_.approved_by) == (Outcome.REJECTED, MAX, None)
    assert declined.first_approver_id is None


def test_up_to_the_line_one_yes_is_enough(session, project_id) -> None:
    assert isinstance(accept(session, a_request(session, project_id), figures=SMALL), Decision)


@pytest.mark.parametrize(
    ("lines", "figures", "above"),
    [
        (Lines(fee_minor=2_000_00), SMALL, {"fee_minor": 2_000_00}),
        (Lines(goodwill_minutes=60), some_figures(90, 0, split={Funding.GOODWILL: 90}), {"goodwill": 60}),
        (
            Lines(minutes=60, fee_minor=0),
            some_figures(180, 100),
            {"minutes": 60, "fee_minor": 0},
        ),
    ],
)
def test_money_and_goodwill_have_lines_of_their_own(session, project_id, lines, figures, above) -> None:
    set_lines(session, lines)
    first = accept(session, a_request(session, project_id), figures=figures)
    assert isinstance(first, FirstApproval)
    assert first.above == above


def test_a_clients_own_line_counts_instead_and_money_only_in_its_currency(session, project_id) -> None:
    client = client_of(session, project_id)
    client.second_minutes = 100 * 60
    session.flush()
    assert isinstance(accept(session, a_request(session, project_id), figures=LARGE), Decision)
    set_lines(session, Lines(fee_minor=1))
    client.currency = "USD"
    session.flush()
    assert isinstance(accept(session, a_request(session, project_id), figures=LARGE), Decision)
    client.second_minor = 1
    session.flush()
    assert isinstance(accept(session, a_request(session, project_id), figures=LARGE), FirstApproval)


def test_the_director_who_decides_or_asks_needs_nobody_else(session, project_id) -> None:
    theirs = a_request(session, project_id, by=PETE)
    assert theirs.decider_id == MAX
    assert isinstance(accept(session, theirs, by=MAX, figures=LARGE), Decision)
    asked = a_request(session, project_id, by=MAX)
    assert isinstance(accept(session, asked, figures=LARGE), Decision)


def test_nobody_agrees_twice_and_nobody_else_agrees(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request, figures=LARGE)
    with pytest.raises(no.AgreedAlready) as again:
        accept(session, request, figures=LARGE)
    assert again.value.second == "Max"
    with pytest.raises(no.NotTheDecider) as other:
        decline(session, request, by=OLGA)
    assert other.value.decider == "Max"
    with pytest.raises(no.OwnRequest):
        accept(session, request, by=ANA, figures=LARGE)


def test_the_first_approver_does_not_agree_in_the_directors_place(session, project_id) -> None:
    days = {"first_day": NOW.date(), "last_day": date(2026, 11, 27)}
    go_away(session, act(MAX), delegate_id=PETE, **days)
    request = a_request(session, project_id)
    accept(session, request, figures=LARGE)
    assert (request.ball_holder_id, request.ball_for_id) == (MAX, None)
    with pytest.raises(no.AgreedAlready):
        accept(session, request, figures=LARGE)
    go_away(session, act(PETE), delegate_id=OLGA, **days)
    # Pete hands on what is Max's: Olga has not agreed yet.
    assert (request.ball_holder_id, request.ball_for_id) == (OLGA, MAX)
    decision = accept(session, request, by=OLGA, figures=LARGE)
    assert (decision.decided_by, decision.approved_by, decision.approved_for) == (PETE, OLGA, MAX)


def test_an_edit_or_a_withdrawal_ends_the_first_yes(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request, figures=LARGE)
    edit(
        session, act(ANA, LATER), request_id=request.id, revision=1, ask=an_ask(project_id, title="Two forms")
    )
    assert (request.decider_id, request.ball_holder_id, request.first_approver_id) == (PETE, PETE, None)
    assert isinstance(accept(session, request, figures=LARGE), FirstApproval)
    service.withdraw(session, act(ANA, LATER), request_id=request.id)
    assert request.state is State.WITHDRAWN


def test_re_opened_it_needs_both_again(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request, figures=LARGE)
    accept(session, request, by=MAX, figures=LARGE)
    reopen(session, act(PETE, LATER), request_id=request.id, revision=1, reason="Smaller now")
    assert request.decider_id == PETE
    assert isinstance(accept(session, request, figures=LARGE), FirstApproval)


def test_a_director_who_left_does_not_hold_it_up(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request, figures=LARGE)
    name_director(session, OLGA)
    send_away(session, MAX)
    session.flush()
    assert pass_on_from(session, act(OLGA, LATER), MAX) == 1
    assert request.decider_id == OLGA
    send_away(session, OLGA)
    session.flush()
    with pytest.raises(no.NobodyToAgree):
        accept(session, a_request(session, project_id), figures=LARGE)


def test_who_agreed_first_does_not_choose_who_agrees_too(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request, figures=LARGE)
    given = {"request_id": request.id, "revision": 1, "reason": "Busy"}
    with pytest.raises(no.MayNotReassign):
        reassign(session, act(PETE, LATER), person_id=OLGA, **given)
    with pytest.raises(WrongFields) as caught:
        reassign(session, act(MAX, LATER), person_id=PETE, **given)
    assert isinstance(caught.value.fields[0].why, no.AgreedAlready)
    reassign(session, act(MAX, LATER), person_id=OLGA, **given)
    assert accept(session, request, by=OLGA, figures=LARGE).approved_by == OLGA


def test_an_option_that_is_taken_is_the_first_yes_of_who_offered_it(session, project_id) -> None:
    request = a_request(session, project_id)
    option = offering.Option("All of it", 40 * 60, 4_800_00, Funding.CHANGE_ORDER, date(2026, 12, 1))
    (offer,) = offering.counter_offer(
        session, act(PETE, LATER), request_id=request.id, revision=1, options=[option]
    )
    first = offering.take(session, act(ANA, LATER), request_id=request.id, revision=1, offer_id=offer.id)
    assert isinstance(first, FirstApproval)
    assert (first.approved_by, request.state, request.ball_holder_id) == (PETE, State.UNDER_REVIEW, MAX)
    assert accept(session, request, by=MAX, figures=LARGE).decided_by == PETE


# --- setting the lines


def test_lines_are_set_by_the_director_and_admins_and_not_without_a_director(session, project_id) -> None:
    change_lines(session, act(MAX), lines=Lines(minutes=60))
    change_lines(session, act(OLGA), lines=Lines(minutes=0))
    with pytest.raises(NotYourSettings):
        change_lines(session, act(PETE), lines=Lines())
    with pytest.raises(WrongFields) as caught:
        change_lines(session, act(MAX), lines=Lines(minutes=-1, fee_minor=10**13))
    assert {wrong.field: wrong.why for wrong in caught.value.fields} == {
        "second_hours": LineOutOfBounds(),
        "second_money": LineOutOfBounds(),
    }
    name_director(session, None)
    with pytest.raises(WrongFields) as caught:
        change_lines(session, act(PETE), lines=Lines(goodwill_minutes=60))
    assert caught.value.fields[0].why == NeedsDirector()
    change_lines(session, act(PETE), lines=Lines())


def test_a_clients_line_is_not_moved_by_those_whom_it_holds_back(session, project_id) -> None:
    client = client_of(session, project_id)
    form: ClientForm = a_client_form(goodwill_minutes=480, lines=Lines(minutes=60))
    with pytest.raises(NotYourSettings):
        edit_client(session, act(ANA), client_id=client.id, form=form)
    edit_client(session, act(MAX), client_id=client.id, form=form)
    assert client.second_minutes == 60
    edit_client(session, act(ANA), client_id=client.id, form=a_client_form(lines=Lines(minutes=60)))
    edit_client(session, act(ANA), client_id=client.id, form=a_client_form())
    assert client.second_minutes == 60


def test_who_decides_by_now_was_not_away_when_the_first_yes_was_offered(session, project_id) -> None:
    request = a_request(session, project_id)
    option = offering.Option("All of it", 40 * 60, 4_800_00, Funding.CHANGE_ORDER, date(2026, 12, 1))
    (offer,) = offering.counter_offer(
        session, act(PETE, LATER), request_id=request.id, revision=1, options=[option]
    )
    reassign(session, act(PETE, LATER), request_id=request.id, revision=1, person_id=OLGA, reason="Hers now")
    first = offering.take(session, act(ANA, LATER), request_id=request.id, revision=1, offer_id=offer.id)
    assert isinstance(first, FirstApproval)
    assert (first.approved_by, first.on_behalf_of) == (PETE, None)


def test_a_condition_that_both_set_stays_the_word_of_both(session, project_id) -> None:
    met, failed = a_request(session, project_id), a_request(session, project_id)
    for request in (met, failed):
        accept(session, request, figures=LARGE)
        conditional.accept_on_condition(
            session,
            act(MAX, LATER),
            request_id=request.id,
            revision=1,
            figures=LARGE,
            depends=conditional.Depends("Texts by then", ANA, date(2026, 11, 27)),
        )
    shown = {"revision": 1, "number": 1}
    decision = conditional.condition_met(session, act(ANA, LATER), request_id=met.id, **shown)
    assert (decision.decided_by, decision.approved_by) == (PETE, MAX)
    decision = conditional.condition_failed(
        session, act(ANA, LATER), request_id=failed.id, reason="No texts", **shown
    )
    assert (decision.outcome, decision.decided_by, decision.approved_by) == (Outcome.REJECTED, PETE, MAX)


def test_above_the_line_an_appeal_needs_the_director_too_even_where_they_declined_it(
    session, project_id
) -> None:
    request = a_request(session, project_id, by=OLGA)
    reassign(
        session,
        act(PETE, LATER),
        request_id=request.id,
        revision=request.revision,
        person_id=MAX,
        reason="It is large",
    )
    decline(session, request, by=MAX)
    appeal(session, act(OLGA, LATER), request_id=request.id, revision=request.revision, facts="They pay it")
    assert request.decider_id == ANA, "somebody else hears it"
    assert isinstance(accept(session, request, by=ANA, figures=LARGE), FirstApproval)
    # The line is the director's, and Pete next to them has no word in it.
    assert departures.keep_up(session, LATER) == 0
    assert (request.decider_id, request.ball_holder_id) == (MAX, MAX)
    decision = accept(session, request, by=MAX, figures=LARGE)
    assert isinstance(decision, Decision)
    assert (decision.decided_by, decision.approved_by) == (ANA, MAX)
