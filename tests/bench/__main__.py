"""Measures Handoff beside a bare Bolt app, in the same run, against the same stand-in, act by act in turn.

The stand-in of Slack and the people who act are this process; `handoff run` (SQLite on disk, outbox, clock, Slack's
pace: as it ships) and the bare app are two others. Exits with 1 when a limit is broken. Only the ratios mean
anything beyond this machine; what they are made of is in the JSON beside the table.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
import tempfile
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path

from tests.bench import acks, many_open, throughput, weight
from tests.bench.acts import Unfinished
from tests.bench.demo_start import measure_demo_start
from tests.bench.figures import Line, table, write
from tests.bench.measuring import FULL, SHORT, Setup, measure
from tests.bench.processes import ROOT
from tests.bench.scale import levels
from tests.bench.scale import run as growing
from tests.databases import postgresql


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--short", action="store_true", help="fewer rounds, in under a minute: for CI")
    parser.add_argument(
        "--transport", choices=["socket", "http", "both"], default="socket", help="how Slack reaches the apps"
    )
    parser.add_argument(
        "--tuned-peer",
        action="store_true",
        help="give the bare app what Handoff uses (answer after the listener, one HTTP session): to look at, no limits",
    )
    parser.add_argument(
        "--report-only",
        action="store_true",
        help="say which limits are broken, and exit with 0 all the same: for a machine whose speed is not its own",
    )
    parser.add_argument(
        "--many-open",
        action="store_true",
        help="only: every command and Home with 10,000 open requests, and with 10",
    )
    parser.add_argument(
        "--side-by-side",
        action="store_true",
        help="only: acks over both transports against apps that only ack or write one row; start and memory of each process",
    )
    parser.add_argument(
        "--throughput",
        action="store_true",
        help="only: whole requests a second, on SQLite and with 1, 2 and 4 processes on PostgreSQL, beside pgbench",
    )
    parser.add_argument(
        "--scale",
        action="store_true",
        help="only: every command, Home, digest and tick with up to a million requests (--short: 100,000), and a plot",
    )
    parser.add_argument(
        "--database",
        choices=["sqlite", "postgresql"],
        default="sqlite",
        help="for --scale and --many-open: on which database",
    )
    parser.add_argument(
        "--demo-start", action="store_true", help="only: from a clean clone to the demo's page"
    )
    return parser.parse_args()


def _measured(options: argparse.Namespace, artifacts: Path) -> list[Line]:
    if options.demo_start:
        return [measure_demo_start()]
    if options.many_open:
        return _many_open(options, artifacts)
    if options.throughput:
        with tempfile.TemporaryDirectory(dir=artifacts, prefix="bench-") as folder:
            return throughput.run(Path(folder), throughput.SHORT if options.short else throughput.FULL)
    if options.scale:
        return _scale(options, artifacts)
    if options.side_by_side:
        return _side_by_side(options, artifacts)
    lines: list[Line] = []
    for over_http in {"socket": [False], "http": [True], "both": [False, True]}[options.transport]:
        # On the disk that the repository is on: a database in memory would be none.
        with tempfile.TemporaryDirectory(dir=artifacts, prefix="bench-") as folder:
            setup = Setup(Path(folder), over_http=over_http, tuned=options.tuned_peer)
            lines += asyncio.run(measure(setup, SHORT if options.short else FULL))
    return lines


def _side_by_side(options: argparse.Namespace, artifacts: Path) -> list[Line]:
    with tempfile.TemporaryDirectory(dir=artifacts, prefix="bench-") as folder:
        lines = asyncio.run(weight.measure(Path(folder)))
    for over_http in (False, True):
        with tempfile.TemporaryDirectory(dir=artifacts, prefix="bench-") as folder:
            depth = acks.SHORT if options.short else acks.FULL
            lines += asyncio.run(acks.measure(Setup(Path(folder), over_http=over_http), depth))
    return lines


def _many_open(options: argparse.Namespace, artifacts: Path) -> list[Line]:
    depth = many_open.SHORT if options.short else many_open.FULL
    with tempfile.TemporaryDirectory(dir=artifacts, prefix="bench-") as folder, ExitStack() as stack:
        server = stack.enter_context(postgresql()) if options.database == "postgresql" else None
        return many_open.run(Path(folder), depth, server)


def _scale(options: argparse.Namespace, artifacts: Path) -> list[Line]:
    depth = levels.SHORT if options.short else levels.FULL
    with tempfile.TemporaryDirectory(dir=artifacts, prefix="bench-") as folder, ExitStack() as stack:
        url = f"sqlite:///{Path(folder) / 'handoff.db'}"
        if options.database == "postgresql":
            url = stack.enter_context(postgresql()).create("handoff_scale")
        lines, plot = growing.run(url, Path(folder), depth)
    (artifacts / f"bench-scale-{options.database}.svg").write_text(plot, encoding="utf-8")
    return lines


def _name(options: argparse.Namespace) -> str:
    for name in ("demo_start", "many_open", "side_by_side", "throughput", "scale"):
        if getattr(options, name):
            where = "-postgresql" if options.database == "postgresql" else ""
            return f"bench-{name.replace('_', '-')}{where}"
    return "bench"


def _heads(options: argparse.Namespace) -> tuple[str, str]:
    if options.many_open:
        return "10,000 open", "10 open"
    if options.throughput:
        return "ours", "pgbench"
    if options.scale:
        depth = levels.SHORT if options.short else levels.FULL
        return str(depth[-1]), str(depth[0])
    return "ours", "bare Bolt"


def main() -> int:
    """Measure, print, write the JSON; 1 when a limit is broken or something did not happen."""
    options = _options()
    artifacts = Path(os.environ.get("HANDOFF_ARTIFACTS") or ROOT / "artifacts")
    artifacts.mkdir(parents=True, exist_ok=True)
    try:
        lines = _measured(options, artifacts)
    except (Unfinished, RuntimeError, TimeoutError) as error:
        sys.stderr.write(f"not measured: {error}\n")
        return 1
    packages = {name: version(name) for name in ("slack-bolt", "slack-sdk", "aiohttp", "sqlalchemy")}
    facts = {
        "options": vars(options),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        **packages,
    }
    write(artifacts / f"{_name(options)}.json", lines, facts)
    sys.stdout.write(table(lines, *_heads(options)) + "\n")
    broken = [line.what for line in lines if not line.holds]
    if broken and not options.tuned_peer:
        sys.stdout.write("\nBroken:\n" + "".join(f"- {what}\n" for what in broken))
        return 0 if options.report_only else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
