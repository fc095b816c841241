"""The table of failures: what becomes of a notice, and of a message that mirrors a row."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from bot.outbox.due import LATE_ARRIVAL
from bot.outbox.models import NoticeState
from bot.slack.delivery.failures import (
    HELD_WAIT,
    LONGEST_WAIT,
    POSTING_SHUT_WAIT,
    TOKEN_WAIT,
    Next,
    NextDrawing,
    after_notice,
    after_update,
    backoff,
)
from bot.slack.gateway import NotSent, RateLimited, Refused, Unclear
from bot.slack.gateway.failures import failure_of

POST, INFO, HISTORY, UPDATE = "chat.postMessage", "conversations.info", "conversations.history", "chat.update"
PENDING, UNCLEAR, HELD, STUCK, DEAD = (
    NoticeState.PENDING,
    NoticeState.UNCLEAR,
    NoticeState.HELD,
    NoticeState.STUCK,
    NoticeState.DEAD,
)
AWAY = OperationalError("SELECT", {}, Exception("away"))


@pytest.mark.parametrize(
    ("error", "in_doubt", "expected"),
    [
        (RateLimited(POST, 30), False, Next(PENDING, 30, counts=False)),
        (RateLimited(HISTORY, 60), True, Next(UNCLEAR, 60, counts=False)),
        (Unclear(POST, "reset"), False, Next(UNCLEAR, 1)),
        (Unclear(POST, "slow", may_come_late=True), False, Next(UNCLEAR, LATE_ARRIVAL.total_seconds())),
        (Unclear(INFO, "reset"), False, Next(PENDING, 1)),
        (Unclear(HISTORY, "reset"), True, Next(UNCLEAR, 1)),
        (NotSent(POST, "no route"), False, Next(PENDING, 1)),
        (NotSent(HISTORY, "no route"), True, Next(UNCLEAR, 1)),
        (Refused(POST, "not_in_channel"), False, Next(HELD, HELD_WAIT, counts=False, is_shut_out=True)),
        (Refused(POST, "is_archived"), False, Next(HELD, HELD_WAIT, counts=False, is_shut_out=True)),
        (Refused(POST, "restricted_action"), False, Next(HELD, HELD_WAIT, counts=False, is_shut_out=True)),
        (
            Refused(HISTORY, "not_in_channel"),
            True,
            Next(UNCLEAR, HELD_WAIT, counts=False, is_shut_out=True),
        ),
        (Refused(POST, "token_revoked"), False, Next(PENDING, TOKEN_WAIT, counts=False)),
        (Refused(HISTORY, "token_revoked"), True, Next(UNCLEAR, TOKEN_WAIT, counts=False)),
        (Refused(POST, "invalid_blocks"), False, Next(DEAD)),
        (Refused(POST, "thread_not_found"), False, Next(DEAD)),
        (AWAY, False, Next(PENDING, 1)),
        (AWAY, True, Next(UNCLEAR, 1)),
        (KeyError("a mistake of ours"), False, Next(STUCK, 1)),
        (KeyError("a mistake of ours"), True, Next(UNCLEAR, 1)),
    ],
    ids=repr,
)
def test_what_becomes_of_a_notice(error: Exception, in_doubt: bool, expected: Next) -> None:
    assert after_notice(error, attempts=0, age=timedelta(0), in_doubt=in_doubt) == expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RateLimited(UPDATE, 30), NextDrawing(30, counts=False)),
        (Unclear(UPDATE, "reset"), NextDrawing(1)),
        (Unclear(UPDATE, "slow", may_come_late=True), NextDrawing(1, may_come_late=True)),
        (Unclear(INFO, "slow", may_come_late=True), NextDrawing(1)),
        (NotSent(UPDATE, "no route"), NextDrawing(1)),
        (Refused(UPDATE, "message_not_found"), NextDrawing(is_gone=True)),
        (Refused(UPDATE, "cant_update_message"), NextDrawing(is_gone=True)),
        (Refused(UPDATE, "is_inactive"), NextDrawing(POSTING_SHUT_WAIT)),
        (Refused(UPDATE, "channel_not_found"), NextDrawing(POSTING_SHUT_WAIT)),
        (Refused(UPDATE, "token_revoked"), NextDrawing(TOKEN_WAIT, counts=False)),
        (Refused(UPDATE, "something_new"), NextDrawing(1)),
        (AWAY, NextDrawing(1)),
        (KeyError("a mistake of ours"), NextDrawing(1)),
    ],
    ids=repr,
)
def test_what_becomes_of_a_message_that_mirrors_a_row(error: Exception, expected: NextDrawing) -> None:
    assert after_update(error, attempts=0) == expected


def test_waits_double_up_to_five_minutes() -> None:
    assert [backoff(attempts) for attempts in (0, 1, 2, 8, 9, 10_000)] == [
        1,
        2,
        4,
        256,
        LONGEST_WAIT,
        LONGEST_WAIT,
    ]


@pytest.mark.parametrize(
    ("attempts", "age", "expected"),
    [
        (100, timedelta(hours=23), PENDING),
        (3, timedelta(hours=25), PENDING),
        (12, timedelta(hours=25), DEAD),
    ],
)
def test_an_outage_of_hours_loses_nothing(attempts: int, age: timedelta, expected: NoticeState) -> None:
    error = NotSent(POST, "no route")
    assert after_notice(error, attempts=attempts, age=age, in_doubt=False).state is expected


@pytest.mark.parametrize(("age", "expected"), [(timedelta(days=29), HELD), (timedelta(days=31), DEAD)])
def test_what_is_held_is_kept_for_a_month(age: timedelta, expected: NoticeState) -> None:
    error = Refused(POST, "not_in_channel")
    assert after_notice(error, attempts=0, age=age, in_doubt=False).state is expected


def test_what_a_proxy_did_not_wait_for_may_come_late() -> None:
    assert failure_of(POST, 504, {}, {}) == Unclear(POST, "http 504", may_come_late=True)
    assert failure_of(POST, 500, {}, {}) == Unclear(POST, "http 500")
