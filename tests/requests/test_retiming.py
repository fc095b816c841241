"""Somebody changes when they work: what waits on them is due in their new hours, and the card says so."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from bot.errors import WrongFields
from bot.people.hours import WorkingTime
from bot.reminders.service import remind_due
from bot.requests.timing.retiming import change_own_hours
from tests.factories import a_posting, a_request, accept, act, intervals_of, name_director
from tests.portfolio.agency import ANA, MAX, PETE

WEDNESDAYS = WorkingTime(frozenset({3}))


def test_what_waits_on_them_is_due_in_their_new_hours(session, project_id) -> None:
    request = a_request(session, project_id)
    posting = a_posting(session, request)
    change_own_hours(session, act(PETE), theirs=WEDNESDAYS)
    session.flush()
    session.refresh(posting)
    assert request.due_at == datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
    assert request.clock_next_at == datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
    assert intervals_of(session, request)[-1].due_at == request.due_at
    assert posting.is_stale


def test_what_waits_on_others_or_on_nobody_stays(session, project_id) -> None:
    mine, decided = a_request(session, project_id), a_request(session, project_id)
    accept(session, decided)
    due = mine.due_at
    change_own_hours(session, act(ANA), theirs=WEDNESDAYS)
    assert mine.due_at == due
    change_own_hours(session, act(PETE), theirs=WEDNESDAYS)
    assert decided.due_at is None


def test_who_was_reminded_already_is_left_as_long_as_a_reminder_leaves(session, project_id) -> None:
    name_director(session, MAX)
    request = a_request(session, project_id)
    reminded = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    assert remind_due(session, reminded)
    # By these hours it would have been due at noon.
    change_own_hours(session, act(PETE, reminded), theirs=WorkingTime(start=time(4), end=time(20)))
    assert request.due_at == request.clock_next_at == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert not remind_due(session, reminded)


def test_wrong_hours_change_nothing(session, project_id) -> None:
    request = a_request(session, project_id)
    due = request.due_at
    with pytest.raises(WrongFields):
        change_own_hours(session, act(PETE), theirs=WorkingTime(frozenset()))
    assert request.due_at == due
