"""Breaks everything that can break under Handoff, and counts what was lost, said twice or left stale.

Handoff's processes are real, started as they ship; the stand-in of Slack and the people are this process. Exits with
1 when anything at all is wrong, and says where to look. The same seed lets the same things happen at the same time
of the run.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.processes import ROOT
from tests.databases import NoPostgreSQLError
from tests.faults.bench import Row, run_once
from tests.faults.table import head, line, whole

MOST_SHOWN = 12


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--short", action="store_true", help="a few requests a fault, in about three minutes: for CI"
    )
    parser.add_argument("--times", type=int, default=1, help="so many passes, one after the other")
    parser.add_argument("--seed", type=int, help="the seed of the first pass; the next ones count on from it")
    parser.add_argument("--only", default="", help="only faults whose name holds this")
    parser.add_argument("--on", choices=["one", "many"], help="only on this world")
    parser.add_argument(
        "--keep", action="store_true", help="keep the logs and databases of a pass that is fine"
    )
    return parser.parse_args()


def main() -> int:
    """Break everything, print the table; 1 when something is wrong."""
    options = _options()
    first = options.seed if options.seed is not None else random.SystemRandom().randrange(1_000_000)
    rows: list[Row] = []
    began = time.monotonic()
    for seed in range(first, first + options.times):
        sys.stdout.write(f"seed {seed}\n{head()}\n")
        folder = Path(tempfile.mkdtemp(prefix="handoff-faults-"))
        try:
            found = asyncio.run(_pass(folder, seed, options))
        except NoPostgreSQLError as missing:
            sys.stderr.write(f"no PostgreSQL to break: {missing}\n")
            return 1
        rows += found
        if any(row.wrong for row in found):
            sys.stdout.write(f"Something is wrong. Logs and database: {folder}\n")
            sys.stdout.write(
                f"Again: python -P -m tests.faults --seed {seed}{' --short' if options.short else ''}\n"
            )
            return 1
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(whole(rows, passes=options.times, seconds=time.monotonic() - began) + "\n")
    return 0


async def _pass(folder: Path, seed: int, options: argparse.Namespace) -> list[Row]:
    return await run_once(
        folder, seed, is_short=options.short, only=options.only, on=options.on or "", said=_say
    )


def _say(row: Row) -> None:
    sys.stdout.write(line(row) + "\n")
    for sentence in row.wrong[:MOST_SHOWN]:
        sys.stdout.write(f"    {sentence}\n")
    if len(row.wrong) > MOST_SHOWN:
        sys.stdout.write(f"    and {len(row.wrong) - MOST_SHOWN} more\n")
    sys.stdout.flush()


if __name__ == "__main__":
    assert Path(ROOT).is_dir()
    sys.exit(main())
