"""What Slack sends comes twice, late, in another order, or not at all."""

from __future__ import annotations

import random

from bot.sandbox import DeliveryFault
from tests.faults.kinds.base import Fault
from tests.faults.world import World

KINDS = ("event", "command", "interactive", "interactive")


class Jumbled(Fault):
    """Duplicates, delays, another order, losses; over Socket Mode, connections that are refreshed and closed."""

    name = "duplicates, reordering, delays, losses"
    short = 25
    pause = (0.02, 0.15)

    def __init__(self, rng: random.Random) -> None:
        super().__init__(rng)
        self._before = 0

    async def rage(self, world: World) -> None:
        """Strike, and count what was met."""
        self._before = world.slack.met_deliveries
        await super().rage(world)

    async def strike(self, world: World) -> None:
        """Arm one; at times, close the connections."""
        faults = world.slack.faults.deliveries
        if len(faults.waiting) < 3:
            action = self.rng.choice(["duplicate", "duplicate", "reorder", "delay", "drop"])
            faults.add(DeliveryFault(action, self.rng.choice(KINDS), seconds=self.rng.uniform(0.1, 1.5)))
        if self.rng.random() < 0.03 and world.slack.workspace.http_delivery is None:
            await world.slack.disconnect(self.rng.choice(["warning", "refresh_requested", "link_disabled"]))
        # Who waits for a later delivery to go first has waited long enough.
        if self.rng.random() < 0.3:
            release_held(world)
        self.struck = world.slack.met_deliveries - self._before

    async def mend(self, world: World) -> None:
        """Let what is held go."""
        self.struck = world.slack.met_deliveries - self._before
        await super().mend(world)
        release_held(world)


def release_held(world: World) -> None:
    """Deliver what waits for something later to overtake it."""
    courier = world.slack.workspace.courier
    for kind in list(courier._held):
        courier._release(kind)
