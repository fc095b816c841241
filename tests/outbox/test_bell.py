"""The bell between processes: who writes rings, who listens looks at once; without it nothing is lost."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from sqlalchemy import Engine

from bot.slack.delivery.bell import Bell
from tests.outbox.office import PostOffice


@pytest.mark.only_on("postgresql")
async def test_a_worker_hears_at_once_of_what_a_web_process_wrote(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.delivery.courier.IDLE_SECONDS", 3600.0)
    engine = office.world.bot.runner.engine
    bells = Bell(engine), Bell(engine)
    web, worker = office.new_courier(bell=bells[0]), office.new_courier(bell=bells[1])
    running = asyncio.create_task(worker.run())
    posted = office.called("chat.postMessage")
    await office.announce("hello")
    web.wake()
    await asyncio.wait_for(posted.wait(), 10)
    await office.world.settled()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    for bell in bells:
        await bell.close()


@pytest.mark.only_on("postgresql")
async def test_a_bell_whose_connection_was_cut_is_heard_again(engine: Engine) -> None:
    bell, heard = Bell(engine), asyncio.Semaphore(0)
    listening = asyncio.create_task(bell.listen(heard.release))
    await asyncio.wait_for(heard.acquire(), 10)
    bell.ring()
    await asyncio.wait_for(heard.acquire(), 10)
    _, where = engine.dialect.create_connect_args(engine.url)
    async with await psycopg.AsyncConnection.connect(autocommit=True, **where) as admin:
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = 'handoff bell'"
        )
    await asyncio.wait_for(heard.acquire(), 10)
    bell.ring()
    await asyncio.wait_for(heard.acquire(), 10)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await bell.close()


@pytest.mark.only_on("sqlite")
async def test_on_sqlite_nobody_is_rung_for(engine: Engine) -> None:
    bell = Bell(engine)
    bell.ring()
    await bell.listen(lambda: None)
    await bell.close()
