"""A workspace that took Handoff out is left alone by every tick of the clock, whatever falls due there."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import time, timedelta

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.bootstrap import Handoff, handoff
from bot.clock import FrozenClock
from bot.db.base import Base
from bot.digests.models import DigestKind
from bot.digests.service import set_schedule
from bot.outbox.backlog import BACKLOG_STATES
from bot.people.models import Actor
from bot.requests.models import ChangeRequest
from bot.scheduler import build_scheduler
from bot.slack.pacing import Pacing
from bot.vitals import Vitals
from bot.workspaces import erasing
from bot.workspaces.erasing import erase
from bot.workspaces.installations import stop
from bot.workspaces.repository import workspaces
from tests.statements import statements
from tests.tenants.crowd import ACME, ANA, NOW, gather, settings, yes_sayer

STOPPED, AT_WORK = "T1", "T10"
# What these do in a stopped workspace is to be done there: delete what is old, or compute a time anew; they say nothing.
ANYWHERE = {"tidy", "erase_long_gone", "realign_digests", "start_missing_clocks"}

# A statement about one workspace, which the caller knows already.
OF_ONE = re.compile(r"workspace_id = (\?|%\(|:)|workspaces\.id = (\?|%\(|:)")


@pytest.fixture
async def two(database_url: str) -> AsyncIterator[Handoff]:
    """Two workspaces with the same rows; one of them is stopped."""
    async with yes_sayer() as slack:
        chosen, clock = settings(database_url, slack.url), FrozenClock(NOW)
        async with handoff(chosen, clock=clock, pacing=Pacing(seconds_between_posts=0)) as built:
            await built.bot.runner.run(gather, crowd=(STOPPED, AT_WORK))

            def set_up(session: Session) -> None:
                for workspace_id in (STOPPED, AT_WORK):
                    actor = Actor(workspace_id, ANA, NOW)
                    set_schedule(
                        session,
                        actor,
                        channel_id=ACME,
                        kind=DigestKind.SCOPE,
                        is_on=True,
                        zone="UTC",
                        at=time(9),
                        is_external=False,
                    )
                assert stop(session, workspace_id=STOPPED, why="app_uninstalled", now=NOW)

            await built.bot.runner.run(set_up)
            yield built


def everything(session: Session, workspace_id: str) -> dict[str, list[str]]:
    """Every row of a workspace, by table."""
    tables = [table for table in Base.metadata.sorted_tables if "workspace_id" in table.c]
    return {
        table.name: sorted(
            repr(tuple(row))
            for row in session.execute(select(table).where(table.c.workspace_id == workspace_id))
        )
        for table in tables
    }


async def test_nothing_happens_in_a_stopped_workspace_and_all_of_it_in_the_other(two: Handoff) -> None:
    before = await two.bot.read(everything, STOPPED)
    working = await two.bot.read(everything, AT_WORK)
    scheduler = build_scheduler(two.bot)
    for days in (1, 8):
        two.bot.clock.advance(timedelta(days=days))  # type: ignore[attr-defined]
        for job in scheduler.get_jobs():
            if job.id != "erase_long_gone":
                await job.func()
    after = await two.bot.read(everything, STOPPED)
    assert {name for name in before if before[name] != after[name]} == set()
    moved = await two.bot.read(everything, AT_WORK)
    assert {"notices", "digest_runs", "change_requests"} <= {
        name for name in working if working[name] != moved[name]
    }

    def passed_on(session: Session) -> set[str]:
        query = select(ChangeRequest.workspace_id).where(ChangeRequest.reminded_at.is_not(None))
        return set(session.scalars(query))

    assert await two.bot.read(passed_on) == {AT_WORK}


@pytest.mark.only_on("sqlite")
async def test_one_that_cannot_be_deleted_is_told_once_the_others_are(
    two: Handoff, monkeypatch: pytest.MonkeyPatch
) -> None:
    await two.bot.runner.run(stop, workspace_id=AT_WORK, why="app_uninstalled", now=NOW + timedelta(hours=1))
    two.bot.clock.advance(timedelta(days=40))  # type: ignore[attr-defined]

    def erase_all_but_the_first(session: Session, *, workspace_id: str) -> dict[str, int]:
        if workspace_id == STOPPED:
            raise RuntimeError("a table that cannot be written")
        return erase(session, workspace_id=workspace_id)

    monkeypatch.setattr(erasing, "erase", erase_all_but_the_first)
    failures = ticks("erase_long_gone", "failed")
    (job,) = [job for job in build_scheduler(two.bot).get_jobs() if job.id == "erase_long_gone"]
    await job.func()
    assert ticks("erase_long_gone", "failed") == failures + 1
    assert {workspace.id for workspace in await two.bot.read(workspaces)} == {STOPPED}


@pytest.mark.only_on("sqlite")
async def test_every_tick_asks_which_workspaces_are_stopped(two: Handoff) -> None:
    for job in build_scheduler(two.bot).get_jobs():
        if job.id in ANYWHERE:
            continue
        with statements(two.bot.runner.engine) as sent:
            await job.func()
        looks = [" ".join(one.split()) for one in sent if one.startswith("SELECT")]
        across = [
            one for one in looks if not OF_ONE.search(one) and "SELECT DISTINCT workspaces.zone" not in one
        ]
        assert across, job.id
        for one in across:
            assert "installations" in one, f"{job.id} would go on in a workspace that was stopped: {one}"


async def test_what_a_stopped_workspace_left_unsaid_alarms_nobody(two: Handoff) -> None:
    await two.bot.runner.run(stop, workspace_id=AT_WORK, why="app_uninstalled", now=NOW)
    two.bot.clock.advance(timedelta(days=10))  # type: ignore[attr-defined]
    await Vitals(two).measure()
    assert {state: value("handoff_outbox_backlog", state=state) for state in BACKLOG_STATES} == dict.fromkeys(
        BACKLOG_STATES, 0.0
    )
    assert value("handoff_digests_overdue_seconds") == 0


async def test_what_waits_in_a_workspace_that_is_served_does(two: Handoff) -> None:
    two.bot.clock.advance(timedelta(days=10))  # type: ignore[attr-defined]
    await Vitals(two).measure()
    assert value("handoff_outbox_backlog", state="pending") > 0
    assert value("handoff_digests_overdue_seconds") > 0


def ticks(name: str, outcome: str) -> float:
    """How often a tick ended so."""
    return value("handoff_clock_ticks_total", tick=name, outcome=outcome)


def value(name: str, **labels: str) -> float:
    """What a metric says now."""
    return REGISTRY.get_sample_value(name, labels) or 0.0
