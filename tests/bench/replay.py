"""The statements that Handoff sends for whole requests, recorded, and sent once more by `pgbench`.

Recorded is what the driver was given, with its values, in a database that both begin with: ids and times are the same
ones, and no statement is made up. Each client of `pgbench` sends what one pair of people caused, in its order.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, event, make_url

from bot.bootstrap import handoff
from bot.sandbox import LocalWorkspace, WallClock, WorkspaceSeed
from bot.settings import Settings
from bot.slack.pacing import Pacing
from bot.slack.socket_mode import connected
from tests.databases import found_binaries

THREADS = 2


class Sent:
    """What one process sends to its database, transaction by transaction, as plain SQL."""

    def __init__(self, engine: Engine) -> None:
        self._open: dict[int, list[str]] = {}
        self._done: list[str] = []
        self._writes = psycopg.ClientCursor(psycopg.connect(_address(engine.url), autocommit=True))
        event.listen(engine, "begin", self._begun)
        event.listen(engine, "before_cursor_execute", self._executed)
        event.listen(engine, "commit", self._ended("COMMIT"))
        event.listen(engine, "rollback", self._ended("ROLLBACK"))

    def take(self) -> list[str]:
        """What was sent since this was last asked, in the order in which the transactions ended."""
        done, self._done = self._done, []
        return done

    def _begun(self, connection: Connection) -> None:
        self._open[id(connection)] = ["BEGIN"]

    def _executed(
        self, connection: Connection, _cursor: Any, statement: str, given: Any, _context: Any, is_many: bool
    ) -> None:
        # What began before anybody listened is left out as a whole.
        if (begun := self._open.get(id(connection))) is not None:
            begun += [self._writes.mogrify(statement, one) for one in (given if is_many else [given])]

    def _ended(self, word: str) -> Any:
        def ended(connection: Connection) -> None:
            begun = self._open.pop(id(connection), [])
            if len(begun) > 1:
                self._done += [*begun, word]

        return ended


@asynccontextmanager
async def recording(url: str, workspace: WorkspaceSeed) -> AsyncIterator[tuple[LocalWorkspace, Sent]]:
    """Handoff at work in this process, through Socket Mode, and what it sends to its database."""
    async with LocalWorkspace(workspace, clock=WallClock()) as slack:
        slack.faults.enforce_rate_limits = False
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]  # a field of pydantic-settings itself
            database_url=url,
            slack_bot_token=workspace.bot_token,
            slack_app_token=workspace.app_token,
            slack_api_url=slack.api_url,
        )
        async with handoff(settings, pacing=Pacing(seconds_between_posts=0)) as built:
            courier = asyncio.create_task(built.courier.run())
            bot_id = built.workspace.bot_id
            rush = built.courier.rush
            async with connected(built.app, workspace.app_token, rush=rush, bot_id=bot_id):
                await slack.connected()
                yield slack, Sent(built.bot.runner.engine)
            courier.cancel()
            await asyncio.gather(courier, return_exceptions=True)


def pgbench_program() -> Path:
    """Where it is: beside the server that the tests use, or installed. Raises FileNotFoundError."""
    beside = (folder / "pgbench" for folder in found_binaries())
    found = next((path for path in beside if os.access(path, os.X_OK)), None) or shutil.which("pgbench")
    if found is None:
        raise FileNotFoundError("there is no pgbench beside PostgreSQL's programs")
    return Path(found)


def replayed(program: Path, url: str, folder: Path, by_client: Sequence[Sequence[str]]) -> float:
    """How many seconds it takes that many clients to send all of it, each its own part. Raises RuntimeError."""
    script = folder / "whole-requests.sql"
    script.write_text(_script(by_client), encoding="utf-8")
    command = [str(program), "--no-vacuum", "--transactions=1", f"--file={script}"]
    command += [f"--client={len(by_client)}", f"--jobs={THREADS}", _address(make_url(url))]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"^tps = ([\d.]+) \(without initial connection time\)", ran.stdout, re.MULTILINE)
    if ran.returncode or not found or "aborted" in ran.stderr:
        raise RuntimeError(f"pgbench: {ran.stderr[-3000:]}")
    # To pgbench, all that a client does is one transaction.
    return len(by_client) / float(found[1])


def _script(by_client: Sequence[Sequence[str]]) -> str:
    parts = []
    for number, statements in enumerate(by_client):
        parts += [f"\\if :client_id = {number}", *(f"{statement};" for statement in statements), "\\endif"]
    return "\n".join(parts) + "\n"


def _address(url: Any) -> str:
    return str(url.set(drivername="postgresql").render_as_string(hide_password=False))
