"""Fair among workspaces: a tenant with ten thousand things to say delays nobody else by more than a round."""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.db.transaction import transaction
from bot.outbox import taking
from bot.outbox.fairness import MOST_OF_ONE
from bot.outbox.models import Notice, NoticeState, Posting
from bot.outbox.taking import UnderWay
from bot.workspaces.service import WorkspaceFacts, ensure

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NOISY, QUIET = "T0NOISY", "T0QUIET"
# HANDOFF_FLOOD=10000 is the long form.
FLOOD = int(os.environ.get("HANDOFF_FLOOD", "400"))
ROOM = 24


@pytest.fixture
def flooded(engine: Engine) -> Engine:
    """Hundreds of notices of one workspace are due, half of them in one channel, and as many stale cards."""
    with transaction(engine) as session:
        for team in (NOISY, QUIET, *(f"T{number}" for number in range(40))):
            ensure(session, WorkspaceFacts(id=team, name=team), NOW)
        session.flush()
        session.execute(insert(Notice.__table__), [notice(NOISY, n) for n in range(FLOOD)])  # type: ignore[arg-type]
        session.execute(insert(Posting.__table__), [posting(NOISY, n) for n in range(FLOOD)])  # type: ignore[arg-type]
    return engine


def notice(team: str, number: int, at: datetime = NOW - timedelta(minutes=5)) -> dict[str, object]:
    return {
        "workspace_id": team,
        "id": new_id(),
        "kind": "note",
        "subject_id": new_id(),
        "facts": {},
        "destination": "C0LOUD" if number % 2 else f"U{number}",
        "dedupe_key": f"{team} {number}",
        "is_outdated": False,
        "state": NoticeState.PENDING,
        "attempts": 0,
        "next_attempt_at": at,
        "last_error": "",
        "created_at": at,
    }


def posting(team: str, number: int, at: datetime = NOW - timedelta(minutes=5)) -> dict[str, object]:
    return {
        "workspace_id": team,
        "id": new_id(),
        "kind": "card",
        "subject_id": new_id(),
        "facts": {},
        "destination": "C0LOUD",
        "channel_id": "C0LOUD",
        "ts": f"{number}.0",
        "wanted": 2,
        "shown": 1,
        "is_stale": True,
        "attempts": 0,
        "next_attempt_at": at,
        "last_error": "",
        "is_gone": False,
    }


def take(session: Session, room: int = ROOM, under_way: UnderWay | None = None) -> taking.Taken:
    return taking.take(
        session, now=NOW, lease=str(new_id()), notices=room, postings=room, under_way=under_way
    )


def test_what_another_workspace_announces_is_in_the_next_round(flooded: Engine) -> None:
    with transaction(flooded) as session:
        session.execute(insert(Notice.__table__), [notice(QUIET, 0, NOW)])  # type: ignore[arg-type]
        session.execute(insert(Posting.__table__), [posting(QUIET, 0, NOW)])  # type: ignore[arg-type]
    with transaction(flooded) as session:
        taken = take(session)
    assert Counter(due.workspace_id for due in taken.notices)[QUIET] == 1
    assert Counter(due.workspace_id for due in taken.postings)[QUIET] == 1
    assert taken.is_crowded


def test_room_is_kept_from_who_has_most_of_it(flooded: Engine) -> None:
    with transaction(flooded) as session:
        taken = take(session)
        assert (len(taken.notices), len(taken.postings)) == (MOST_OF_ONE, MOST_OF_ONE)
        of_noisy = {NOISY: MOST_OF_ONE}
        rest = take(session, ROOM - MOST_OF_ONE, UnderWay(of_noisy, of_noisy, is_crowded=True))
        assert (rest.notices, rest.postings) == ([], []), "the rest of the room is for others"
        session.execute(insert(Notice.__table__), [notice(QUIET, 0, NOW)])  # type: ignore[arg-type]
        rest = take(session, ROOM - MOST_OF_ONE, UnderWay(of_noisy, of_noisy, is_crowded=True))
        assert [due.workspace_id for due in rest.notices] == [QUIET]


def test_in_a_crowd_of_workspaces_each_has_its_turn(flooded: Engine) -> None:
    teams = [f"T{number}" for number in range(40)]
    with transaction(flooded) as session:
        session.execute(insert(Notice.__table__), [notice(team, 0, NOW) for team in teams])  # type: ignore[arg-type]
    served: Counter[str] = Counter()
    for _ in range(2):
        with transaction(flooded) as session:
            served.update(due.workspace_id for due in take(session).notices)
    assert sum(served[team] for team in teams) >= 40 - 1
    assert served[NOISY] <= 2 * ROOM - 39


def test_a_channel_of_the_flood_is_still_said_in_order(flooded: Engine) -> None:
    with transaction(flooded) as session:
        loud = [due.dedupe_key for due in take(session).notices if due.destination == "C0LOUD"]
    assert loud in ([], [f"{NOISY} 1"])
