"""Handoff's processes, each kept alive as a service manager would: whatever ends is started again at once."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.bench.processes import clean_environment

# Who ends within a second of its start is started again only after a moment.
QUICK_SECONDS = 1.0
PAUSE_SECONDS = 0.3
STOPS_WITHIN_SECONDS = 15.0


class Kept:
    """One process that is started again whenever it ends."""

    def __init__(self, part: str, settings: Mapping[str, str], log: Path) -> None:
        self.part = part
        self._settings = dict(settings)
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._keeping: asyncio.Task[None] | None = None
        self.starts = 0

    @property
    def pid(self) -> int | None:
        """The process that runs now."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Start it, and keep it alive from here on."""
        self._spawn()
        self._keeping = asyncio.create_task(self._keep())

    def _spawn(self) -> None:
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "tests.faults.entry", self.part],
                env=clean_environment(**self._settings),
                cwd=self.log.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.starts += 1

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            assert self._process is not None
            while self._process.poll() is None:  # noqa: ASYNC110 (nobody tells)
                await asyncio.sleep(0.02)
            if loop.time() - began < QUICK_SECONDS:
                await asyncio.sleep(PAUSE_SECONDS)
            began = loop.time()
            self._spawn()

    def kill(self) -> None:
        """End it as the power does: no warning, nothing finished."""
        self.send(signal.SIGKILL)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, if it runs."""
        pid = self.pid
        if pid is not None:
            os.kill(pid, number)

    async def stop(self) -> float:
        """Tell it to stop, and wait until it has; how many seconds it took."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        if self._process is None:
            return 0.0
        began = asyncio.get_running_loop().time()
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        try:
            await asyncio.to_thread(self._process.wait, STOPS_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)
        return asyncio.get_running_loop().time() - began
