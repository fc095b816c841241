"""`handoff verify` finds whatever is changed straight in the database: events, and the rows that people see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.ledger.models import FundingEntry
from bot.portfolio.models import Project
from bot.requests.auditing import broken_histories
from bot.requests.bargaining.conditional import Depends, accept_on_condition, condition_met
from bot.requests.editing import edit
from bot.requests.history import digest_of
from bot.requests.models import (
    ChangeRequest,
    ClientAnswer,
    Decision,
    Event,
    EventKind,
    Outcome,
    Priority,
    Promise,
    Reason,
    State,
)
from bot.requests.service import client_told
from tests.factories import LATER, a_request, accept, act, an_ask, decline, some_figures
from tests.portfolio.agency import ANA, HERE, NOW, OLGA, PETE


@pytest.fixture
def told(session: Session, project_id: Any) -> ChangeRequest:
    """A request with three events, beside one that nobody touches."""
    decline(session, a_request(session, project_id, title="Another"))
    request = a_request(session, project_id)
    accept(session, request)
    client_told(session, act(ANA, LATER), request_id=request.id)
    session.flush()  # the tampering goes straight to the rows
    return request


def found(session: Session) -> list[str]:
    session.expire_all()
    return [f"{one.reference} {one.what}" for one in broken_histories(session, workspace_id=HERE) if one]


def test_what_nobody_touched_holds(session: Session, told: ChangeRequest) -> None:
    assert found(session) == []


COLUMNS: dict[str, Any] = {
    "kind": EventKind.REJECTED,
    "actor_id": OLGA,
    "at": NOW - timedelta(days=1),
    "facts": {"minutes": 1},
    "previous_hash": "0" * 64,
    "hash": "0" * 64,
    "position": 9,
    "request_id": None,
}


def test_every_column_of_an_event_is_tampered_with_below() -> None:
    assert set(COLUMNS) | {"workspace_id"} == {column.key for column in Event.__table__.columns}


@pytest.mark.parametrize("position", [1, 2, 3])
@pytest.mark.parametrize("column", COLUMNS)
def test_any_column_of_any_event(session: Session, told: ChangeRequest, column: str, position: int) -> None:
    value = COLUMNS[column]
    if column == "request_id":
        # Moved to the other request, behind what is there.
        value = session.scalar(select(ChangeRequest.id).where(ChangeRequest.id != told.id))
        move: dict[str, Any] = {"request_id": value, "position": 9}
    else:
        move = {column: value}
    here = (Event.request_id == told.id, Event.position == position)
    session.execute(update(Event).where(*here).values(**move))
    assert any("ACME-2" in one for one in found(session))


@pytest.mark.parametrize("position", [1, 2, 3])
def test_a_deleted_event_first_in_the_middle_and_last(
    session: Session, told: ChangeRequest, position: int
) -> None:
    session.execute(delete(Event).where(Event.request_id == told.id, Event.position == position))
    assert found(session) == ["ACME-2 missing"]


def test_a_cut_off_tail_even_with_the_row_made_to_fit(session: Session, told: ChangeRequest) -> None:
    """Whoever cuts off the decision and mends the row's own link still has the decision and its money there."""
    first = session.get_one(Event, (HERE, told.id, 1))
    session.execute(delete(Event).where(Event.request_id == told.id, Event.position > 1))
    fits = {"event_count": 1, "event_head": first.hash}
    session.execute(update(ChangeRequest).where(ChangeRequest.id == told.id).values(**fits))
    assert found(session) == ["ACME-2 not what the rows say (decision)"]


def test_an_event_put_in_at_the_end_with_a_hash_made_to_fit(session: Session, told: ChangeRequest) -> None:
    forged = Event(
        workspace_id=HERE,
        request_id=told.id,
        position=4,
        kind=EventKind.CLOSED,
        actor_id=OLGA,
        at=LATER,
        facts={},
        previous_hash=session.get_one(Event, (HERE, told.id, 3)).hash,
    )
    values = {column.key: getattr(forged, column.key) for column in Event.__table__.columns}
    session.execute(insert(Event).values(**{**values, "hash": digest_of(forged)}))
    assert found(session) == ["ACME-2 missing"], "the row says how many there were, and which was the last"


ROWS: list[tuple[type[Any], dict[str, Any], str]] = [
    (Decision, {"minutes": 1}, "minutes"),
    (Decision, {"fee_minor": 1}, "fee_minor"),
    (Decision, {"delay_days": 30}, "delay_days"),
    (Decision, {"decided_by": ANA}, "decided_by"),
    (Decision, {"on_behalf_of": ANA}, "on_behalf_of"),
    (Decision, {"approved_by": ANA}, "approved_by"),
    (Decision, {"reason": "Because"}, "reason"),
    (Decision, {"outcome": Outcome.REJECTED}, "outcome"),
    (Decision, {"revision": 7}, "revision"),
    (Decision, {"decided_at": NOW - timedelta(days=9)}, "decision"),
    (Decision, {"due_on": LATER.date()}, "due_on"),
    (Decision, {"cleared_at": LATER}, "funding"),
    (FundingEntry, {"minutes": 1}, "funding"),
    (FundingEntry, {"amount_minor": 1}, "funding"),
    (FundingEntry, {"voided_at": LATER}, "funding"),
    (FundingEntry, {"decision_id": new_id()}, "funding"),
]


@pytest.mark.parametrize(("table", "change", "named"), ROWS)
def test_a_decision_or_its_figures_changed_behind_the_events(
    session: Session, told: ChangeRequest, table: type[Any], change: dict[str, Any], named: str
) -> None:
    session.execute(update(table).where(table.request_id == told.id).values(**change))
    assert found(session) == [f"ACME-2 not what the rows say ({named})"]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Something else"},
        {"estimated_minutes": 1},
        {"needed_by": NOW.date()},
        {"priority": Priority.URGENT},
        {"revision": 3},
        {"submitted_at": NOW - timedelta(days=1)},
        {"state": State.REJECTED},
        {"promise": Promise.NOTHING_SAID},
        {"decider_id": OLGA},
        {"requester_id": OLGA},
        {"client_told_at": None},
        {"client_told_at": NOW},
        {"client_answer": ClientAnswer.ACCEPTED},
        {"client_answer": ClientAnswer.NOT_SENT},
    ],
)
def test_a_request_changed_behind_the_events(
    session: Session, told: ChangeRequest, change: dict[str, Any]
) -> None:
    session.execute(update(ChangeRequest).where(ChangeRequest.id == told.id).values(**change))
    assert found(session) == [f"ACME-2 not what the rows say ({next(iter(change))})"]


def test_details_are_told_once_they_were_changed(session: Session, project_id: Any) -> None:
    """Before that no event says what they were: `SECURITY.md` names what verify cannot know."""
    asked = a_request(session, project_id, details="Three fields")
    ask = an_ask(project_id, details="Two fields", reason=Reason.CLARIFICATION)
    edit(session, act(ANA, LATER), request_id=asked.id, revision=1, ask=ask)
    session.flush()
    assert found(session) == []
    here = ChangeRequest.id == asked.id
    session.execute(update(ChangeRequest).where(here).values(details="Four fields", reason=Reason.OTHER))
    assert found(session) == ["ACME-1 not what the rows say (details, reason)"]


def test_a_cut_off_newest_event_contradicts_the_row_that_it_changed(
    session: Session, told: ChangeRequest
) -> None:
    before = session.get_one(Event, (HERE, told.id, 2))
    session.execute(delete(Event).where(Event.request_id == told.id, Event.position == 3))
    fits = {"event_count": 2, "event_head": before.hash}
    session.execute(update(ChangeRequest).where(ChangeRequest.id == told.id).values(**fits))
    (one,) = found(session)
    assert one.startswith("ACME-2 not what the rows say (client_told_at")


def test_a_day_that_a_no_cannot_have(session: Session, told: ChangeRequest) -> None:
    other = Decision.request_id != told.id
    session.execute(update(Decision).where(other).values(due_on=LATER.date()))
    assert found(session) == ["ACME-1 not what the rows say (due_on)"]


def as_it_was_written(session: Session, request: ChangeRequest, *, without: str) -> None:
    """The newest event as an older program wrote it, with a hash that fits."""
    session.flush()
    event = session.get_one(Event, (HERE, request.id, request.event_count))
    facts = {name: value for name, value in event.facts.items() if name != without}
    session.expunge(event)
    event.facts = facts
    new = digest_of(event)
    here = (Event.request_id == request.id, Event.position == event.position)
    session.execute(update(Event).where(*here).values(facts=facts, hash=new))
    session.execute(update(ChangeRequest).where(ChangeRequest.id == request.id).values(event_head=new))


def test_a_request_of_before_there_were_priorities_holds(session: Session, project_id: Any) -> None:
    as_it_was_written(session, a_request(session, project_id), without="priority")
    assert found(session) == []


def test_a_condition_that_was_met_before_its_event_said_whose_word_it_is_holds(
    session: Session, project_id: Any
) -> None:
    asked = a_request(session, project_id)
    of: dict[str, Any] = {"request_id": asked.id, "revision": 1}
    depends = Depends("The texts are there", ANA, (LATER + timedelta(days=9)).date())
    accept_on_condition(session, act(PETE, LATER), figures=some_figures(), depends=depends, **of)
    condition_met(session, act(ANA, LATER + timedelta(hours=1)), number=1, **of)
    as_it_was_written(session, asked, without="decided_by")
    assert found(session) == []


def test_a_request_that_is_gone_with_everything_of_it(session: Session, project_id: Any) -> None:
    a_request(session, project_id)
    session.execute(update(Project).where(Project.id == project_id).values(last_number=3))
    assert found(session) == ["ACME-2 missing with its request", "ACME-3 missing with its request"]


def test_a_request_past_the_last_number_of_its_project(
    session: Session, told: ChangeRequest, project_id: Any
) -> None:
    session.execute(update(Project).where(Project.id == project_id).values(last_number=1))
    assert found(session) == ["ACME-2 past the last number of its project"]
