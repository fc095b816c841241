"""Several clocks on one database do the work of one; several real processes stop within ten seconds while Slack hangs."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from contextlib import AsyncExitStack
from datetime import time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.engine import build_engine
from bot.db.runner import Runner
from bot.digests import service as digests
from bot.digests.models import DigestKind, DigestRun
from bot.outbox.models import Notice, NoticeState
from bot.requests import repository as requests
from bot.requests.history import first_break
from bot.sandbox import Fault, LocalWorkspace, WallClock
from bot.scheduler import build_scheduler
from tests.slack_world import ACME, ANA, PETE, TEAM, World, agency, agency_seed
from tests.test_running import handoff_process

LONG = os.environ.get("HANDOFF_PROCESSES") == "long"


@pytest.mark.only_on("postgresql")
async def test_clocks_that_tick_at_once_do_everything_once(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with agency(database_url) as world:
        for number in range(3):
            await world.log(f"Wish {number}")
        await world.bot.run(set_digest, world)
        for _ in range(3):
            world.clock.advance(timedelta(days=1))
            clocks = [build_scheduler(world.bot) for _ in range(3)]
            await asyncio.gather(*(job.func() for clock in clocks for job in clock.get_jobs()))
        notices = Counter(notice.kind for notice in await world.notices())
        periods = await world.bot.read(digest_periods)
        # Thursday and Friday; and each of the three was reminded of no more often than one clock does it.
        assert sorted(periods) == ["2026-11-19", "2026-11-20"]
        assert notices["deadline_digest"] == 2
        assert notices["reminder"] <= 3
        assert not [record for record in caplog.records if "a tick failed" in record.getMessage()]
        assert await world.bot.read(breaks) == []


def set_digest(session: Session, world: World) -> None:
    digests.set_schedule(
        session,
        world.actor(PETE),
        channel_id=ACME,
        kind=DigestKind.DEADLINES,
        is_on=True,
        zone="UTC",
        at=time(9),
        is_external=False,
    )


def digest_periods(session: Session) -> list[str]:
    return list(session.scalars(select(DigestRun.period)))


def breaks(session: Session) -> list[object]:
    found = (first_break(request, events) for request, events in requests.chains(session, workspace_id=TEAM))
    return [one for one in found if one is not None]


@pytest.mark.skipif(not LONG, reason="six processes take half a minute: HANDOFF_PROCESSES=long")
@pytest.mark.only_on("postgresql")
async def test_real_processes_stop_within_ten_seconds_while_slack_hangs(
    database_url: str, tmp_path: Path
) -> None:
    async with agency(database_url) as world:
        await world.log("Its card is on its way when they stop")
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(LocalWorkspace(agency_seed(), clock=WallClock()))
        slack.faults.add(Fault("chat.postMessage", "slow", seconds=30, times=1_000))
        environment = {
            "DATABASE_URL": database_url,
            "SLACK_BOT_TOKEN": slack.seed.bot_token,
            "SLACK_APP_TOKEN": slack.seed.app_token,
            "SLACK_API_URL": slack.api_url,
        }
        processes = [
            await stack.enter_async_context(handoff_process(part, folder=tmp_path, **environment))
            for part in ("web", "web", "worker", "worker", "clock", "clock")
        ]
        async with asyncio.timeout(120):
            while slack.socket_mode.connection_count < 4 or not slack._api.in_progress:  # noqa: ASYNC110 (the stand-in counts, and sets no event)
                await asyncio.sleep(0.1)
        assert (await slack.person(ANA).command("acme", "/handoff", "help")).error is None
        slack.faults.add(Fault("*", "slow", seconds=30, times=1_000))
        hanging = asyncio.create_task(slack.person(ANA).command("acme", "/ask"))
        await asyncio.sleep(0.3)
        began = asyncio.get_running_loop().time()
        for process in processes:
            process.send_signal(signal.SIGTERM)
        said = await asyncio.wait_for(asyncio.gather(*(process.communicate() for process in processes)), 30)
        took = asyncio.get_running_loop().time() - began
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)
        assert took < 10, f"{took:.1f} s"
        assert [process.returncode for process in processes] == [0] * 6, said
        assert [error.decode() for _, error in said if b"Traceback" in error] == []
    runner = Runner(build_engine(database_url))
    notices = runner.read_now(all_notices)
    runner.close()
    assert {notice.lease for notice in notices} == {None}, "all is handed back"
    assert NoticeState.UNCLEAR in {notice.state for notice in notices}, "whoever takes it over looks first"


def all_notices(session: Session) -> list[Notice]:
    found = list(session.scalars(select(Notice)))
    session.expunge_all()
    return found
