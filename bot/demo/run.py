"""Runs the demo: a local workspace, the bot and its clock in one process, with the agency's history in place."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import sys
import webbrowser
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from bot import logs
from bot.bootstrap import Handoff, SetupError, handoff
from bot.clock import Clock, SystemClock
from bot.db.engine import build_engine
from bot.demo.agency import workspace_seed
from bot.demo.calendar import Calendar
from bot.demo.clock import StoryClock
from bot.demo.history import History
from bot.demo.plot import beginning
from bot.running import in_background
from bot.sandbox import LocalWorkspace, WorkspaceSeed
from bot.scheduler import build_scheduler
from bot.schema import upgrade
from bot.settings import Settings
from bot.slack.pacing import Pacing
from bot.slack.socket_mode import connected

DEFAULT_PORT = 8765
PORTS_TRIED = 20
# The first thing to try.
ASK = "show the menus of the restaurants as PDF, by Friday, ~3h"
# The page moves the clock, and whoever moved it is waiting for the digest.
DIGEST_TICK_SECONDS = 1.0


@dataclass(frozen=True)
class Demo:
    """What runs: the stand-in of Slack, Handoff, and the clock that both live by."""

    slack: LocalWorkspace
    handoff: Handoff
    clock: StoryClock


class PlaybackPacing(Pacing):
    """Slack's pace, but not while old times are played back."""

    def __init__(self) -> None:
        super().__init__()
        self.is_playing_back = True

    async def turn(self, workspace_id: str, place: str) -> bool:
        """Wait until a message may be posted here, unless it was posted long ago."""
        return not self.is_playing_back and await super().turn(workspace_id, place)


def run_demo(
    port: int = DEFAULT_PORT,
    database_path: Path | None = None,
    *,
    seed: int = 1,
    open_browser: bool = False,
) -> None:
    """Run the demo until Ctrl-C or SIGTERM, and say on standard output what to do with it.

    Takes the next free port where `port` is taken. Raises `SetupError` where `database_path` exists already.
    """
    logs.configure("WARNING")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(port, database_path, seed=seed, open_browser=open_browser))


async def _serve(port: int, database_path: Path | None, *, seed: int, open_browser: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows knows no signal handlers on the loop; Ctrl-C is a KeyboardInterrupt there.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    running = asyncio.create_task(_run(port, database_path, seed=seed, open_browser=open_browser))
    stopping = asyncio.create_task(stop.wait())
    # The start takes seconds, and Ctrl-C must count then too.
    await asyncio.wait([running, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def _run(port: int, database_path: Path | None, *, seed: int, open_browser: bool) -> None:
    """Run until cancelled."""
    _tell("Setting up the agency: four months of work, in a few seconds …")
    async with running_demo(port=port, database_path=database_path, seed=seed) as demo:
        _tell(introduction(demo.slack.url, database_path))
        if open_browser:
            webbrowser.open(demo.slack.url)
        await asyncio.Event().wait()


@asynccontextmanager
async def running_demo(
    *, port: int = 0, database_path: Path | None = None, seed: int = 1, real: Clock | None = None
) -> AsyncIterator[Demo]:
    """The whole demo, its history played, for as long as the block runs; `real` tells the present moment.

    Raises `SetupError`.
    """
    calendar = Calendar((real or SystemClock()).now(), seed)
    clock = StoryClock(beginning(calendar))
    async with AsyncExitStack() as stack:
        database_url = await _fresh_database(stack, database_path)
        agency = workspace_seed()
        slack = await _workspace(stack, agency, clock, port)
        settings = Settings(
            database_url=database_url,
            slack_bot_token=SecretStr(agency.bot_token),
            slack_app_token=SecretStr(agency.app_token),
            slack_api_url=slack.api_url,
        )
        pacing = PlaybackPacing()
        running = await stack.enter_async_context(handoff(settings, clock=clock, pacing=pacing))
        with _not_waiting_for_the_disk(running.bot.runner.engine):
            await History(running.bot, slack, clock, calendar).play()
        pacing.is_playing_back = False
        await stack.enter_async_context(in_background(running.courier.run()))
        scheduler = build_scheduler(
            running.bot, digest_tick=DIGEST_TICK_SECONDS, reminder_tick=DIGEST_TICK_SECONDS
        )
        scheduler.start()
        stack.callback(scheduler.shutdown, wait=False)
        await stack.enter_async_context(
            connected(running.app, agency.app_token, rush=running.courier.rush, bot_id=running.bot_id)
        )
        yield Demo(slack, running, clock)


def introduction(url: str, database_path: Path | None) -> str:
    """What a newcomer needs to know: where it is, three things to try, how to stop."""
    kept = "Nothing is kept" if database_path is None else f"The data stays in {database_path}"
    return f"""
Handoff is running for Brightside, a made-up agency, in a local stand-in of
Slack:

    {url}

Three things to try, in this order:

  1. You are Ana, an account manager. In #almarena-website, type
     /ask {ASK}
  2. Become Pete, the project manager, and press Accept on the new card.
     Become Ana again: Handoff sent her the words for the client.
  3. Move the clock, in the bar at the top, to next Monday 09:00, and read
     the digest in #agency-leads.

Nothing leaves this computer. Stop with Ctrl-C. {kept}.
"""


async def _fresh_database(stack: AsyncExitStack, path: Path | None) -> str:
    """The address of a new database with every table in it."""
    if path is None:
        path = Path(stack.enter_context(TemporaryDirectory(prefix="handoff-demo-"))) / "handoff.db"
    elif path.exists():
        raise SetupError(f"{path} is there already. The demo begins with a new file: give it another name.")
    url = f"sqlite:///{path}"

    def migrate() -> None:
        engine = build_engine(url)
        try:
            upgrade(engine)
        finally:
            engine.dispose()

    await asyncio.to_thread(migrate)
    return url


@contextmanager
def _not_waiting_for_the_disk(engine: Engine) -> Iterator[None]:
    """A history that is cut short is played again, so its commits need not survive a power cut."""

    def hurry(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        connection.cursor().execute("PRAGMA synchronous=OFF")

    event.listen(engine, "connect", hurry)
    engine.dispose()
    try:
        yield
    finally:
        event.remove(engine, "connect", hurry)
        engine.dispose()


async def _workspace(stack: AsyncExitStack, agency: WorkspaceSeed, clock: Clock, port: int) -> LocalWorkspace:
    """The stand-in, listening on `port` or on the next one that is free."""
    for tried in range(port, port + PORTS_TRIED if port else 1):
        slack = LocalWorkspace(agency, clock=clock, port=tried, records=False)
        try:
            await slack.start()
        except OSError as error:
            await slack.stop()
            if error.errno != errno.EADDRINUSE:
                raise
            continue
        stack.push_async_callback(slack.stop)
        return slack
    raise SetupError(f"The ports {port} to {port + PORTS_TRIED - 1} are all in use. Give one with --port.")


def _tell(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
