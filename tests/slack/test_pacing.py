"""The pace: a turn a second for each place, and a pause for as long as Slack asked."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.slack.pacing import REMEMBERED, Pacing
from tests.slack_world import A_WEDNESDAY

NOW = A_WEDNESDAY


async def test_the_first_turn_is_taken_at_once() -> None:
    await asyncio.wait_for(Pacing(seconds_between_posts=60).turn("T1", "C1"), 0.5)


async def test_each_place_and_each_workspace_has_its_own_turns() -> None:
    pacing = Pacing(seconds_between_posts=60)
    for workspace, place in (("T1", "C1"), ("T1", "C2"), ("T2", "C1")):
        await asyncio.wait_for(pacing.turn(workspace, place), 0.5)


async def test_turns_of_one_place_are_apart() -> None:
    pacing = Pacing(seconds_between_posts=0.05)
    loop = asyncio.get_running_loop()
    started = loop.time()
    await asyncio.gather(*(pacing.turn("T1", "C1") for _ in range(4)))
    assert loop.time() - started >= 0.15


def test_a_pause_lasts_as_long_as_was_asked() -> None:
    pacing = Pacing()
    pacing.pause("T1", "chat.update", NOW, 30)
    assert pacing.paused("T1", "chat.update", NOW) == 30
    assert pacing.paused("T1", "chat.update", NOW + timedelta(seconds=29)) == 1
    assert pacing.paused("T1", "chat.update", NOW + timedelta(seconds=31)) == 0


def test_a_pause_is_for_one_method_of_one_workspace() -> None:
    pacing = Pacing()
    pacing.pause("T1", "chat.update", NOW, 30)
    assert pacing.paused("T2", "chat.update", NOW) == 0
    assert pacing.paused("T1", "chat.postMessage", NOW) == 0


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    pacing = Pacing()
    pacing.pause("T1", "chat.update", NOW, 30)
    pacing.pause("T1", "chat.update", NOW, 1)
    assert pacing.paused("T1", "chat.update", NOW) == 30


async def test_places_whose_turn_is_long_past_are_forgotten() -> None:
    pacing = Pacing(seconds_between_posts=0)
    for number in range(REMEMBERED + 10):
        await pacing.turn("T1", f"C{number}")
    assert len(pacing._free_at) <= REMEMBERED
