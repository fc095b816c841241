"""Start-up time and memory of each kind of process, beside a bare Bolt app: while nothing happens."""

from __future__ import annotations

import asyncio
import json
import signal
import statistics
import subprocess
import time
from contextlib import AsyncExitStack
from pathlib import Path

from bot.db.engine import build_engine
from bot.sandbox import LocalWorkspace, WallClock
from bot.schema import upgrade
from tests.bench import processes
from tests.bench.agency import bare_app, handoff_app, seed
from tests.bench.figures import Line, against_limit
from tests.bench.processes import Program, clean_environment, free_port

TIMES = 3
# Memory is looked at when the start is over and its garbage collected.
REST_SECONDS = 1.5
# The last thing each process does before it is up, as the stand-in or its log shows it.
COMMANDS = {
    "run, Socket Mode": ("run", False),
    "web, HTTP": ("web", True),
    "worker": ("worker", False),
    "clock": ("clock", False),
}


async def measure(folder: Path) -> list[Line]:
    """The median of three starts of each, and what it holds in memory then."""
    database = f"sqlite:///{folder / 'handoff.db'}"
    engine = build_engine(database)
    upgrade(engine)
    engine.dispose()
    peer = {over_http: await _bare(folder, over_http=over_http) for over_http in (False, True)}
    lines = []
    for name, (command, over_http) in COMMANDS.items():
        seconds, memory = await _handoff(folder, database, command, over_http=over_http)
        beside_seconds, beside_memory = peer[over_http]
        lines.append(against_limit(f"handoff {name}: start", "s", seconds, None, peer=beside_seconds))
        lines.append(against_limit(f"handoff {name}: memory", "MB", memory, None, peer=beside_memory))
    return lines


async def _bare(folder: Path, *, over_http: bool) -> tuple[float, float]:
    said = folder / "said.json"
    said.write_text(json.dumps({"accept_modal": {}}), encoding="utf-8")
    found = []
    for _ in range(TIMES):
        port = free_port() if over_http else 0
        url = f"http://127.0.0.1:{port}/slack/events" if port else None
        async with AsyncExitStack() as stack:
            slack = await stack.enter_async_context(
                LocalWorkspace(seed(bare_app(), request_url=url), clock=WallClock())
            )
            command = processes.bare_command(slack, said, port, tuned=False, module="tests.bench.ack_app")
            program = await stack.enter_async_context(
                processes.running(command, {}, slack, folder / "bare.log", port)
            )
            await asyncio.sleep(REST_SECONDS)
            found.append((program.start_seconds, program.resident_mb()))
    return _median(found)


async def _handoff(folder: Path, database: str, command: str, *, over_http: bool) -> tuple[float, float]:
    found = []
    for _ in range(TIMES):
        port = free_port() if over_http else 0
        url = f"http://127.0.0.1:{port}/slack/events" if port else None
        async with AsyncExitStack() as stack:
            slack = await stack.enter_async_context(
                LocalWorkspace(seed(handoff_app(), request_url=url), clock=WallClock())
            )
            settings = processes.handoff_settings(slack, database, port)
            log = folder / f"{command}.log"
            line = [*processes.handoff_command()[:-1], command]
            if command in {"run", "web"}:
                program = await stack.enter_async_context(processes.running(line, settings, slack, log, port))
            else:
                program = await stack.enter_async_context(_Quiet(line, settings, slack, log))
            await asyncio.sleep(REST_SECONDS)
            found.append((program.start_seconds, program.resident_mb()))
    return _median(found)


def _median(found: list[tuple[float, float]]) -> tuple[float, float]:
    seconds, memory = zip(*found, strict=True)
    return statistics.median(seconds), statistics.median(memory)


class _Quiet:
    """A process that Slack does not reach: it is up when it has asked Slack who it is and begun its work."""

    def __init__(
        self, command: list[str], settings: dict[str, str], slack: LocalWorkspace, log: Path
    ) -> None:
        self._command, self._settings, self._slack, self._log = command, settings, slack, log

    async def __aenter__(self) -> Program:
        began = time.perf_counter()
        with self._log.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: ASYNC220 (starting is quick)
                self._command,
                env=clean_environment(**self._settings),
                cwd=self._log.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        async with asyncio.timeout(processes.START_SECONDS):
            while not self._slack.calls_of("auth.test"):
                if self._process.poll() is not None:
                    raise RuntimeError(self._log.read_text(errors="replace")[-2000:])
                await asyncio.sleep(0.01)
        return Program(self._process, self._log, time.perf_counter() - began)

    async def __aexit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            await asyncio.to_thread(self._process.wait, 15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)
