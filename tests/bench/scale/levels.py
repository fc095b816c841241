"""How large it gets: level by level, one database that grows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Engine

from tests.bench.scale import crowd


@dataclass(frozen=True)
class Level:
    """So many requests; every tenth of them is in one large workspace, the others in workspaces of a thousand."""

    requests: int

    @property
    def blocks(self) -> int:
        """How many blocks the large workspace has: ten projects with a hundred requests each."""
        return max(1, self.requests // 10 // crowd.BLOCK)

    @property
    def others(self) -> int:
        """How many workspaces there are beside it."""
        return self.requests // crowd.BLOCK - self.blocks

    @property
    def installed(self) -> int:
        """How many workspaces were just installed and are empty: with them it is one for each thousand requests."""
        return self.blocks - 1

    def __str__(self) -> str:
        return f"{self.requests:,}"


FULL = (Level(10_000), Level(100_000), Level(1_000_000))
SHORT = (Level(1_000), Level(10_000), Level(100_000))


def grow(engine: Engine, levels: tuple[Level, ...]) -> Iterator[Level]:
    """Bring an empty, migrated database to one level after the other."""
    crowd.live(engine)
    crowd.keep_first_block(engine)
    rows = crowd.block_rows(engine)
    before = Level(crowd.BLOCK)
    for level in levels:
        crowd.copy_workspaces(engine, [f"T{number:07d}" for number in range(before.others, level.others)])
        crowd.add_blocks(engine, before.blocks, level.blocks - 1, rows)
        crowd.install(engine, [f"T9{number:06d}" for number in range(before.installed, level.installed)])
        crowd.settle(engine)
        yield level
        before = level
