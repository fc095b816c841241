"""Runs Handoff: all of it in one process, or one part of it, until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import timedelta
from enum import Flag, auto

import uvicorn
from starlette.applications import Starlette

from bot.bootstrap import NO_INSTALL_PAGE, SetupError, handoff, plain_secret, require_way_in
from bot.clock import SystemClock
from bot.db.engine import build_engine, is_sqlite
from bot.scheduler import build_scheduler
from bot.scheduler import stop as stop_ticking
from bot.schema import is_ahead, is_current, upgrade
from bot.settings import Settings
from bot.slack.socket_mode import connected
from bot.vitals import Vitals
from bot.web.app import build_web
from bot.web.operations import build_operations
from bot.web.requests import Verifier

log = logging.getLogger(__name__)

SWITCH_SECONDS = 0.002
BACKLOG = 512
GC_THRESHOLDS = (20_000, 20, 50)
# Whoever runs us (systemd, Heroku, Kubernetes) kills what has not stopped by itself after ten seconds or more. The
# parts stop side by side; requests under way get so long, since Slack does not wait longer for an answer.
ANSWER_SECONDS = 3
# A part that is told to stop in the background.
PART_SECONDS = 8.0
# What hangs even so (a database that neither answers nor refuses) is left behind: its leases run out.
LAST_SECONDS = 9.5


class Part(Flag):
    """What a process does."""

    SLACK = auto()
    OUTBOX = auto()
    CLOCK = auto()
    ALL = SLACK | OUTBOX | CLOCK


def prepare_database(settings: Settings) -> None:
    """Bring SQLite up to date; demand it of PostgreSQL, where other processes may be running.

    A database that a newer program has migrated is taken as it is. Raises `SetupError`.
    """
    engine = build_engine(settings.database_url)
    try:
        if is_ahead(engine):
            log.warning(
                "The database is newer than this program: it goes on with what it knows. Upgrade it, too, soon."
            )
        elif is_sqlite(engine):
            upgrade(engine)
        elif not is_current(engine):
            raise SetupError("The database is not up to date. Run `handoff migrate` first.")
    finally:
        engine.dispose()


def run_until_stopped(settings: Settings, parts: Part = Part.ALL) -> None:
    """Run these parts on an event loop of their own until SIGTERM or SIGINT.

    Raises `SetupError` when a setting is missing.
    """
    # A use case computes on a thread beside the event loop; by default the loop may wait 5 ms for its turn, which is
    # as long as all of an acknowledgement takes. Much shorter, and both spend their time on taking turns.
    sys.setswitchinterval(SWITCH_SECONDS)
    with asyncio.Runner(loop_factory=_loop_factory()) as loop:
        loop.run(run(settings, parts))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        # Not there on every system (Windows): the standard loop does the same, a little slower.
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def _settle_garbage() -> None:
    """What is there after the start stays for good: the collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


async def run(settings: Settings, parts: Part = Part.ALL) -> None:
    """Run these parts until SIGTERM or SIGINT.

    Raises `SetupError` when a setting is missing.
    """
    require_way_in(settings)
    app_token = plain_secret(settings.slack_app_token)
    over_http = Part.SLACK in parts and not app_token
    if over_http and not plain_secret(settings.slack_signing_secret):
        raise SetupError(
            "Neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is set: Slack cannot reach us."
        )
    if settings.serves_many and app_token and Part.SLACK in parts:
        log.warning(NO_INSTALL_PAGE)
    clock = SystemClock()
    stop = _stop_signal()
    async with AsyncExitStack() as stack:
        running = await stack.enter_async_context(handoff(settings, clock=clock))
        if Part.OUTBOX in parts:
            await stack.enter_async_context(in_background(running.courier.run(), stop))
        if Part.CLOCK in parts:
            scheduler = build_scheduler(
                running.bot,
                sent_kept=timedelta(days=settings.handoff_keep_sent_days),
                gone_kept=timedelta(days=settings.handoff_keep_days),
            )
            scheduler.start()
            stack.push_async_callback(stop_ticking, scheduler)
        connections = None
        if Part.SLACK in parts and app_token:
            connections = await stack.enter_async_context(
                connected(running.app, app_token, rush=running.courier.rush, bot_id=running.bot_id)
            )
            log.info("connected to %s through Socket Mode", running.name)
        vitals = Vitals(running, connections)
        await stack.enter_async_context(in_background(vitals.watch_loop()))
        _settle_garbage()
        if over_http:
            verifier = Verifier(plain_secret(settings.slack_signing_secret), clock)
            web = build_web(
                running.app,
                verifier,
                vitals.operations(),
                proxies=settings.trusted_proxies,
                doorkeeper=running.doorkeeper,
            )
            await _serve(web, settings, stop)
        elif settings.port_is_set:
            await _serve(build_operations(vitals.operations()), settings, stop)
        else:
            await stop.wait()
    log.info("stopped")


async def _serve(web: Starlette, settings: Settings, stop: asyncio.Event) -> None:
    # It would believe a forwarded address from anybody on this machine; whom we believe is a setting (`web.clients`).
    server = _Server(
        uvicorn.Config(
            web,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=ANSWER_SECONDS,
        )
    )
    with _listening(settings) as listener:
        log.info("listening on http://%s:%d", settings.host, settings.port)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        await asyncio.wait({serving, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
        # It answers what is under way, and takes nothing more.
        server.should_exit = True
        await serving


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: they would end the process before the outbox has finished."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listening(settings: Settings) -> socket.socket:
    try:
        return socket.create_server((settings.host, settings.port), backlog=BACKLOG)
    except OSError as error:
        raise SetupError(
            f"Cannot listen on {settings.host}:{settings.port} ({error.strerror}). Set HOST and PORT to what is free."
        ) from error


def _stop_signal() -> asyncio.Event:
    """Set when the process is told to stop; listened to from the start, so that nothing is cut off half-way."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def told() -> None:
        if not stop.is_set():
            log.info("stopping: finishing what is under way")
            _give_up_in(LAST_SECONDS)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told)
    return stop


def _give_up_in(seconds: float) -> None:
    """End the process then, whatever still hangs: a thread of its own, since the loop may be what hangs."""

    def give_up() -> None:
        log.error("not stopped within %s s: leaving what is under way; leases run out by themselves", seconds)
        logging.shutdown()
        os._exit(1)

    timer = threading.Timer(seconds, give_up)
    timer.daemon = True
    timer.start()


@asynccontextmanager
async def in_background(
    work: Coroutine[None, None, None], stop: asyncio.Event | None = None
) -> AsyncIterator[None]:
    """Let `work` go on until the block ends or `stop` is set; then it is told to stop, and has a while to do so."""
    task = asyncio.create_task(work)

    async def stop_early(stop: asyncio.Event) -> None:
        await stop.wait()
        task.cancel()

    watch = None if stop is None else asyncio.create_task(stop_early(stop))
    try:
        yield
    finally:
        if watch is not None:
            watch.cancel()
        # Once: a second time would break off how it stops.
        if not task.cancelling():
            task.cancel()
        await asyncio.wait([task], timeout=PART_SECONDS)
