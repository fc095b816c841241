"""When an answer is due: in the holder's own working time, by priority; and to whom the ball goes without one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from bot.ledger.models import Funding
from bot.people.hours import WorkingTime, change_hours
from bot.people.settings import Targets, change_working_time
from bot.people.working_time import WorkingHours
from bot.portfolio.models import Project
from bot.requests import ball, repository, service
from bot.requests.announcing import changed
from bot.requests.models import ChangeRequest, Priority, State
from bot.requests.timing.catching_up import start_missing_clocks
from bot.requests.timing.targets import next_authority, next_owed_reminder
from tests.factories import LATER, a_request, accept, act, decline, intervals_of, name_director, some_figures
from tests.portfolio.agency import ANA, HERE, MAX, NOW, OLGA, PETE

# NOW is Monday 09:00 in London, where Pete lives.
MADRID = WorkingHours("Europe/Madrid")


@pytest.mark.parametrize(
    ("priority", "due", "remind"),
    [
        (
            Priority.NORMAL,
            datetime(2026, 11, 23, 17, 0, tzinfo=UTC),
            datetime(2026, 11, 23, 15, 0, tzinfo=UTC),
        ),
        (Priority.HIGH, datetime(2026, 11, 23, 13, 0, tzinfo=UTC), datetime(2026, 11, 23, 12, 0, tzinfo=UTC)),
        (
            Priority.URGENT,
            datetime(2026, 11, 23, 11, 0, tzinfo=UTC),
            datetime(2026, 11, 23, 10, 30, tzinfo=UTC),
        ),
    ],
)
def test_the_first_answer_is_due_by_priority(session, project_id, priority, due, remind) -> None:
    request = a_request(session, project_id, priority=priority)
    assert (request.due_at, request.clock_next_at) == (due, remind)
    assert intervals_of(session, request)[0].due_at == due


def test_it_counts_in_the_holders_own_hours_and_days_off(session, project_id) -> None:
    theirs = WorkingTime(frozenset({1, 3}), time(9), time(13), holidays="")
    change_hours(session, act(PETE), theirs=theirs)
    session.flush()
    request = a_request(session, project_id)
    assert request.due_at == datetime(2026, 11, 25, 13, 0, tzinfo=UTC)


def test_the_workspace_sets_the_targets(session, project_id) -> None:
    change_working_time(session, act(OLGA), usual=WorkingTime(), targets=Targets(60, 120, 180))
    session.flush()
    assert a_request(session, project_id).due_at == NOW + timedelta(hours=3)


def test_without_an_answer_the_ball_goes_to_the_director(session, project_id) -> None:
    name_director(session, MAX)
    request = a_request(session, project_id)
    assert request.goes_to_id == MAX
    card = repository.card_facts(session, workspace_id=HERE, request_id=request.id)
    assert card.clock is not None
    assert card.clock.goes_to is not None
    assert card.clock.goes_to.name == "Max"


def test_it_never_goes_to_who_asked(session, project_id) -> None:
    assert a_request(session, project_id).goes_to_id is None  # after Pete there is only Ana
    assert a_request(session, project_id, by=MAX).goes_to_id == ANA


def test_a_decision_stops_the_clock(session, project_id) -> None:
    for decide in (accept, decline):
        request = a_request(session, project_id)
        decide(session, request)
        assert clock(request) == (None, None, None, None)
        card = repository.card_facts(session, workspace_id=HERE, request_id=request.id)
        assert card.clock is None


def test_a_withdrawal_stops_the_clock(session, project_id) -> None:
    request = a_request(session, project_id)
    service.withdraw(session, act(ANA, LATER), request_id=request.id)
    assert clock(request) == (None, None, None, None)


def test_accepted_work_has_no_first_answer(session, project_id) -> None:
    request = a_request(session, project_id)
    # Nobody pays, so the client's answer is not waited for.
    accept(session, request, figures=some_figures(split={Funding.AGENCY_ERROR: 180}))
    service.client_told(session, act(ANA, LATER), request_id=request.id)
    assert request.ball_holder_id == PETE
    assert clock(request) == (None, None, None, None)


def test_another_decider_has_a_clock_of_their_own(session, project_id) -> None:
    request = a_request(session, project_id)
    first_due = request.due_at
    name_director(session, OLGA)
    session.get_one(Project, (HERE, project_id)).pm_id = MAX
    session.flush()
    service.reroute(session, act(ANA, LATER), project_id=project_id)
    assert request.ball_holder_id == MAX
    # Max lives in New York, where it is 07:00.
    assert request.due_at == datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
    assert request.goes_to_id == OLGA
    assert [interval.due_at for interval in intervals_of(session, request)] == [first_due, request.due_at]


def test_who_answers_a_question_is_on_the_clock_and_nobody_takes_their_place(session, project_id) -> None:
    name_director(session, MAX)
    request = a_request(session, project_id)
    ball.hand_to(session, act(PETE, LATER), request, ANA)
    request.state = State.NEEDS_INFO
    changed(session, act(PETE, LATER), request)
    # Ana has five hours left today, in Madrid, and three tomorrow.
    assert request.due_at == datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    assert request.goes_to_id is None


def clock(request: ChangeRequest) -> tuple[object, ...]:
    return request.clock_of, request.due_at, request.goes_to_id, request.clock_next_at


@pytest.mark.parametrize(
    ("authorities", "holder", "requester", "after"),
    [
        ("PDA", "P", "A", "D"),
        ("PDA", "D", "A", None),
        ("PDA", "D", "X", "A"),
        ("PDA", "A", "X", None),
        ("PDA", "P", "D", "A"),
        ("PA", "P", "A", None),
        # It was given to somebody who is none of them: the director is next, and the manager after that.
        ("PDA", "X", "A", "D"),
        ("PA", "X", "A", "P"),
        ("", "X", "A", None),
    ],
)
def test_the_next_authority(authorities: str, holder: str, requester: str, after: str | None) -> None:
    assert next_authority(tuple(authorities), holder=holder, but_not={requester}) == after


@given(st.permutations("PDA"), st.sampled_from("PDAX"), st.sampled_from("PDAX"))
def test_the_ball_goes_round_nobody_twice_and_never_to_who_asked(
    authorities: list[str], holder: str, requester: str
) -> None:
    seen = [holder]
    while (following := next_authority(authorities, holder=seen[-1], but_not={requester})) is not None:
        assert following != requester
        if following in seen:
            # Only from somebody who is no authority can it come down to the manager, and from there it goes up.
            assert seen[0] not in authorities
            break
        seen.append(following)


def test_the_am_is_reminded_on_the_working_day_before_and_on_the_day() -> None:
    friday = date(2026, 11, 27)
    before = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
    on_the_day = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
    assert next_owed_reminder(friday, MADRID, NOW) == before
    assert next_owed_reminder(friday, MADRID, before) == on_the_day
    assert next_owed_reminder(friday, MADRID, on_the_day) is None


def test_an_answer_owed_on_a_day_off_is_asked_for_on_the_working_days_before_it() -> None:
    sunday = date(2026, 11, 29)
    assert next_owed_reminder(sunday, MADRID, NOW) == datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
    thursday_noon = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
    assert next_owed_reminder(sunday, MADRID, thursday_noon) == datetime(2026, 11, 27, 8, 0, tzinfo=UTC)


def test_a_request_is_logged_with_its_answer_owed_reminder(session, project_id) -> None:
    # Logged on Monday, owed on Wednesday.
    assert a_request(session, project_id).owed_remind_at == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def test_what_waits_without_a_clock_gets_one_from_now_on(session, project_id) -> None:
    old, decided = a_request(session, project_id), a_request(session, project_id)
    accept(session, decided)
    session.flush()
    # As an older release left them.
    session.execute(
        update(ChangeRequest).values(clock_of=None, due_at=None, clock_next_at=None, goes_to_id=None)
    )
    session.expire_all()
    version = old.version
    assert start_missing_clocks(session, LATER) == 1
    assert start_missing_clocks(session, LATER) == 0
    assert old.due_at is not None
    assert old.due_at > LATER
    assert old.clock_next_at is not None
    assert old.version == version + 1
    assert decided.due_at is None
