"""How long a call to Slack may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TimeLimits:
    """Seconds a call may take, all told."""

    call: float = 10.0
    # A trigger lives three seconds; what takes longer than this is not shown any more.
    view: float = 2.5
