"""The two programs that are measured, each in a process of its own beside its own workspace of the stand-in."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.sandbox import LocalWorkspace

ROOT = Path(__file__).parents[2]
START_SECONDS = 30.0


@dataclass(frozen=True)
class Program:
    """A running process, and how long it took from its start to being reachable by Slack."""

    process: subprocess.Popen[bytes]
    log: Path
    start_seconds: float

    def resident_mb(self) -> float:
        """Memory that is really used, in MB (of a million bytes)."""
        status = Path(f"/proc/{self.process.pid}/status")
        if status.exists():
            found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text(encoding="ascii"))
            assert found, "a process without memory has ended"
            return int(found[1]) * 1024 / 1e6
        asked = ["ps", "-o", "rss=", "-p", str(self.process.pid)]
        return int(subprocess.run(asked, check=True, capture_output=True).stdout) * 1024 / 1e6


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def clean_environment(**settings: str) -> dict[str, str]:
    """The machine's environment without its proxies (they do not lead to this machine) and without our settings."""
    ours = ("slack_", "handoff_", "database_url", "log_level", "host", "port", "sentry_")
    # Whoever is started again and again would compile all of itself each time, which nothing that is installed does.
    ours += ("pythondontwritebytecode",)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith("_proxy") and not name.lower().startswith(ours)
    }
    return {**kept, "PYTHONPATH": str(ROOT), **settings}


def handoff_command() -> list[str]:
    """`handoff run`, exactly as it ships."""
    return [sys.executable, "-P", "-m", "bot", "run"]


def handoff_settings(slack: LocalWorkspace, database_url: str, port: int) -> dict[str, str]:
    """What `handoff run` is told: over HTTP when there is a port, else through Socket Mode."""
    settings = {
        "DATABASE_URL": database_url,
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.seed.bot_token,
    }
    if port:
        return {**settings, "SLACK_SIGNING_SECRET": slack.seed.signing_secret, "PORT": str(port)}
    return {**settings, "SLACK_APP_TOKEN": slack.seed.app_token}


def bare_command(
    slack: LocalWorkspace, said: Path, port: int, *, tuned: bool, module: str = "tests.bench.bare_app"
) -> list[str]:
    """The peer, with the same words to say as Handoff."""
    seed = slack.seed
    options = {
        "--api-url": slack.api_url,
        "--bot-token": seed.bot_token,
        "--app-token": seed.app_token,
        "--signing-secret": seed.signing_secret,
        "--said": str(said),
        "--port": str(port),
    }
    given = [part for option in options.items() for part in option]
    return [sys.executable, "-P", "-m", module, *given, *(["--tuned"] if tuned else [])]


@asynccontextmanager
async def running(
    command: list[str], settings: dict[str, str], slack: LocalWorkspace, log: Path, port: int
) -> AsyncIterator[Program]:
    """The program, started and reachable; stopped when the block ends."""
    began = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: ASYNC220 (starting is quick)
            command,
            env=clean_environment(**settings),
            cwd=log.parent,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        await _until(lambda: process.poll() is not None, slack, port, log)
        yield Program(process, log, time.perf_counter() - began)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.to_thread(process.wait, 10)
        except subprocess.TimeoutExpired:
            process.kill()
            await asyncio.to_thread(process.wait)


async def _until(has_ended: Callable[[], bool], slack: LocalWorkspace, port: int, log: Path) -> None:
    async with asyncio.timeout(START_SECONDS):
        while not (await _listens(port) if port else slack.socket_mode.is_connected):
            if has_ended():
                raise RuntimeError(f"The program ended at once:\n{_end_of(log)}")
            await asyncio.sleep(0.01)


async def _listens(port: int) -> bool:
    try:
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/"):
            return True
    except aiohttp.ClientError:
        return False


def _end_of(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-2000:]
