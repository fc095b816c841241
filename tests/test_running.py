"""`handoff run` as it is shipped: a process that connects, answers, and stops when it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox import LocalWorkspace, WallClock
from tests.slack_world import agency_seed

TOP = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.only_on("sqlite")


@asynccontextmanager
async def handoff_process(
    *arguments: str, folder: Path, **environment: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Handoff in a process of its own, with nothing in its environment but what is given."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(TOP), "HOME": str(folder), **environment},
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def test_run_connects_answers_and_stops_on_sigterm(database: str, tmp_path: Path) -> None:
    async with (
        LocalWorkspace(agency_seed(), clock=WallClock()) as slack,
        handoff_process(
            "run",
            folder=tmp_path,
            SLACK_BOT_TOKEN=slack.seed.bot_token,
            SLACK_APP_TOKEN=slack.seed.app_token,
            SLACK_API_URL=slack.api_url,
        ) as process,
    ):
        await slack.connected(seconds=30)
        ana = slack.person("U0ANA")
        assert (await ana.command("acme", "/handoff", "help")).error is None
        assert "/ask" in ana.ephemerals[-1].text
        process.send_signal(signal.SIGTERM)
        _, said = await asyncio.wait_for(process.communicate(), 15)
        assert process.returncode == 0, said.decode()
    assert b"Traceback" not in said
    assert slack.seed.bot_token.encode() not in said
    assert (tmp_path / "handoff.db").exists()


async def test_web_answers_slack_over_http(database: str, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    seed = agency_seed(request_url=f"http://127.0.0.1:{port}/slack/events")
    async with (
        LocalWorkspace(seed, clock=WallClock()) as slack,
        handoff_process(
            "run",
            folder=tmp_path,
            SLACK_BOT_TOKEN=slack.seed.bot_token,
            SLACK_SIGNING_SECRET=slack.seed.signing_secret,
            SLACK_API_URL=slack.api_url,
            PORT=str(port),
        ) as process,
    ):
        assert process.stderr is not None
        async for line in process.stderr:
            if b"listening on" in line:
                break
        ana = slack.person("U0ANA")
        assert (await ana.command("acme", "/handoff", "my payload")).error is None
        assert "I do not know" in ana.ephemerals[-1].text
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 15) == 0


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "SLACK_BOT_TOKEN is not set"),
        ({"SLACK_BOT_TOKEN": "xoxb-1-x"}, "Neither SLACK_APP_TOKEN"),
        ({"PORT": "many"}, "PORT"),
        ({"DATABASE_URL": "nothing"}, "DATABASE_URL is not an address"),
    ],
)
async def test_a_wrong_setting_is_a_sentence_and_not_a_traceback(
    database: str, environment: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    async with handoff_process("run", folder=tmp_path, **environment) as process:
        _, said = await asyncio.wait_for(process.communicate(), 60)
    assert sentence in said.decode()
    assert b"Traceback" not in said
    assert process.returncode == 1


async def test_a_refused_token_is_a_sentence(database: str, tmp_path: Path) -> None:
    async with (
        LocalWorkspace(agency_seed(), clock=WallClock()) as slack,
        handoff_process(
            "run",
            folder=tmp_path,
            SLACK_BOT_TOKEN="xoxb-wrong",
            SLACK_APP_TOKEN=slack.seed.app_token,
            SLACK_API_URL=slack.api_url,
        ) as process,
    ):
        _, said = await asyncio.wait_for(process.communicate(), 60)
    assert "Slack refuses SLACK_BOT_TOKEN (invalid_auth)" in said.decode()
    assert "xoxb-wrong" not in said.decode()


@pytest.mark.parametrize("part", ["run", "worker", "clock"])
async def test_every_kind_of_process_answers_for_its_health_where_a_port_is_set(
    database: str, part: str, tmp_path: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with (
        LocalWorkspace(agency_seed(), clock=WallClock()) as slack,
        handoff_process(
            part,
            folder=tmp_path,
            SLACK_BOT_TOKEN=slack.seed.bot_token,
            SLACK_APP_TOKEN=slack.seed.app_token,
            SLACK_API_URL=slack.api_url,
            PORT=str(port),
        ) as process,
    ):
        assert process.stderr is not None
        async for line in process.stderr:
            if b"listening on" in line:
                break
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as web:
            for path, told in (
                ("/healthz", "ok"),
                ("/readyz", '"ready":true'),
                ("/metrics", "handoff_outbox"),
            ):
                async with web.get(path) as answer:
                    assert answer.status == 200
                    assert told in await answer.text()
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 15) == 0
