"""Slack's pace: about one post a second in a channel, and a pause wherever it asked for one."""

from __future__ import annotations

import asyncio

SECONDS_BETWEEN_POSTS = 1.0
# Beyond so many places remembered, those whose turn is long past are forgotten.
REMEMBERED = 10_000


class Pacing:
    """Lets each place have its turn; what must wait does not hold up the others."""

    def __init__(self, *, seconds_between_posts: float = SECONDS_BETWEEN_POSTS) -> None:
        self._between = seconds_between_posts
        self._free_at: dict[tuple[str, str], float] = {}

    async def turn(self, workspace_id: str, channel: str) -> None:
        """Wait until a message may be posted here, and take that turn."""
        now = asyncio.get_running_loop().time()
        at = max(now, self._free_at.get((workspace_id, channel), now))
        self._free_at[workspace_id, channel] = at + self._between
        if len(self._free_at) > REMEMBERED:
            self._free_at = {place: free for place, free in self._free_at.items() if free > now}
        if at > now:
            await asyncio.sleep(at - now)

    def pause(self, workspace_id: str, what: str, seconds: float) -> None:
        """Nothing more here (a channel or a method) for so many seconds: Slack asked for it."""
        free = asyncio.get_running_loop().time() + seconds
        self._free_at[workspace_id, what] = max(free, self._free_at.get((workspace_id, what), free))

    def paused(self, workspace_id: str, what: str) -> float:
        """How many seconds are left of a pause; zero when there is none."""
        free = self._free_at.get((workspace_id, what), 0.0)
        return max(0.0, free - asyncio.get_running_loop().time())
