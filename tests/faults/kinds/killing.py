"""Processes that end without a word, and processes that are told to stop."""

from __future__ import annotations

import asyncio
import signal

from tests.faults.kinds.base import Fault
from tests.faults.world import World


class Killed(Fault):
    """kill -9 of any process at a random instant; it is started again at once."""

    name = "kill -9"
    short, long = 20, 500
    pause = (0.5, 4.0)

    async def strike(self, world: World) -> None:
        """Kill one; of a lone process wait until it is back, else nobody could do anything."""
        one = self.rng.choice(world.kept)
        if one.pid is None:
            return
        one.kill()
        self.struck += 1
        if len(world.kept) == 1:
            await world.reachable()
        # At times one of many is killed as it starts; where all of them were, nobody would get anything done.
        most = world.start_seconds / max(2, len(world.kept))
        await asyncio.sleep(most * self.rng.uniform(0.0, 1.5))

    async def mend(self, world: World) -> None:
        """Wait until everything is back."""
        await super().mend(world)
        await asyncio.sleep(0.1)
        await world.reachable()


class Stopped(Killed):
    """SIGTERM, as at every deployment."""

    name = "SIGTERM"
    short, long = 15, 100

    async def strike(self, world: World) -> None:
        """Tell one to stop, and wait until it did and is back."""
        one = self.rng.choice(world.kept)
        before = one.pid
        if before is None:
            return
        one.send(signal.SIGTERM)
        self.struck += 1
        async with asyncio.timeout(15):
            while one.pid == before:  # noqa: ASYNC110 (nobody tells)
                await asyncio.sleep(0.02)
        if len(world.kept) == 1:
            await world.reachable()


class Frozen(Killed):
    """SIGSTOP for longer than a lease, while the clock goes on: a machine that was put to sleep."""

    name = "frozen longer than a lease"
    short, long = 12, 60
    pause = (0.5, 1.5)

    async def strike(self, world: World) -> None:
        """Freeze one worker, let 70 seconds pass for everybody else, and let it go on where it was."""
        one = self.rng.choice([one for one in world.kept if one.part in {"worker", "run"}])
        one.send(signal.SIGSTOP)
        try:
            await asyncio.sleep(self.rng.uniform(0.1, 0.5))
            world.clock.move_by(70.0)
            await asyncio.sleep(self.rng.uniform(0.1, 1.0))
        finally:
            one.send(signal.SIGCONT)
        self.struck += 1
