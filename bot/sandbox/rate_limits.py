"""Slack's rate limits: a bucket for each method (postMessage: for each channel), by the workspace's clock.

The tiers' minutes are documented; the size of a burst is not. Here a burst may use the minute's whole allowance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

TIER_1, TIER_2, TIER_3, TIER_4 = 1, 20, 50, 100
HUNDREDS = 600
# One connection each for a restart or two: Slack promises "1+ per minute".
_TIER_1_BURST = 20
_POST_BURST = 5
_POSTS_A_MINUTE = 300
_UNLISTED_HISTORY = 1


@dataclass
class _Bucket:
    capacity: float
    per_second: float
    level: float
    at: datetime

    def take(self, now: datetime) -> float:
        """Takes one; returns 0, or the seconds until one is there."""
        elapsed = max(0.0, (now - self.at).total_seconds())
        self.at = now
        self.level = min(self.capacity, self.level + elapsed * self.per_second)
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.per_second


class RateLimits:
    """Counts calls and says how long to wait; 0 means go on."""

    def __init__(self) -> None:
        self._buckets: dict[str, _Bucket] = {}

    def wait_for(self, method: str, per_minute: int, now: datetime) -> int:
        """Counts a call of a method of a tier; returns the Retry-After in seconds, or 0."""
        burst = _TIER_1_BURST if per_minute == TIER_1 else per_minute
        return self._take(method, burst, per_minute / 60, now)

    def wait_for_post(self, channel: str, now: datetime) -> int:
        """Counts a chat.postMessage: one a second a channel, a few hundred a minute in all."""
        wait = self._take(f"chat.postMessage:{channel}", _POST_BURST, 1.0, now)
        return wait or self._take("chat.postMessage", _POSTS_A_MINUTE, _POSTS_A_MINUTE / 60, now)

    def wait_for_webhook(self, token: str, now: datetime) -> int:
        """Counts a post to a response_url: one a second."""
        return self._take(f"response:{token}", _POST_BURST, 1.0, now)

    def wait_for_unlisted_history(self, method: str, now: datetime) -> int:
        """Counts a history call of an unlisted commercial app: one a minute."""
        return self._take(f"unlisted:{method}", _UNLISTED_HISTORY, _UNLISTED_HISTORY / 60, now)

    def _take(self, key: str, capacity: float, per_second: float, now: datetime) -> int:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(capacity, per_second, capacity, now)
        return math.ceil(bucket.take(now))
