"""What a fault is: it rages while people work, and is mended afterwards."""

from __future__ import annotations

import asyncio
import random
from abc import ABC, abstractmethod

from tests.faults.world import World


class Fault(ABC):
    """One way in which things go wrong, again and again at random instants."""

    # What the table calls it.
    name: str
    # So many requests are logged and decided meanwhile, in the short form and in the long one.
    short, long = 12, 100
    # People go on until it has struck so often, in the short form and in the long one.
    least, least_long = 4, 4
    # Between two strikes, in seconds.
    pause = (0.05, 0.3)

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.struck = 0

    async def rage(self, world: World) -> None:
        """Strike at random instants until cancelled."""
        while True:
            await asyncio.sleep(self.rng.uniform(*self.pause))
            await self.strike(world)

    @abstractmethod
    async def strike(self, world: World) -> None:
        """Let it happen once; count it in `struck`."""

    async def mend(self, world: World) -> None:
        """Put everything back as it should be."""
        world.slack.faults.waiting.clear()
        world.slack.faults.deliveries.waiting.clear()
