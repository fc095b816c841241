"""PostgreSQL goes away, as a whole or one connection at a time."""

from __future__ import annotations

import asyncio

import psycopg

from tests.faults.kinds.base import Fault
from tests.faults.world import World


class Restarted(Fault):
    """The server stops in mid-load, by a crash or by an administrator, and comes back."""

    name = "PostgreSQL restarted"
    pause = (1.0, 3.0)

    async def strike(self, world: World) -> None:
        """Stop it; its keeper starts it again."""
        assert world.database is not None
        await asyncio.to_thread(self.rng.choice([world.database.crash, world.database.restart]))
        self.struck += 1

    async def mend(self, world: World) -> None:
        """Wait until the server answers again."""
        await super().mend(world)
        assert world.database is not None
        async with asyncio.timeout(30):
            while not await asyncio.to_thread(_answers, world):  # noqa: ASYNC110 (nobody tells)
                await asyncio.sleep(0.1)


class Cut(Restarted):
    """Some of the connections are cut, whatever they are doing."""

    name = "connections cut"
    pause = (0.05, 0.4)

    async def strike(self, world: World) -> None:
        """Cut a part of them."""
        assert world.database is not None
        name = world.database_url.rpartition("/")[2]
        self.struck += await asyncio.to_thread(world.database.cut, name, self.rng.uniform(0.1, 0.9))


def _answers(world: World) -> bool:
    assert world.database is not None
    try:
        world.database.server.ping()
    except psycopg.OperationalError:
        return False
    return True
