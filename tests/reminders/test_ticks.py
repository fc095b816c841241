"""The clock: a reminder, then the next authority, each once, and never while nobody works."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.db.runner import Runner
from bot.people.hours import WorkingTime, change_hours
from bot.reminders import service as reminders
from bot.reminders.service import ANSWER_OWED, ESCALATED, REMINDER, STILL_THEIRS, YOURS_NOW, remind_due
from bot.requests import deciding, history, service
from bot.requests.models import ChangeRequest, EventKind, Priority, State
from bot.requests.refusals import NotTheDecider
from bot.requests.routing.absences import go_away
from bot.workspaces.models import Workspace
from tests.factories import (
    a_request,
    accept,
    act,
    events_of,
    intervals_of,
    name_director,
    notices_about,
    send_away,
    some_figures,
)
from tests.portfolio.agency import ANA, HERE, MAX, NOW, OLGA, PETE, a_client, a_project, open_agency

# Pete lives in London, where NOW is Monday, 09:00: eight working hours end at 17:00, the last quarter begins at 15:00.
REMIND = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)


def tick(session: Session, now: datetime) -> int:
    """Everything that is due; how many things that was."""
    count = 0
    while remind_due(session, now):
        count += 1
        assert count < 50, "the clock does not come to rest"
    session.flush()
    return count


def said(session: Session, request: ChangeRequest, *kinds: str) -> list[tuple[str, str]]:
    """What the clock announced: kind and reader."""
    wanted = kinds or (REMINDER, ESCALATED, YOURS_NOW)
    return [
        (notice.kind, notice.destination)
        for notice in notices_about(session, request)
        if notice.kind in wanted
    ]


def test_nothing_happens_before_its_time(session, project_id) -> None:
    request = a_request(session, project_id)
    assert tick(session, REMIND - timedelta(seconds=1)) == 0
    assert said(session, request) == []


def test_the_holder_is_reminded_once(session, project_id) -> None:
    request = a_request(session, project_id)
    assert tick(session, REMIND) == 1
    assert tick(session, REMIND + timedelta(minutes=1)) == 0
    assert said(session, request) == [(REMINDER, PETE)]


def test_without_an_answer_the_next_authority_decides(session, project_id) -> None:
    name_director(session, MAX)
    request = a_request(session, project_id)
    tick(session, REMIND)
    assert tick(session, DUE) == 1
    assert (request.ball_holder_id, request.decider_id, request.state) == (MAX, MAX, State.UNDER_REVIEW)
    assert said(session, request) == [(REMINDER, PETE), (ESCALATED, "C_ACME"), (YOURS_NOW, MAX)]
    event = events_of(session, request)[-1]
    assert (event.kind, event.actor_id) == (EventKind.ESCALATED, "Handoff")
    assert (event.facts["before"], event.facts["decider"]) == (PETE, MAX)
    assert history.first_break(request, events_of(session, request)) is None
    with pytest.raises(NotTheDecider):
        accept(session, request, by=PETE, now=DUE)
    accept(session, request, by=MAX, now=DUE)


def test_it_goes_up_once_for_each_holder_and_stops_at_the_last(session, project_id) -> None:
    name_director(session, MAX)
    request = a_request(session, project_id, by=OLGA)
    tick(session, REMIND)
    tick(session, DUE)
    # Max in New York has had the ball since 12:00 there: five hours on Monday, three on Tuesday.
    assert request.due_at == datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    tick(session, datetime(2026, 11, 24, 15, 0, tzinfo=UTC))
    tick(session, datetime(2026, 11, 24, 17, 0, tzinfo=UTC))
    assert request.ball_holder_id == ANA  # the client's account manager, who did not log it
    for hours in range(0, 24 * 14, 3):
        tick(session, datetime(2026, 11, 24, 18, 0, tzinfo=UTC) + timedelta(hours=hours))
    assert request.ball_holder_id == ANA
    assert [kind for kind, _ in said(session, request, REMINDER)] == [REMINDER] * 3
    assert [interval.holder_id for interval in intervals_of(session, request)] == [PETE, MAX, ANA]


def test_nobody_is_reminded_while_they_do_not_work(session, project_id) -> None:
    # Logged when Pete has two hours left: his quarter begins on Tuesday.
    request = a_request(session, project_id, now=datetime(2026, 11, 23, 15, 0, tzinfo=UTC))
    assert request.clock_next_at == datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
    change_hours(session, act(PETE), theirs=WorkingTime(frozenset({3})))
    session.flush()
    tick(session, datetime(2026, 11, 24, 13, 0, tzinfo=UTC))
    assert said(session, request) == []
    assert request.clock_next_at == datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def test_what_is_urgent_does_not_wait(session, project_id) -> None:
    request = a_request(session, project_id, priority=Priority.URGENT)
    change_hours(session, act(PETE), theirs=WorkingTime(frozenset({3})))
    session.flush()
    tick(session, datetime(2026, 11, 23, 22, 0, tzinfo=UTC))
    assert said(session, request) == [(REMINDER, PETE)]


def test_nobody_loses_the_ball_without_having_been_reminded(session, project_id) -> None:
    """The clock stood still over the due time: there is a reminder first, and the last quarter of the time again."""
    name_director(session, MAX)
    request = a_request(session, project_id)
    tuesday = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    tick(session, tuesday)
    assert said(session, request) == [(REMINDER, PETE)]
    assert request.due_at == datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    tick(session, datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
    assert request.ball_holder_id == MAX


def test_an_answer_in_time_stops_it(session, project_id) -> None:
    name_director(session, MAX)
    request = a_request(session, project_id)
    tick(session, REMIND)
    accept(session, request, by=PETE, now=DUE - timedelta(minutes=1))
    assert tick(session, DUE + timedelta(days=30)) <= 3  # the answer owed to the client
    assert said(session, request) == [(REMINDER, PETE)]
    assert request.decider_id == PETE


def test_if_the_next_authority_left_meanwhile_the_holder_keeps_it(session, project_id) -> None:
    name_director(session, MAX)
    request = a_request(session, project_id)
    tick(session, REMIND)
    send_away(session, MAX)
    session.flush()
    assert tick(session, DUE) == 1
    assert request.ball_holder_id == PETE
    assert request.goes_to_id is None
    assert tick(session, DUE + timedelta(minutes=1)) == 0


def test_it_goes_to_whoever_acts_for_the_next_authority(session, project_id) -> None:
    name_director(session, MAX)
    today = NOW.date()
    go_away(session, act(MAX), first_day=today, last_day=today + timedelta(days=5), delegate_id=OLGA)
    request = a_request(session, project_id)
    tick(session, REMIND)
    tick(session, DUE)
    assert (request.decider_id, request.ball_holder_id, request.ball_for_id) == (MAX, OLGA, MAX)
    assert said(session, request)[-1] == (YOURS_NOW, OLGA)


def test_when_the_same_person_acts_for_the_next_the_clock_starts_anew_and_comes_to_rest(
    session, project_id
) -> None:
    name_director(session, MAX)
    today = NOW.date()
    go_away(session, act(MAX), first_day=today, last_day=today + timedelta(days=5), delegate_id=PETE)
    request = a_request(session, project_id)
    tick(session, REMIND)
    tick(session, DUE)
    assert request.ball_holder_id == PETE
    assert request.due_at is None or request.due_at > DUE


def test_the_am_is_reminded_of_the_answer_owed_before_it_is_due_and_on_the_day(session, project_id) -> None:
    request = a_request(session, project_id)  # owed on Wednesday
    tuesday, wednesday = (datetime(2026, 11, day, 8, 0, tzinfo=UTC) for day in (24, 25))
    tick(session, tuesday)
    tick(session, tuesday + timedelta(hours=1))
    assert said(session, request, ANSWER_OWED) == [(ANSWER_OWED, ANA)]
    tick(session, wednesday)
    tick(session, wednesday + timedelta(days=7))
    assert said(session, request, ANSWER_OWED) == [(ANSWER_OWED, ANA)] * 2


def test_a_client_who_was_told_is_owed_nothing(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request, now=NOW)
    service.client_told(session, act(ANA), request_id=request.id)
    tick(session, datetime(2026, 11, 24, 8, 0, tzinfo=UTC))
    assert said(session, request, ANSWER_OWED) == []
    assert request.owed_remind_at is None


def test_a_mistake_of_ours_does_not_stop_the_clock_of_the_others(session, project_id, monkeypatch) -> None:
    broken, other = a_request(session, project_id), a_request(session, project_id)
    remind = reminders._remind

    def fails_for_one(session: Session, actor: Any, request: ChangeRequest, *more: Any) -> None:
        if request.id == broken.id:
            raise ZeroDivisionError
        remind(session, actor, request, *more)

    monkeypatch.setattr(reminders, "_remind", fails_for_one)
    assert tick(session, REMIND) == 2
    assert said(session, other) == [(REMINDER, PETE)]
    assert broken.clock_next_at == REMIND + reminders.AFTER_A_FAILURE


def test_several_clocks_at_once_remind_once_and_pass_it_on_once(engine: Engine) -> None:
    runner, ids = several_requests(engine, 6)
    for now in (REMIND, DUE):
        at_once(*[lambda now=now: run_clock(runner, now)] * 4)

    def look(session: Session) -> None:
        for request_id in ids:
            request = session.get_one(ChangeRequest, (HERE, request_id))
            assert said(session, request) == [(REMINDER, PETE), (ESCALATED, "C_ACME"), (YOURS_NOW, MAX)]
            assert request.ball_holder_id == MAX

    runner.read_now(look)
    runner.close()


def test_a_decision_and_the_clock_at_once_leave_one_of_them(engine: Engine) -> None:
    runner, ids = several_requests(engine, 8)
    run_clock(runner, REMIND)
    for request_id in ids:
        key = {"request_id": request_id, "revision": 1, "figures": some_figures()}

        def decide(key: dict[str, Any] = key) -> None:
            runner.run_now(deciding.accept, act(PETE, DUE), **key)

        refusals = at_once(decide, lambda: run_clock(runner, DUE))

        def look(session: Session, request_id: UUID = request_id, refusals: Any = refusals) -> None:
            request = session.get_one(ChangeRequest, (HERE, request_id))
            is_passed_on = EventKind.ESCALATED in [event.kind for event in events_of(session, request)]
            assert is_passed_on == bool(refusals)
            expected = (State.UNDER_REVIEW, MAX) if is_passed_on else (State.APPROVED, PETE)
            assert (request.state, request.decider_id) == expected

        runner.read_now(look)
    runner.close()


def several_requests(engine: Engine, count: int) -> tuple[Runner, list[UUID]]:
    """Requests that wait for Pete, and go to Max without an answer."""
    open_agency(engine)
    runner = Runner(engine)

    def log(session: Session) -> list[UUID]:
        name_director(session, MAX)
        project = a_project(session, a_client(session))
        return [a_request(session, project).id for _ in range(count)]

    return runner, runner.run_now(log)


def run_clock(runner: Runner, now: datetime) -> None:
    """Everything that is due, as the process of the clock does it."""
    while runner.run_now(remind_due, now):
        pass


def at_once(*hands: Callable[[], None]) -> list[NotTheDecider]:
    """What was refused while all hands did their work at the same moment."""
    start = threading.Barrier(len(hands))
    refusals: list[NotTheDecider] = []
    failures: list[Exception] = []

    def reach(hand: Callable[[], None]) -> None:
        start.wait()
        try:
            hand()
        except NotTheDecider as refused:
            refusals.append(refused)
        except Exception as error:  # fails the test below
            failures.append(error)

    threads = [threading.Thread(target=reach, args=(hand,)) for hand in hands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures, failures
    return refusals


def test_where_two_must_agree_the_second_keeps_it_and_that_is_told_once(session, project_id) -> None:
    name_director(session, MAX)
    session.get_one(Workspace, HERE).second_minutes = 60
    request = a_request(session, project_id)
    accept(session, request, now=NOW)
    assert request.ball_holder_id == MAX
    assert request.due_at is not None
    due = request.due_at
    tick(session, due - timedelta(minutes=30))
    tick(session, due)
    assert tick(session, due + timedelta(days=1)) <= 1  # the answer that is owed
    assert said(session, request, REMINDER, ESCALATED, STILL_THEIRS) == [
        (REMINDER, MAX),
        (STILL_THEIRS, "C_ACME"),
    ]
    assert (request.ball_holder_id, request.decider_id) == (MAX, MAX)
