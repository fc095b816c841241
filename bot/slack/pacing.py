"""Slack's pace: about one post a second in a channel, and a pause wherever it asked for one."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import datetime, timedelta

SECONDS_BETWEEN_POSTS = 1.0
# Beyond so many places remembered, those whose turn is long past are forgotten.
REMEMBERED = 10_000


# So often in a minute a workspace's channels are looked at anew only to be sure; Slack allows about 50 such calls.
LOOKS_A_MINUTE = 30


class Pacing:
    """Lets each place (a channel, a message that is redrawn) have its turn; who waits does not hold up the others."""

    def __init__(self, *, seconds_between_posts: float = SECONDS_BETWEEN_POSTS) -> None:
        self._between = seconds_between_posts
        self._free_at: dict[tuple[str, str], float] = {}
        self._paused_until: dict[tuple[str, str], datetime] = {}
        self._looks: dict[str, deque[float]] = {}

    async def turn(self, workspace_id: str, place: str) -> bool:
        """Wait until it is this place's turn (a second or so), and take it; whether that took any time."""
        now = asyncio.get_running_loop().time()
        at = max(now, self._free_at.get((workspace_id, place), now))
        self._free_at[workspace_id, place] = at + self._between
        if len(self._free_at) > REMEMBERED:
            self._free_at = {key: free for key, free in self._free_at.items() if free > now}
        if at > now:
            await asyncio.sleep(at - now)
        return at > now

    def give_back(self, workspace_id: str, place: str) -> None:
        """Nothing was said here after all: whoever comes next need not wait for it."""
        self._free_at.pop((workspace_id, place), None)

    def may_look(self, workspace_id: str) -> bool:
        """Whether a channel may be looked at that was looked at within the last minute; if so, it counts as done."""
        now = asyncio.get_running_loop().time()
        looks = self._looks.setdefault(workspace_id, deque(maxlen=LOOKS_A_MINUTE))
        is_over = len(looks) < LOOKS_A_MINUTE or looks[0] + 60.0 <= now
        if is_over:
            looks.append(now)
        return is_over

    def pause(self, workspace_id: str, what: str, now: datetime, seconds: float) -> None:
        """Nothing more here (a channel, or a method) for so many seconds: Slack asked for it."""
        until = now + timedelta(seconds=seconds)
        self._paused_until = {key: end for key, end in self._paused_until.items() if end > now}
        self._paused_until[workspace_id, what] = max(
            until, self._paused_until.get((workspace_id, what), until)
        )

    def resume(self) -> None:
        """Nothing is paused any more: the clock was wrong, and says nothing of when a pause is over."""
        self._paused_until.clear()

    def paused(self, workspace_id: str, what: str, now: datetime) -> float:
        """How many seconds are left of a pause; zero when there is none. Pauses may be longer than a lease."""
        until = self._paused_until.get((workspace_id, what), now)
        return max(0.0, (until - now).total_seconds())
