"""`python -m bot …` under the bench's clock, and with quick ticks: everything else is as it ships."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from bot import scheduler
from bot.cli import main
from bot.clock import SystemClock
from tests.faults.clocks import SharedClock

CLOCK = "FAULTS_CLOCK"
TICK_SECONDS = 0.5


def under_the_bench() -> None:
    """Let the machine's clock be the bench's, and the scheduler's ticks come quickly."""
    clock = SharedClock(Path(os.environ[CLOCK]), is_machine=True)

    def now(_: SystemClock) -> datetime:
        return clock.now()

    def is_steady(_: SystemClock) -> bool:
        return clock.is_steady()

    # As if the machine's clock had been set; days that pass for everybody are no jump of it.
    SystemClock.now = now  # type: ignore[method-assign]
    SystemClock.is_steady = is_steady  # type: ignore[method-assign]
    ticks = scheduler.build_scheduler.__kwdefaults__
    assert {"digest_tick", "reminder_tick"} <= ticks.keys()
    ticks.update(digest_tick=TICK_SECONDS, reminder_tick=TICK_SECONDS)


if __name__ == "__main__":
    under_the_bench()
    main(prog_name="handoff")
