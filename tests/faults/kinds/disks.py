"""The disk is full."""

from __future__ import annotations

import asyncio

from tests.faults.disk import let_grow, let_nothing_grow
from tests.faults.kinds.base import Fault
from tests.faults.world import World


class Full(Fault):
    """Not a byte is free where SQLite writes, or a quota refuses every write; then there is room again."""

    name = "disk full"
    pause = (0.3, 1.0)

    async def strike(self, world: World) -> None:
        """Fill it for a moment."""
        assert world.disk is not None
        is_quota = not world.disk.is_own or self.rng.random() < 0.4
        pid = world.kept[0].pid
        if is_quota and pid is None:
            return
        if is_quota:
            let_nothing_grow(pid or 0)
        else:
            await asyncio.to_thread(world.disk.fill)
        self.struck += 1
        await asyncio.sleep(self.rng.uniform(0.2, 1.0))
        self._make_room(world)

    async def mend(self, world: World) -> None:
        """Give the room back."""
        await super().mend(world)
        self._make_room(world)

    def _make_room(self, world: World) -> None:
        assert world.disk is not None
        world.disk.empty()
        if world.kept[0].pid is not None:
            let_grow(world.kept[0].pid)
