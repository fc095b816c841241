"""How long a call to Slack may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TimeLimits:
    """Seconds a call may take, all told."""

    call: float = 10.0
    # A trigger lives three seconds, and as long Slack waits for the ack, which tells when a form could not be opened.
    view: float = 2.0
