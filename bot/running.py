"""Runs Handoff: all of it in one process, or one part of it, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from enum import Flag, auto

import uvicorn
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.bootstrap import Handoff, SetupError, handoff, plain_secret
from bot.clock import Clock, SystemClock
from bot.db.engine import build_engine, is_sqlite
from bot.scheduler import build_scheduler
from bot.schema import is_current, upgrade
from bot.settings import Settings
from bot.slack.socket_mode import connected
from bot.web.app import build_web
from bot.web.requests import Verifier

log = logging.getLogger(__name__)


class Part(Flag):
    """What a process does."""

    SLACK = auto()
    OUTBOX = auto()
    CLOCK = auto()
    ALL = SLACK | OUTBOX | CLOCK


def prepare_database(settings: Settings) -> None:
    """Bring SQLite up to date; demand it of PostgreSQL, where other processes may be running.

    Raises `SetupError`.
    """
    engine = build_engine(settings.database_url)
    try:
        if is_sqlite(engine):
            upgrade(engine)
        elif not is_current(engine):
            raise SetupError("The database is not up to date. Run `handoff migrate` first.")
    finally:
        engine.dispose()


async def run(settings: Settings, parts: Part = Part.ALL) -> None:
    """Run these parts until SIGTERM or SIGINT.

    Raises `SetupError` when a setting is missing.
    """
    app_token = plain_secret(settings.slack_app_token)
    over_http = Part.SLACK in parts and not app_token
    if over_http and not plain_secret(settings.slack_signing_secret):
        raise SetupError(
            "Neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is set: Slack cannot reach us."
        )
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(handoff(settings, clock=clock))
        if Part.OUTBOX in parts:
            await stack.enter_async_context(_in_background(running.courier.run()))
        if Part.CLOCK in parts:
            scheduler = build_scheduler(running.bot)
            scheduler.start()
            stack.callback(scheduler.shutdown, wait=False)
        if Part.SLACK in parts and app_token:
            await stack.enter_async_context(connected(running.app, app_token))
            log.info("connected to %s through Socket Mode", running.workspace.name)
        if over_http:
            await _serve(running, settings, clock)
        else:
            await _until_told_to_stop()
    log.info("stopped")


async def _serve(running: Handoff, settings: Settings, clock: Clock) -> None:
    async def readiness() -> list[str]:
        return await asyncio.to_thread(_missing, running)

    verifier = Verifier(plain_secret(settings.slack_signing_secret), clock)
    web = build_web(running.app, verifier, readiness)
    config = uvicorn.Config(
        web, host=settings.host, port=settings.port, log_config=None, access_log=False, server_header=False
    )
    log.info("listening on http://%s:%d for %s", settings.host, settings.port, running.workspace.name)
    # uvicorn stops on SIGTERM and SIGINT by itself, after what is under way.
    await uvicorn.Server(config).serve()


def _missing(running: Handoff) -> list[str]:
    def ask(session: Session) -> None:
        session.execute(text("SELECT 1"))

    try:
        running.bot.runner.read_now(ask)
        return [] if is_current(running.bot.runner.engine) else ["migrations"]
    except SQLAlchemyError:
        return ["database"]


async def _until_told_to_stop() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


@asynccontextmanager
async def _in_background(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task], timeout=10)
