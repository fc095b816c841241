"""What comes back from the app for one delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ACK_SECONDS = 3.0


@dataclass(frozen=True)
class Answer:
    """The app's answer: acked in time or not, with what body, and otherwise why not.

    reason is one of Slack's retry reasons (http_timeout, timeout, connection_failed, http_error, …).
    """

    acked: bool
    body: Any = None
    reason: str = ""
    seconds: float = 0.0
    no_retry: bool = False
    status: int = 0


NOT_SENT = Answer(False, reason="timeout")
