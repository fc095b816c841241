"""Slack is slow: what an ack need not wait for goes on behind it, and comes in the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.bootstrap import handoff
from bot.outbox.models import NoticeState
from bot.requests.from_step import TOLD_WITHIN
from bot.sandbox import Fault
from tests.slack_world import ACME, OTHER, World, agency, live, settings
from tests.stories.test_request_to_acceptance import logged

pytestmark = pytest.mark.only_on("sqlite")


@pytest.fixture
async def slow(desk: World) -> AsyncIterator[World]:
    """A moment's patience, so that nobody who runs this needs any."""
    desk.bot.errands.patience = 0.02
    yield desk
    await desk.bot.errands.finish()


@asynccontextmanager
async def unanswered(world: World, method: str) -> AsyncIterator[None]:
    """Slack does not answer this call until what is done here was acked; what waits for it is not acked in time."""
    answer = asyncio.Event()
    world.slack.faults.add(Fault(method, "slow", until=answer))
    yield
    answer.set()


async def in_the_end(world: World) -> None:
    """What goes on behind the ack has arrived."""
    await world.bot.errands.finish()
    await world.settled()


async def test_a_refusal_is_shown_after_the_ack(slow: World) -> None:
    await logged(slow)
    shown = len(slow.ana.ephemerals)
    async with unanswered(slow, "response_url"):
        await slow.ana.press(slow.card(), "accept")
    await in_the_end(slow)
    assert len(slow.ana.ephemerals) > shown


async def test_a_form_in_which_something_was_done_is_redrawn_after_the_ack(slow: World) -> None:
    await logged(slow)
    await slow.ana.press(slow.card(), "more")
    async with unanswered(slow, "views.update"):
        await slow.ana.choose("nudge")
    await in_the_end(slow)
    assert slow.ana.modal is not None
    assert "reads now" in str(slow.ana.modal.blocks)


async def test_the_answer_to_who_logged_from_elsewhere_comes_after_the_ack(slow: World) -> None:
    await slow.ana.command(OTHER, "/ask", "acme site: add a banner ~2h")
    shown = len(slow.ana.ephemerals)
    async with unanswered(slow, "response_url"):
        await slow.ana.submit()
    await in_the_end(slow)
    assert len(slow.ana.ephemerals) > shown


async def test_a_home_is_drawn_after_the_ack(slow: World) -> None:
    async with unanswered(slow, "views.publish"):
        await slow.ana.open_home()
    await in_the_end(slow)
    assert bool(slow.slack.calls_of("views.publish"))


STEP = "log_client_request_step"
A_PAGE = {"project": "ACME", "title": "A page", "requester": "U0ANA"}


@pytest.mark.parametrize(
    ("inputs", "method", "state"),
    [
        (A_PAGE, "functions.completeSuccess", "succeeded"),
        (A_PAGE | {"project": "nothing"}, "functions.completeError", "failed"),
    ],
)
async def test_a_step_of_a_workflow_is_ended_once_slack_can_be_told(
    slow: World, inputs: dict[str, str], method: str, state: str
) -> None:
    slow.slack.faults.add(Fault(method, "http_500", times=2))
    run = await slow.slack.run_step(STEP, **inputs)
    await in_the_end(slow)
    assert run.state == "running"
    for _ in range(2):
        await slow.deliver(after=TOLD_WITHIN)
    assert run.state == state
    assert run.outputs == {} if state == "failed" else run.outputs["reference"] == "ACME-1"
    assert len(slow.slack.channel(ACME).roots) == (state == "succeeded")
    assert not [notice for notice in await slow.notices() if notice.state is not NoticeState.SENT]


async def test_another_process_ends_the_step_that_one_which_died_had_taken(database_url: str) -> None:
    async with agency(database_url) as world:
        async with live(world):
            world.slack.faults.add(Fault("functions.completeSuccess", "http_500"))
            run = await world.slack.run_step(STEP, **A_PAGE)
            await in_the_end(world)
        assert run.state == "running"
        async with handoff(settings(database_url, world.slack), clock=world.clock) as other:
            world.clock.advance(TOLD_WITHIN)
            await other.courier.drain()
        card = world.card(ACME)
        assert run.outputs == {
            "reference": "ACME-1",
            "link": f"https://slack.com/archives/{ACME}/p{card.ts.replace('.', '')}",
        }


async def test_a_step_that_slack_was_told_of_is_not_told_again(slow: World) -> None:
    await slow.slack.run_step(STEP, **A_PAGE)
    await in_the_end(slow)
    await slow.deliver(after=TOLD_WITHIN)
    assert len(slow.slack.calls_of("functions.completeSuccess")) == 1
