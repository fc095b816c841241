"""A nudge: for who asked, to whoever has the ball, now and then."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.db.runner import Runner
from bot.people.refusals import ExternalPerson
from bot.reminders.nudging import NobodyToNudge, Nudged, NudgedAlready, nudge
from bot.reminders.service import NUDGE
from bot.requests import service
from bot.requests.models import ChangeRequest, EventKind, Priority
from bot.requests.refusals import NoSuchRequest, NotTheRequester
from bot.requests.timing.clocks import nudge_from
from tests.factories import a_request, accept, act, events_of, notices_about
from tests.portfolio.agency import ANA, GUEST, HERE, MAX, NOW, PETE, a_client, a_project, open_agency

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_the_holder_gets_one_private_line(session, project_id) -> None:
    request = a_request(session, project_id)
    assert nudge(session, act(ANA, NOON), request_id=request.id) == Nudged("ACME-1", "Pete", None)
    notice = notices_about(session, request)[-1]
    assert (notice.kind, notice.destination) == (NUDGE, PETE)
    session.flush()
    event = events_of(session, request)[-1]
    assert (event.kind, event.actor_id, event.facts) == (EventKind.NUDGED, ANA, {"holder": PETE})


def test_the_next_one_has_to_wait_for_four_of_the_holders_working_hours(session, project_id) -> None:
    request = a_request(session, project_id)
    two = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    nudge(session, act(ANA, two), request_id=request.id)
    tuesday = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    assert nudge_from(session, request, two) == tuesday
    with pytest.raises(NudgedAlready) as refused:
        nudge(session, act(ANA, tuesday - timedelta(minutes=1)), request_id=request.id)
    assert refused.value == NudgedAlready("ACME-1", "Pete", tuesday)
    nudge(session, act(ANA, tuesday), request_id=request.id)
    assert nudge_from(session, request, tuesday + timedelta(days=3)) is None


def test_whoever_gets_the_ball_next_may_be_nudged_at_once(session, project_id) -> None:
    request = a_request(session, project_id)
    nudge(session, act(ANA, NOON), request_id=request.id)
    request.ball_holder_id = request.decider_id = MAX
    assert nudge(session, act(ANA, NOON), request_id=request.id).holder == "Max"


def test_who_is_off_work_reads_it_when_they_are_back_unless_it_is_urgent(session, project_id) -> None:
    evening = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
    request = a_request(session, project_id)
    done = nudge(session, act(ANA, evening), request_id=request.id)
    assert done.reads_at == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    urgent = a_request(session, project_id, priority=Priority.URGENT)
    assert nudge(session, act(ANA, evening), request_id=urgent.id).reads_at is None


def test_there_has_to_be_somebody_else_with_the_ball(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request, now=NOW)
    with pytest.raises(NobodyToNudge) as refused:
        nudge(session, act(ANA), request_id=request.id)
    assert refused.value.is_yours
    gone = a_request(session, project_id)
    service.withdraw(session, act(ANA), request_id=gone.id)
    with pytest.raises(NobodyToNudge) as refused:
        nudge(session, act(ANA), request_id=gone.id)
    assert not refused.value.is_yours


def test_only_who_asked_may(session, project_id) -> None:
    request = a_request(session, project_id)
    for person in (PETE, MAX):
        with pytest.raises(NotTheRequester):
            nudge(session, act(person), request_id=request.id)
    with pytest.raises(ExternalPerson):
        nudge(session, act(GUEST), request_id=request.id)
    with pytest.raises(NoSuchRequest):
        nudge(session, act(ANA), request_id=project_id)


def test_two_presses_at_once_nudge_once(engine: Engine) -> None:
    open_agency(engine)
    runner = Runner(engine)
    request_id = runner.run_now(lambda session: a_request(session, a_project(session, a_client(session))).id)
    start = threading.Barrier(2)
    results: list[object] = []

    def press() -> None:
        start.wait()
        try:
            results.append(runner.run_now(nudge, act(ANA, NOON), request_id=request_id))
        except NudgedAlready as refused:
            results.append(refused)

    hands = [threading.Thread(target=press) for _ in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(60)
    assert sorted(type(result).__name__ for result in results) == ["Nudged", "NudgedAlready"]

    def lines(session: Session) -> int:
        request = session.get_one(ChangeRequest, (HERE, request_id))
        return len([notice for notice in notices_about(session, request) if notice.kind == NUDGE])

    assert runner.read_now(lines) == 1
    runner.close()
