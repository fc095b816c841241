"""The chain finds whatever is changed, left out, put in, swapped or cut off afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, update

from bot.db.ids import new_id
from bot.requests import history, repository
from bot.requests.history import Broken, digest_of, first_break
from bot.requests.models import ChangeRequest, Event, EventKind
from bot.requests.service import client_told
from tests.factories import LATER, a_request, accept, act, decline, events_of
from tests.portfolio.agency import ANA, HERE, NOW, OLGA, PETE, settle

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
FACTS = st.dictionaries(TEXT, st.none() | st.integers() | st.booleans() | TEXT, max_size=4)


@st.composite
def chains(draw: st.DrawFn) -> tuple[ChangeRequest, list[Event]]:
    """A request with a history of up to eight events, in memory."""
    request = ChangeRequest(workspace_id=HERE, id=new_id(), reference="ACME-1", event_count=0, event_head="")
    events = []
    for _ in range(draw(st.integers(1, 8))):
        actor = act(
            draw(st.sampled_from([ANA, PETE])), NOW + timedelta(microseconds=draw(st.integers(0, 10**9)))
        )
        said = history.chained(actor, request, draw(st.sampled_from(EventKind)), draw(FACTS))
        events.append(Event(**said))
    return request, events


def other(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, EventKind):
        return next(kind for kind in EventKind if kind is not value)
    if isinstance(value, dict):
        return {**value, "added": True}
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, int):
        return value + 1
    return new_id() if hasattr(value, "hex") else value + timedelta(microseconds=1)


@given(chains())
def test_what_nobody_touched_holds(chain) -> None:
    request, events = chain
    assert first_break(request, events) is None


@given(chains(), st.data())
def test_any_changed_value_is_found_where_it_stands(chain, data) -> None:
    request, events = chain
    event = data.draw(st.sampled_from(events))
    column = data.draw(st.sampled_from([column.key for column in Event.__table__.columns]))
    position = event.position
    setattr(event, column, other(getattr(event, column)))
    found = first_break(request, events)
    assert found is not None
    assert found.position == position


@given(chains(), st.data())
def test_a_changed_event_with_a_hash_made_to_fit_is_found_behind_it(chain, data) -> None:
    request, events = chain
    event = data.draw(st.sampled_from(events))
    event.actor_id = OLGA
    event.hash = digest_of(event)
    found = first_break(request, events)
    assert found is not None
    assert found.position == event.position + 1


@given(chains(), st.data())
def test_a_missing_event_is_found(chain, data) -> None:
    request, events = chain
    gone = data.draw(st.integers(0, len(events) - 1))
    assert first_break(request, events[:gone] + events[gone + 1 :]) == Broken("ACME-1", gone + 1, "missing")


@given(chains(), st.data())
def test_a_cut_off_tail_is_found(chain, data) -> None:
    request, events = chain
    kept = data.draw(st.integers(0, len(events) - 1))
    assert first_break(request, events[:kept]) == Broken("ACME-1", kept + 1, "missing")


@given(chains(), st.data())
def test_an_event_put_in_is_found_even_well_chained(chain, data) -> None:
    request, events = chain
    place = data.draw(st.integers(0, len(events)))
    before = events[place - 1] if place else None
    forged = Event(
        workspace_id=HERE,
        request_id=request.id,
        position=place + 1,
        kind=EventKind.APPROVED,
        actor_id=OLGA,
        at=NOW,
        facts={},
        previous_hash=before.hash if before else "",
    )
    forged.hash = digest_of(forged)
    for later in events[place:]:
        later.position += 1
    assert first_break(request, [*events[:place], forged, *events[place:]]) is not None


@given(chains(), st.data())
def test_two_events_in_another_order_are_found(chain, data) -> None:
    request, events = chain
    if len(events) < 2:
        return
    one, two = data.draw(st.lists(st.integers(0, len(events) - 1), min_size=2, max_size=2, unique=True))
    events[one], events[two] = events[two], events[one]
    for place, event in enumerate(events, 1):
        event.position = place  # whoever swaps them will number them too
    assert first_break(request, events) is not None


def test_an_empty_history_is_missing_unless_nothing_happened() -> None:
    request = ChangeRequest(reference="ACME-1", event_count=0, event_head="")
    assert first_break(request, []) is None
    request.event_count = 1
    assert first_break(request, []) == Broken("ACME-1", 1, "missing")


# --- in the database


def breaks(session) -> list[Broken]:
    """Every chain of this workspace that does not hold."""
    session.expire_all()
    found = [
        first_break(request, events) for request, events in repository.chains(session, workspace_id=HERE)
    ]
    return [broken for broken in found if broken]


@pytest.fixture
def told(session, project_id) -> ChangeRequest:
    """A request with three events, beside others that nobody touches."""
    decline(session, a_request(session, project_id, title="Größer! 🎉"))
    request = a_request(session, project_id)
    accept(session, request)
    client_told(session, act(ANA, LATER), request_id=request.id)
    session.flush()  # the tampering goes straight to the rows
    return request


def test_chains_hold_after_the_database_gave_them_back(session, told) -> None:
    assert breaks(session) == []
    assert [event.position for event in events_of(session, told)] == [1, 2, 3]


@pytest.mark.parametrize("position", [1, 2, 3])
def test_an_event_changed_in_the_database_is_found(session, told, position) -> None:
    here = (Event.request_id == told.id, Event.position == position)
    session.execute(update(Event).where(*here).values(actor_id=OLGA))
    assert breaks(session) == [Broken("ACME-2", position, "changed")]


@pytest.mark.parametrize("position", [1, 2, 3])
def test_an_event_deleted_from_the_database_is_found(session, told, position) -> None:
    session.execute(delete(Event).where(Event.request_id == told.id, Event.position == position))
    assert breaks(session) == [Broken("ACME-2", position, "missing")]


def test_every_request_is_verified_however_many_pages(session, project_id, monkeypatch) -> None:
    monkeypatch.setattr(repository, "PAGE", 2)
    made = [a_request(session, project_id).id for _ in range(5)]
    settle(session, "T2")
    assert [request.id for request, _ in repository.chains(session, workspace_id=HERE)] == made
    assert list(repository.chains(session, workspace_id="T2")) == []


def test_the_history_names_who_did_what(session, told) -> None:
    past = repository.history(session, workspace_id=HERE, request_id=told.id)
    assert [(event.kind, event.by.name, event.at) for event in past] == [
        (EventKind.SUBMITTED, "Ana", NOW),
        (EventKind.APPROVED, "Pete", LATER),
        (EventKind.SENT_TO_CLIENT, "Ana", LATER),
    ]
    assert repository.history(session, workspace_id="T2", request_id=told.id) == []
