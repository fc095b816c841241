"""Slack is slow: what an ack need not wait for goes on behind it, and comes in the end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from time import monotonic

import pytest

from bot.sandbox import Fault
from bot.sandbox.delivery.answers import ACK_SECONDS
from tests.slack_world import ACME, OTHER, World
from tests.stories.test_request_to_acceptance import logged

SLOW = 1.0
pytestmark = pytest.mark.only_on("sqlite")


@pytest.fixture
async def slow(desk: World) -> AsyncIterator[World]:
    """A moment's patience, so that nobody who runs this needs any."""
    desk.bot.errands.patience = 0.02
    desk.slack.socket_mode.ack_seconds = ACK_SECONDS
    yield desk
    await desk.bot.errands.finish()


async def quickly(work: Awaitable[object]) -> None:
    """The ack came long before Slack answered the other call."""
    began = monotonic()
    await work
    assert monotonic() - began < SLOW


async def in_the_end(world: World) -> None:
    """What goes on behind the ack has arrived."""
    await world.bot.errands.finish()
    await world.settled()


async def test_a_refusal_is_shown_after_the_ack(slow: World) -> None:
    await logged(slow)
    slow.slack.faults.add(Fault("response_url", "slow", seconds=SLOW))
    shown = len(slow.ana.ephemerals)
    await quickly(slow.ana.press(slow.card(), "accept"))
    await in_the_end(slow)
    assert len(slow.ana.ephemerals) > shown


async def test_a_form_in_which_something_was_done_is_redrawn_after_the_ack(slow: World) -> None:
    await logged(slow)
    await slow.ana.press(slow.card(), "more")
    slow.slack.faults.add(Fault("views.update", "slow", seconds=SLOW))
    await quickly(slow.ana.choose("nudge"))
    await in_the_end(slow)
    assert slow.ana.modal is not None
    assert "reads now" in str(slow.ana.modal.blocks)


async def test_the_answer_to_who_logged_from_elsewhere_comes_after_the_ack(slow: World) -> None:
    await slow.ana.command(OTHER, "/ask", "acme site: add a banner ~2h")
    slow.slack.faults.add(Fault("response_url", "slow", seconds=SLOW))
    shown = len(slow.ana.ephemerals)
    await quickly(slow.ana.submit())
    await in_the_end(slow)
    assert len(slow.ana.ephemerals) > shown


async def test_a_home_is_drawn_after_the_ack(slow: World) -> None:
    slow.slack.faults.add(Fault("views.publish", "slow", seconds=SLOW))
    await quickly(slow.ana.open_home())
    await in_the_end(slow)
    assert bool(slow.slack.calls_of("views.publish"))


async def test_a_step_of_a_workflow_is_ended_once_slack_can_be_told(
    slow: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.errands.AGAIN_AFTER_SECONDS", (0.01, 0.01, 0.01))
    slow.slack.faults.add(Fault("functions.completeSuccess", "http_500", times=2))
    run = await slow.slack.run_step(
        "log_client_request_step", project="ACME", title="A page", requester="U0ANA"
    )
    await in_the_end(slow)
    assert run.state == "succeeded"
    assert run.outputs["reference"] == "ACME-1"
    assert len(slow.slack.channel(ACME).roots) == 1
