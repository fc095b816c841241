"""What the app did wrong towards Slack, written down so that tests can demand an empty list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Problem:
    """A fault of the app in Slack's protocol: kind is a short name, text a sentence."""

    kind: str
    text: str
    at: datetime
