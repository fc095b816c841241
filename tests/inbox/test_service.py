from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.runner import Runner
from bot.db.transaction import transaction
from bot.inbox.models import Received
from bot.inbox.service import KEPT_FOR, forget_old, is_first
from tests.portfolio.agency import HERE, NOW, open_agency, settle


@pytest.fixture
def session(session: Session) -> Session:
    """One transaction over a database with two workspaces."""
    settle(session, "T2")
    return session


def first(session, key="submission:V1", workspace_id=HERE, now=NOW) -> bool:
    return is_first(session, workspace_id=workspace_id, key=key, now=now)


def test_a_repeat_is_no_first_delivery(session) -> None:
    assert [first(session), first(session), first(session, now=NOW + timedelta(days=1))] == [
        True,
        False,
        False,
    ]


def test_other_keys_and_other_workspaces_are_their_own(session) -> None:
    assert all([first(session), first(session, "submission:V2"), first(session, workspace_id="T2")])


def test_what_was_refused_may_be_delivered_again(engine) -> None:
    open_agency(engine)

    def refused(session: Session) -> None:
        assert first(session)
        raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError), transaction(engine) as session:
            refused(session)


def test_of_many_deliveries_at_once_one_is_first(engine) -> None:
    open_agency(engine)
    runner = Runner(engine)
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda _: runner.run_now(first), range(6)))
    runner.close()
    assert sorted(found) == [False] * 5 + [True]


def test_deliveries_are_forgotten_when_slack_can_repeat_them_no_more(session) -> None:
    first(session, "old", now=NOW)
    first(session, "young", now=NOW + timedelta(seconds=1))
    forget_old(session, NOW + KEPT_FOR + timedelta(seconds=1))
    assert session.scalars(select(Received.key)).all() == ["young"]
    assert session.execute(select(func.count()).select_from(Received)).scalar_one() == 1
