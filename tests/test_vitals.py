"""What a process says is missing, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.db.engine import build_engine
from bot.schema import is_ahead
from bot.vitals import Vitals
from tests.slack_world import World, agency


def set_revision(world: World, revision: str) -> None:
    with world.bot.runner.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})


async def test_a_whole_process_misses_nothing(database_url: str) -> None:
    async with agency(database_url) as world:
        assert await Vitals(world.handoff).missing() == []
        assert await Vitals(world.handoff, lambda: 2).missing() == []


async def test_each_thing_that_is_missing_is_named(database_url: str) -> None:
    async with agency(database_url) as world:
        assert await Vitals(world.handoff, lambda: 0).missing() == ["slack"]
        set_revision(world, "2026_11_23_0346")
        assert await Vitals(world.handoff, lambda: 0).missing() == ["migrations", "slack"]


async def test_a_database_that_is_newer_than_the_program_is_no_reason_to_stop(database_url: str) -> None:
    async with agency(database_url) as world:
        set_revision(world, "2199_01_01_0000")
        assert is_ahead(world.bot.runner.engine)
        assert await Vitals(world.handoff).missing() == []


async def test_a_database_that_does_not_answer_is_named(database_url: str) -> None:
    async with agency(database_url) as world:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(world.bot.runner, "engine", build_engine("postgresql://127.0.0.1:9/nothing"))
            vitals = Vitals(world.handoff)
            assert await vitals.missing() == ["database"]
            await vitals.measure()
