"""Which private notices wait for the morning: every kind that is said in private is in the table, or known to go at once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import cast

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.bootstrap import KINDS
from bot.outbox.due import DueNotice
from bot.outbox.models import Notice
from bot.reminders.nudging import nudge
from bot.reminders.service import NUDGE
from bot.requests.models import Priority
from bot.requests.routing.absences import come_back, go_away
from bot.slack.gateway.readings import read_undisturbed
from bot.slack.quiet import REMINDERS, WAITS_FOR_WORK, not_before
from tests.factories import a_request, act
from tests.portfolio.agency import ANA, PETE, a_client, a_project
from tests.portfolio.agency import NOW as MONDAY

NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
AT = int(NOW.timestamp())


def test_the_table_names_kinds_that_exist() -> None:
    assert set(WAITS_FOR_WORK) <= set(KINDS)
    assert set(WAITS_FOR_WORK) >= REMINDERS


@pytest.mark.parametrize(
    ("answer", "until"),
    [
        ({"dnd_enabled": True, "next_dnd_start_ts": AT - 60, "next_dnd_end_ts": AT + 60}, AT + 60),
        ({"dnd_enabled": True, "next_dnd_start_ts": AT, "next_dnd_end_ts": AT + 1}, AT + 1),
        ({"dnd_enabled": True, "next_dnd_start_ts": AT + 60, "next_dnd_end_ts": AT + 120}, None),
        ({"dnd_enabled": True, "next_dnd_start_ts": AT - 60, "next_dnd_end_ts": AT}, None),
        ({"dnd_enabled": False, "next_dnd_start_ts": AT - 60, "next_dnd_end_ts": AT + 60}, None),
        ({"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}, None),
        ({"dnd_enabled": True}, None),
        ({}, None),
    ],
)
def test_do_not_disturb_is_read_for_this_moment(answer: dict[str, object], until: int | None) -> None:
    read = read_undisturbed(answer, NOW)
    assert (None if read is None else int(read.timestamp())) == until


def test_nothing_goes_to_who_is_away_before_they_are_back(session: Session) -> None:
    client = a_client(session)
    project = a_project(session, client)
    # Ana asked for it, so she cannot act for Pete: it waits for him.
    delegation = go_away(
        session, act(PETE), first_day=MONDAY.date(), last_day=date(2026, 11, 27), delegate_id=ANA
    )
    request = a_request(session, project)
    assert request.ball_holder_id == PETE
    nudged = nudge(session, act(ANA, MONDAY), request_id=request.id)
    session.flush()
    notice = due(session, NUDGE)
    # On the Monday after, as Pete begins to work.
    back_at = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
    assert not_before(session, notice, MONDAY) == nudged.reads_at == back_at
    request.priority = Priority.URGENT
    assert not_before(session, notice, MONDAY) is None
    request.priority = Priority.NORMAL
    come_back(session, act(PETE, MONDAY), delegation_id=delegation.id)
    assert not_before(session, notice, MONDAY) is None


def due(session: Session, kind: str) -> DueNotice:
    return cast(DueNotice, session.scalars(select(Notice).where(Notice.kind == kind)).one())
