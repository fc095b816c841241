from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from bot.db.engine import is_sqlite
from bot.db.ids import new_id
from bot.db.transaction import reading
from bot.ledger.models import Funding
from bot.ledger.repository import Accepted
from bot.portfolio.models import Client, Project
from bot.requests import repository
from bot.requests.afterwards.client_answers import client_accepted
from bot.requests.facts import DecisionFacts, PersonName
from bot.requests.models import AWAITING_DECISION, Decision, Outcome, State
from bot.requests.refusals import NoSuchRequest
from bot.requests.service import withdraw
from tests.factories import (
    LATER,
    a_posting,
    a_request,
    accept,
    act,
    decline,
    some_figures,
)
from tests.portfolio.agency import ANA, HERE, MAX, NOW, PETE, a_client, a_project, settle
from tests.statements import statements

ANAS, PETES = PersonName(ANA, "Ana"), PersonName(PETE, "Pete")


def card(session, request, workspace_id=HERE):
    session.flush()  # the card is read from rows
    return repository.card_facts(session, workspace_id=workspace_id, request_id=request.id)


# --- the card


def test_a_card_shows_the_ask_and_who_waits_for_whom(session, project_id) -> None:
    request = a_request(session, project_id, needed_by=date(2026, 11, 27), details="By the pool")
    facts = card(session, request)
    assert (facts.reference, facts.title, facts.details) == (
        "ACME-1",
        "Add a newsletter sign-up",
        "By the pool",
    )
    assert (facts.requester, facts.decider, facts.ball) == (ANAS, PETES, PETES)
    assert (facts.project, facts.project_key, facts.channel_id) == ("Acme Website", "ACME", "C_ACME")
    assert (facts.client, facts.contact, facts.currency, facts.goodwill_limit) == ("Acme", "Jo", "EUR", 480)
    assert (facts.agreed_minutes, facts.rate_minor, facts.due_on) == (7_200, 120_00, date(2026, 12, 4))
    assert (facts.accepted, facts.decision, facts.awaits_decision) == (Accepted(), None, True)


def test_a_decided_card_shows_the_decision_and_who_pays_largest_part_first(session, project_id) -> None:
    request = a_request(session, project_id)
    split = {Funding.GOODWILL: 60, Funding.CHANGE_ORDER: 120}
    decision = accept(session, request, figures=some_figures(180, 250_00, 3, split))
    facts = card(session, request)
    assert facts.decision == DecisionFacts(
        id=decision.id,
        outcome=Outcome.APPROVED,
        by=PETES,
        at=LATER,
        minutes=180,
        fee_minor=250_00,
        delay_days=3,
        due_on=date(2026, 12, 7),
        reason="",
        split=((Funding.CHANGE_ORDER, 120), (Funding.GOODWILL, 60)),
    )
    assert facts.accepted == Accepted(180, 60, 370_00, 120_00)
    assert facts.ball == ANAS


def test_growth_is_measured_against_what_was_agreed_though_the_due_date_moved(session, project_id) -> None:
    accept(session, a_request(session, project_id), figures=some_figures(600, 0, 14))
    facts = card(session, a_request(session, project_id))
    assert (facts.agreed_minutes, facts.rate_minor, facts.due_on) == (7_200, 120_00, date(2026, 12, 18))


def test_a_closed_card_is_in_nobodys_hands(session, project_id) -> None:
    request = a_request(session, project_id)
    withdraw(session, act(ANA, LATER), request_id=request.id)
    facts = card(session, request)
    assert (facts.ball, facts.closed_at, facts.state) == (None, LATER, State.WITHDRAWN)


def test_a_decision_that_no_longer_stands_is_not_shown(session, project_id) -> None:
    request = a_request(session, project_id)
    session.get_one(Decision, (HERE, decline(session, request).id)).cleared_at = LATER
    assert card(session, request).decision is None


def test_a_card_of_another_workspace_does_not_exist(session, project_id) -> None:
    request = a_request(session, project_id)
    settle(session, "T2")
    with pytest.raises(NoSuchRequest):
        card(session, request, "T2")


def test_a_card_takes_three_queries_and_a_fourth_once_it_is_decided(engine, lasting_session) -> None:
    session, project_id = (
        lasting_session,
        a_project(lasting_session, a_client(lasting_session, goodwill_minutes=480)),
    )
    waiting, decided = a_request(session, project_id), a_request(session, project_id)
    accept(session, decided)
    session.commit()
    for request, most in ((waiting, 3), (decided, 4)):
        with reading(engine) as fresh, statements(engine) as sent:
            card(fresh, request)
        assert len(sent) == most, sent


# --- rows


@pytest.mark.parametrize("written", ["ACME-2", " acme-2 ", "Acme-2", "acme-2\x00", "ACME-٢"])
def test_a_reference_finds_its_request_however_it_is_written(session, project_id, written) -> None:
    _, second = a_request(session, project_id), a_request(session, project_id)
    assert repository.find_by_reference(session, workspace_id=HERE, reference=written) == second.id


@pytest.mark.parametrize(
    "written", ["", "-", "ACME", "ACME-", "ACME-9", "-1", "NONE-1", "ACME-²", "ACME-" + "9" * 40, "\ud800-1"]
)
def test_what_is_no_reference_finds_nothing(session, project_id, written) -> None:
    a_request(session, project_id)
    with pytest.raises(NoSuchRequest) as caught:
        repository.find_by_reference(session, workspace_id=HERE, reference=written)
    assert caught.value.reference == written


def test_references_of_two_workspaces_do_not_meet(session, project_id) -> None:
    settle(session, "T2")
    here = a_request(session, project_id)
    theirs = a_project(session, a_client(session, workspace_id="T2"), workspace_id="T2")
    there = a_request(session, theirs, workspace_id="T2")
    for workspace_id, request in ((HERE, here), ("T2", there)):
        found = repository.find_by_reference(session, workspace_id=workspace_id, reference="ACME-1")
        assert found == request.id


# --- where the card stands


def test_the_card_stands_where_it_was_first_posted(session, project_id) -> None:
    request = a_request(session, project_id)
    place = {"workspace_id": HERE, "request_id": request.id}
    assert repository.card_place(session, **place) is None
    a_posting(session, request, ts="0.9", is_gone=True)
    a_posting(session, request, ts="1.1")
    a_posting(session, request, ts="1.2", kind="client_words", channel_id="D_ANA")
    assert repository.card_place(session, **place) == ("C_ACME", "1.1")


def test_a_message_tells_its_request_only_when_it_is_the_card(session, project_id) -> None:
    request = a_request(session, project_id)
    a_posting(session, request, ts="1.1")
    a_posting(session, request, ts="1.2", kind="client_words")

    def at(ts, workspace_id=HERE):
        return repository.request_at(session, workspace_id=workspace_id, channel_id="C_ACME", ts=ts)

    assert [at("1.1"), at("1.2"), at("1.3"), at("1.1", "T2")] == [request.id, None, None, None]


# --- lists


def references(lines) -> list[str]:
    return [line.reference for line in lines]


def test_what_waits_for_a_person_comes_by_the_day_it_is_needed_then_by_age(session, project_id) -> None:
    days = [None, date(2026, 12, 1), date(2026, 11, 30), None, date(2026, 11, 30)]
    for place, day in enumerate(days):
        # Their answers are due on the same day.
        a_request(session, project_id, needed_by=day, now=NOW + timedelta(minutes=place - 120))
    lines = repository.open_lines(session, workspace_id=HERE, holder_id=PETE, limit=4)
    assert references(lines) == ["ACME-3", "ACME-5", "ACME-2", "ACME-1"]
    assert repository.count_held(session, workspace_id=HERE, holder_id=PETE) == 5


def test_what_a_person_asked_and_others_hold_comes_newest_first(session, project_id) -> None:
    made = [a_request(session, project_id, now=NOW + timedelta(minutes=place)) for place in range(5)]
    a_request(session, project_id, by=MAX)
    accept(session, made[0])  # lies with Ana herself
    withdraw(session, act(ANA), request_id=made[1].id)
    lines = repository.asked_lines(session, workspace_id=HERE, requester_id=ANA, limit=2)
    assert references(lines) == ["ACME-5", "ACME-4"]
    assert repository.count_asked(session, workspace_id=HERE, requester_id=ANA) == 3


def test_an_accepted_request_that_was_told_is_asked_again(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request)
    client_accepted(session, act(ANA), request_id=request.id, revision=1)
    assert repository.count_asked(session, workspace_id=HERE, requester_id=ANA) == 1


def test_projects_are_listed_by_project_and_state(session, project_id) -> None:
    other = a_project(session, a_client(session, name="Beta"), key="BETA")
    first, _, third = (a_request(session, project) for project in (project_id, other, project_id))
    decline(session, first)

    def listed(project_ids, states):
        wanted = {"workspace_id": HERE, "project_ids": project_ids, "states": states}
        lines = repository.project_lines(session, limit=10, **wanted)
        assert repository.count_lines(session, **wanted) == len(lines)
        return references(lines)

    assert listed([], None) == ["ACME-2", "BETA-1", "ACME-1"]
    assert listed([project_id], None) == ["ACME-2", "ACME-1"]
    assert listed([project_id, other], list(AWAITING_DECISION)) == ["ACME-2", "BETA-1"]
    assert listed([], [State.REJECTED]) == ["ACME-1"]
    assert listed([], []) == []
    assert third.reference == "ACME-2"


def test_few_in_some_states_are_listed_as_many_are_and_not_from_the_newest_request_on(
    session, project_id
) -> None:
    for _ in range(4):
        a_request(session, project_id)
    decline(session, a_request(session, project_id))
    connection = session.connection()
    is_lite = is_sqlite(connection.engine)
    wanted = {"workspace_id": HERE, "project_ids": [], "states": list(AWAITING_DECISION)}

    def listed(count):
        steps = []

        def explain(_c, _cursor, statement, parameters, *_):
            if is_lite and "LIMIT" in statement and not statement.startswith("EXPLAIN"):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                steps.extend(row.detail for row in plan)

        event.listen(connection, "before_cursor_execute", explain)
        lines = repository.project_lines(session, limit=2, offset=1, count=count, **wanted)
        event.remove(connection, "before_cursor_execute", explain)
        return references(lines), any("workspace_id_submitted_at" in step for step in steps)

    assert listed(4) == (["ACME-3", "ACME-2"], False)
    assert listed(100) == (["ACME-3", "ACME-2"], is_lite)


@pytest.mark.only_on("sqlite")
def test_the_card_of_a_single_line_is_asked_for_by_its_request(session, project_id) -> None:
    request = a_request(session, project_id)
    connection = session.connection()
    steps = []

    def explain(_c, _cursor, statement, parameters, *_):
        if "LEFT OUTER JOIN postings" in statement and not statement.startswith("EXPLAIN"):
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps.extend(row.detail for row in plan)

    event.listen(connection, "before_cursor_execute", explain)
    repository.lines_of(session, workspace_id=HERE, ids=[request.id])
    event.remove(connection, "before_cursor_execute", explain)
    assert any("postings" in step and "subject_id=?" in step for step in steps), steps


def test_a_line_names_everybody_and_links_to_the_first_card(session, project_id) -> None:
    request = a_request(session, project_id)
    a_posting(session, request, ts="0.9", is_gone=True)
    a_posting(session, request, ts="1.1")
    a_posting(session, request, ts="1.2")
    (line,) = repository.open_lines(session, workspace_id=HERE, holder_id=PETE, limit=5)
    assert (line.requester, line.ball, line.project, line.client) == (ANAS, PETES, "Acme Website", "Acme")
    assert line.card == ("C_ACME", "1.1")


def test_lists_of_another_workspace_are_empty(session, project_id) -> None:
    a_request(session, project_id)
    settle(session, "T2")
    there = {"workspace_id": "T2"}
    assert repository.open_lines(session, holder_id=PETE, limit=5, **there) == []
    assert repository.asked_lines(session, requester_id=ANA, limit=5, **there) == []
    assert repository.project_lines(session, project_ids=[project_id], states=None, limit=5, **there) == []
    assert repository.count_held(session, holder_id=PETE, **there) == 0


def test_a_renamed_client_is_shown_by_its_new_name(session, project_id) -> None:
    a_request(session, project_id)
    project = session.get_one(Project, (HERE, project_id))
    session.get_one(Client, (HERE, project.client_id)).name = "Acme & Sons"
    (line,) = repository.open_lines(session, workspace_id=HERE, holder_id=PETE, limit=5)
    assert line.client == "Acme & Sons"


def test_what_nobody_knows_is_nowhere(session) -> None:
    with pytest.raises(NoSuchRequest):
        repository.locked(session, workspace_id=HERE, request_id=new_id())
    with pytest.raises(NoSuchRequest):
        repository.row(session, workspace_id=HERE, request_id=new_id())


# --- how much a use case asks


def test_logging_and_accepting_ask_no_more_than_they_need(engine, lasting_session) -> None:
    session, project_id = (
        lasting_session,
        a_project(lasting_session, a_client(lasting_session, goodwill_minutes=480)),
    )
    session.commit()
    session.expunge_all()
    with statements(engine) as sent:
        request = a_request(session, project_id)
    # Who asks, the project held, who decides, who is away, when both work; the number, the request, its event, the
    # ball, the card's notice.
    assert len(sent) <= 11, sent
    session.commit()
    session.expunge_all()
    with statements(engine) as sent:
        accept(session, request)
        session.commit()
    # Who decides, project and request held, the baselines; whether one yes is enough, who is away, the ball twice, the decision, its event, the request,
    # three refreshes (its own messages, those on their way, other cards of the project), two notices, the funding,
    # the baseline.
    assert len(sent) <= 18, sent
