"""A `handoff demo` in a process of its own, started as a newcomer starts it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
START_SECONDS = 90
STOP_SECONDS = 20


@contextmanager
def running_demo() -> Iterator[str]:
    """The address of the demo's page; afterwards the demo must have stopped by itself, without a complaint."""
    command = [sys.executable, "-m", "bot", "demo", "--port", "0"]
    with (
        TemporaryFile("w+") as complaints,
        subprocess.Popen(
            command, cwd=ROOT, env=_clean(), text=True, stdout=subprocess.PIPE, stderr=complaints
        ) as process,
    ):
        try:
            yield _address(process, complaints)
            process.send_signal(signal.SIGTERM)
            assert process.wait(STOP_SECONDS) == 0
            complaints.seek(0)
            assert complaints.read() == ""
        finally:
            process.kill()


def _address(process: subprocess.Popen[str], complaints: IO[str]) -> str:
    """What the demo says where its page is; killed, and its words told, when it takes too long."""
    late = threading.Timer(START_SECONDS, process.kill)
    late.start()
    said = []
    try:
        assert process.stdout
        for line in process.stdout:
            said.append(line)
            if found := ADDRESS.search(line):
                return found[0]
    finally:
        late.cancel()
    complaints.seek(0)
    raise AssertionError(f"no address from the demo:\n{''.join(said)}{complaints.read()}")


def _clean() -> dict[str, str]:
    """The environment without a developer's own settings, which the demo does not need."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("SLACK_", "HANDOFF_", "DATABASE_", "PYTHON"))
    }
