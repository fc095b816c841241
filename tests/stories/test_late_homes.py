"""A Home that Slack does not take at once, or publishes after we stopped waiting for it: it comes to show what is."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.outbox.due import LATE_ARRIVAL
from bot.sandbox import Fault
from bot.slack.delivery import homes
from bot.slack.gateway import TimeLimits, Unclear
from tests.slack_world import PETE, TEAM, World
from tests.stories.test_home import published, read


@pytest.fixture(autouse=True)
def by_itself_it_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Homes are kept when a test says so."""
    monkeypatch.setattr(homes, "TOGETHER_SECONDS", 60.0)


async def test_a_home_that_slack_does_not_take_when_it_is_opened_is_published_a_moment_later(
    desk: World,
) -> None:
    desk.slack.faults.add(Fault(method="views.publish", kind="http_500"))
    with pytest.raises(Unclear):
        await desk.bot.homes.show(TEAM, PETE, {})
    assert published(desk, PETE) == 0
    desk.clock.advance(timedelta(seconds=1))
    await desk.bot.homes.drain()
    assert "Nothing waits on you" in read(desk, PETE)


async def test_a_publication_that_lands_late_over_a_newer_one_is_published_over(desk: World) -> None:
    landing = await opened_too_slowly(desk, PETE)
    await desk.log("Wish")
    desk.clock.advance(timedelta(seconds=1))
    await desk.bot.homes.drain()
    assert "Wish" in read(desk, PETE)
    landing.set()
    await desk.slack.settled()
    assert "Wish" not in read(desk, PETE), "what we gave up has landed"
    desk.clock.advance(LATE_ARRIVAL)
    await desk.bot.homes.drain()
    assert "Wish" in read(desk, PETE)
    made = published(desk, PETE)
    desk.clock.advance(timedelta(hours=1))
    await desk.bot.homes.drain()
    assert published(desk, PETE) == made, "once more is enough"


async def test_what_changes_before_a_late_publication_is_over_is_shown_at_once(desk: World) -> None:
    landing = await opened_too_slowly(desk, PETE)
    desk.clock.advance(timedelta(seconds=1))
    await desk.bot.homes.drain()
    await desk.log("Wish")
    await desk.bot.homes.drain()
    assert "Wish" in read(desk, PETE)
    landing.set()
    await desk.slack.settled()
    desk.clock.advance(LATE_ARRIVAL)
    await desk.bot.homes.drain()
    assert "Wish" in read(desk, PETE)


async def opened_too_slowly(world: World, person: str) -> asyncio.Event:
    """Let Slack be at work on a Home that nobody waits for any more; it lands once what is returned is set."""
    gateway, landing = world.bot.gateway(TEAM), asyncio.Event()
    world.slack.faults.add(Fault("views.publish", "slow", until=landing))
    limits, gateway.time_limits = gateway.time_limits, TimeLimits(call=0.05)
    with pytest.raises(Unclear):
        await world.bot.homes.show(TEAM, person, {})
    gateway.time_limits = limits
    return landing
