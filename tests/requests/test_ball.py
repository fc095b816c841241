from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.requests import ball
from bot.requests.models import BallInterval
from bot.requests.service import withdraw
from tests.factories import LATER, a_request, accept, act, intervals_of
from tests.portfolio.agency import ANA, MAX, NOW, PETE


def test_every_hand_over_ends_one_interval_where_the_next_begins(session, project_id) -> None:
    request = a_request(session, project_id)
    ball.hand_to(session, act(PETE, LATER), request, MAX)
    ball.hand_to(session, act(MAX, LATER + timedelta(hours=1)), request, ANA)
    held = intervals_of(session, request)
    assert [interval.holder_id for interval in held] == [PETE, MAX, ANA]
    assert [interval.until for interval in held[:-1]] == [interval.since for interval in held[1:]]
    assert held[-1].until is None


def test_who_has_the_ball_already_keeps_one_interval(session, project_id) -> None:
    request = a_request(session, project_id)
    ball.hand_to(session, act(PETE, LATER), request, PETE)
    assert [(i.holder_id, i.since, i.until) for i in intervals_of(session, request)] == [(PETE, NOW, None)]


def test_a_clock_that_is_behind_ends_no_interval_before_it_began(session, project_id) -> None:
    request = a_request(session, project_id)
    accept(session, request, now=NOW - timedelta(seconds=2))
    assert [(i.holder_id, i.since, i.until) for i in intervals_of(session, request)] == [
        (PETE, NOW, NOW),
        (ANA, NOW, None),
    ]


def test_a_ball_that_was_put_away_is_nobodys(session, project_id) -> None:
    request = a_request(session, project_id)
    withdraw(session, act(ANA, LATER), request_id=request.id)
    assert [interval.until for interval in intervals_of(session, request)] == [LATER]


def test_the_database_itself_refuses_a_second_holder(session, project_id) -> None:
    request = a_request(session, project_id)
    session.add(
        BallInterval(
            workspace_id=request.workspace_id, request_id=request.id, holder_id=MAX, since=NOW, until=None
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
