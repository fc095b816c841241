"""The first steps, walked by whoever sets Handoff up: each has its press, is ticked by itself, and all go at the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.bootstrap import handoff
from bot.clock import FrozenClock
from bot.sandbox import LocalWorkspace
from bot.slack.pacing import Pacing
from tests.slack_world import A_WEDNESDAY, ANA, OTHER, PEOPLE, PETE, SHUT, World, agency_seed, live, settings
from tests.stories.test_home import buttons, opened, read, refreshed


@pytest.fixture
async def fresh(database_url: str) -> AsyncIterator[World]:
    """A workspace in which nothing is set up; Ana administers it, and Handoff is not in Pete's channel."""
    clock = FrozenClock(A_WEDNESDAY)
    people = [replace(person, is_admin=person.id == ANA) for person in PEOPLE]
    async with LocalWorkspace(agency_seed(people=tuple(people)), clock=clock) as slack:
        slack.faults.enforce_rate_limits = False
        chosen = settings(database_url, slack)
        async with handoff(chosen, clock=clock, pacing=Pacing(seconds_between_posts=0)) as built:
            built.bot.errands.patience = 2.0
            world = World(slack=slack, handoff=built, clock=clock)
            async with live(world):
                yield world
            assert slack.problems == []


async def press(world: World, action: str) -> None:
    home = world.ana.home
    assert home is not None
    await world.ana.press(home, action)


async def add_client(world: World) -> None:
    await press(world, "add_client")
    await world.ana.fill(name="Globex & Co")
    assert (await world.ana.submit()).error is None
    await world.ana.close_modal()


async def add_project(world: World, channel: str) -> None:
    await press(world, "add_project")
    await world.ana.fill(name="Globex App", key="GLX", pm=PETE, channel=channel, hours="100")
    assert (await world.ana.submit()).error is None
    await world.ana.close_modal()


async def test_an_administrator_is_led_from_nothing_to_the_first_digest(fresh: World) -> None:
    ana = fresh.ana
    empty = await opened(fresh, ANA)
    assert empty.startswith("Set Handoff up\n")
    assert "0 of 5 done · only you see this" in empty
    assert [one["action_id"] for one in buttons(fresh, ANA)] == ["hide_steps"]

    await add_client(fresh)
    begun = await refreshed(fresh, ANA)
    assert "1 of 5 done" in begun
    assert "✓ *Globex &amp; Co* is a client" in begun
    await add_project(fresh, SHUT)
    set_up = await refreshed(fresh, ANA)
    assert f"✓ pete decides on *Globex App* in <#{SHUT}>" in set_up
    assert f"*3 · Invite Handoff to* <#{SHUT}>" in set_up

    await press(fresh, "look_again")
    assert ana.modal is not None
    assert f"Handoff is not in <#{SHUT}> yet." in str(ana.modal.blocks)
    await ana.close_modal()
    await fresh.slack.invite_bot(SHUT)
    await fresh.settled()
    assert f"✓ Handoff is in <#{SHUT}>" in await refreshed(fresh, ANA)

    await press(fresh, "open_ask")
    assert ana.typed("title") in (None, "")
    await ana.fill(title="A dark mode")
    assert (await ana.submit()).closed
    await fresh.settled()
    assert "4 of 5 done" in await refreshed(fresh, ANA)
    assert "✓ *GLX-1* is logged" in read(fresh, ANA)

    await press(fresh, "set_digests")
    assert (await ana.submit()).closed
    await fresh.settled()
    done = await refreshed(fresh, ANA)
    assert "Set Handoff up" not in done
    assert "Your clients" in done
    # Once over, it stays over.
    await opened(fresh, ANA)
    await ana.command(SHUT, "/handoff", "digest")
    await ana.fill(scope_on=[], deadlines_on=[])
    assert (await ana.submit()).closed
    assert "Set Handoff up" not in await opened(fresh, ANA)


@pytest.mark.only_on("sqlite")
async def test_a_channel_in_which_handoff_is_already_needs_no_invitation(fresh: World) -> None:
    await opened(fresh, ANA)
    await add_client(fresh)
    await refreshed(fresh, ANA)
    await add_project(fresh, OTHER)
    shown = await refreshed(fresh, ANA)
    assert f"✓ Handoff is in <#{OTHER}>" in shown
    assert "3 of 5 done" in shown


@pytest.mark.only_on("sqlite")
async def test_nobody_else_is_guided(fresh: World) -> None:
    assert (await opened(fresh, PETE)).startswith("Welcome to Handoff\n")
    await opened(fresh, ANA)
    assert (await opened(fresh, PETE)).startswith("Welcome to Handoff\n")


@pytest.mark.only_on("sqlite")
async def test_who_has_had_enough_hides_the_steps_for_good(fresh: World) -> None:
    await opened(fresh, ANA)
    await press(fresh, "hide_steps")
    await fresh.settled()
    assert read(fresh, ANA).startswith("Welcome to Handoff\n")
    assert (await opened(fresh, ANA)).startswith("Welcome to Handoff\n")


@pytest.mark.only_on("sqlite")
async def test_where_anything_is_set_up_no_administrator_is_guided(fresh: World) -> None:
    await fresh.pete.command(OTHER, "/handoff", "client Globex")
    assert (await fresh.pete.submit()).error is None
    assert "Set Handoff up" not in await opened(fresh, ANA)
