"""Slack's Web API does not answer as it should."""

from __future__ import annotations

import asyncio
import random

from bot.sandbox import Fault as ApiFault
from tests.faults.kinds.base import Fault
from tests.faults.world import World

METHODS = ("chat.postMessage",) * 4 + ("chat.update",) * 3 + ("views.open", "*", "conversations.info")


class BadAnswers(Fault):
    """Calls of any method meet one of these."""

    answers: tuple[str, ...] = ()
    pause = (0.02, 0.15)

    async def strike(self, world: World) -> None:
        """Arm one, unless the last ones were not met yet."""
        if len(world.slack.faults.waiting) < 3:
            kind, method = self.rng.choice(self.answers), self.rng.choice(METHODS)
            world.slack.faults.add(
                ApiFault(method, kind, seconds=self.seconds, retry_after=self.rng.randint(1, 3))
            )
        self.struck = world.slack.met - self._before

    def __init__(self, rng: random.Random) -> None:
        super().__init__(rng)
        self._before = 0
        self.seconds = 1.0

    async def rage(self, world: World) -> None:
        """Strike, and count what was met."""
        self._before = world.slack.met
        await super().rage(world)

    async def mend(self, world: World) -> None:
        """Disarm what waits; what is under way ends by itself."""
        self.struck = world.slack.met - self._before
        await super().mend(world)


class Limited(BadAnswers):
    """429 with a Retry-After."""

    name = "Slack: 429"
    answers = ("ratelimited",)


class Failing(BadAnswers):
    """500, a page of HTML, "internal_error"."""

    name = "Slack: 500 and worse"
    answers = ("http_500", "html", "error:internal_error", "error:fatal_error")


class Resets(BadAnswers):
    """The connection breaks before the call was heard, or after it was done."""

    name = "Slack: connection resets"
    answers = ("reset_before", "reset_after", "reset_after")


class Slow(BadAnswers):
    """Calls take longer than anybody waits, and are done all the same."""

    name = "Slack: slow"
    answers = ("slow",)
    short = 12
    pause = (0.2, 0.6)

    def __init__(self, rng: random.Random, *, seconds: float = 30.0) -> None:
        super().__init__(rng)
        self.seconds = seconds
        self.name = f"Slack: {seconds:g} s slow"

    async def mend(self, world: World) -> None:
        """Wait until the last slow call has ended."""
        await super().mend(world)
        while world.slack.is_busy:  # noqa: ASYNC110 (nobody tells)
            await asyncio.sleep(0.1)


class Revoked(Fault):
    """The token is refused for a while, then it is good again."""

    name = "token revoked"
    pause = (0.3, 1.0)

    async def strike(self, world: World) -> None:
        """Refuse it for a moment."""
        world.slack.workspace.is_installed = False
        try:
            await asyncio.sleep(self.rng.uniform(0.2, 1.0))
        finally:
            world.slack.workspace.is_installed = True
        self.struck += 1
