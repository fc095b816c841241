"""The clock of Handoff's machine is wrong, and days pass."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.clock import STEADY_AGAIN
from bot.outbox.due import LATE_ARRIVAL
from bot.sandbox import Fault as ApiFault
from tests.faults.kinds.base import Fault
from tests.faults.world import World

# So many jumps come one upon the other; then it is left alone until it is believed again and what it put off is back.
BURST = 5
CALM_SECONDS = (STEADY_AGAIN + LATE_ARRIVAL).total_seconds() + 5
JUMPS = (-3600.0, -600.0, -70.0, -5.0, 5.0, 70.0, 280.0, 600.0, 3600.0)


class WrongClock(Fault):
    """The machine's clock jumps ahead and back, while Slack takes its time and connections break."""

    name = "clock jumps"
    pause = (0.2, 0.8)
    least_long = 4 * BURST

    async def strike(self, world: World) -> None:
        """Put it somewhere else, with calls under way that nobody knows the end of; then mend it."""
        faults = world.slack.faults
        for method in ("chat.postMessage", "chat.update"):
            kind = self.rng.choice(["slow", "reset_after"])
            faults.add(ApiFault(method, kind, seconds=self.rng.uniform(0.3, 1.5)))
        await asyncio.sleep(self.rng.uniform(0.0, 0.3))
        world.clock.go_wrong(self.rng.choice(JUMPS))
        self.struck += 1
        await asyncio.sleep(self.rng.uniform(0.2, 1.2))
        world.clock.go_wrong(0.0)
        if self.struck % BURST == 0:
            await asyncio.sleep(CALM_SECONDS)

    async def mend(self, world: World) -> None:
        """Put the clock right."""
        await super().mend(world)
        world.clock.go_wrong(0.0)


class Days(Fault):
    """Days pass in jumps, so that digests are due again and again, each with processes that are killed."""

    name = "digests over days, with kill -9"
    short, long = 5, 20
    pause = (0.3, 0.8)
    most_days = 5

    async def strike(self, world: World) -> None:
        """Move everybody's clock to the next morning, just before the digests, and kill whoever would post them."""
        if self.struck >= self.most_days:
            return
        now = world.clock.now()
        morning = now.replace(hour=9, minute=29, second=59) + timedelta(days=now.hour >= 9)
        world.clock.move_to(morning)
        self.struck += 1
        await asyncio.sleep(self.rng.uniform(0.8, 1.8))
        self.rng.choice([one for one in world.kept if one.part in {"run", "clock", "worker"}]).kill()
        await asyncio.sleep(self.rng.uniform(0.5, 2.5))

    async def mend(self, world: World) -> None:
        """Wait until everything is back."""
        await super().mend(world)
        await asyncio.sleep(0.2)
        await world.reachable()
