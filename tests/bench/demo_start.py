"""From a clean clone to the demo's page served, with the one command of the README."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.bench.figures import Line, against_limit
from tests.bench.processes import ROOT, clean_environment, free_port

LIMIT_SECONDS = 90.0
PATIENCE_SECONDS = 300.0


def measure_demo_start() -> Line:
    """Clone what is committed, run `./handoff demo` there, and wait for the page. Raises `RuntimeError`."""
    with tempfile.TemporaryDirectory() as scratch:
        clone = Path(scratch) / "handoff"
        began = time.perf_counter()
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        seconds = _until_served(clone, began)
    return against_limit("clean clone to the demo's page, warm package cache", "s", seconds, LIMIT_SECONDS)


def _until_served(clone: Path, began: float) -> float:
    port = free_port()
    log = clone.parent / "demo.log"
    # Installing needs the way out that the machine has; only our own settings are kept away.
    environment = {
        **clean_environment(),
        **{k: v for k, v in os.environ.items() if k.lower().endswith("_proxy")},
    }
    environment.pop("PYTHONPATH")
    with log.open("wb") as output:
        demo = subprocess.Popen(
            ["./handoff", "demo", "--port", str(port)],
            cwd=clone,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        while not _serves(port):
            if demo.poll() is not None or time.perf_counter() - began > PATIENCE_SECONDS:
                raise RuntimeError(f"the demo did not start:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.1)
        return time.perf_counter() - began
    finally:
        if demo.poll() is None:
            os.killpg(demo.pid, signal.SIGTERM)
            demo.wait(20)


def _serves(port: int) -> bool:
    # No proxy leads to this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/", timeout=5) as page:
            found = re.search(rb"<html", page.read(), re.IGNORECASE)
            return found is not None
    except OSError:
        return False
