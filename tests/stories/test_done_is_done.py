"""What is committed is never called undone because Slack failed afterwards."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.digests.models import DigestSchedule
from bot.sandbox import Fault
from tests.slack_world import ACME, ANA, OTHER, PETE, World
from tests.stories.test_authority import go_away, modal_of
from tests.stories.test_request_to_acceptance import logged

pytestmark = pytest.mark.only_on("sqlite")


def failing(world: World, *methods: str) -> None:
    for method in methods:
        world.slack.faults.add(Fault(method, "http_500", times=9))


async def test_digests_that_are_set_are_not_called_unsaved(desk: World) -> None:
    await desk.ana.command(ACME, "/handoff", "digest")
    failing(desk, "chat.postEphemeral", "chat.postMessage")
    answer = await desk.ana.submit()
    assert answer.closed, answer.errors
    assert len(await desk.bot.read(lambda session: session.scalars(select(DigestSchedule)).all())) == 2


async def test_a_nudge_that_is_sent_is_not_called_unsent(desk: World) -> None:
    await logged(desk)
    await desk.ana.press(desk.card(), "more")
    failing(desk, "views.update")
    await desk.ana.choose("nudge")
    await desk.settled()
    assert "asks how" in desk.pete.direct_messages[-1].text
    assert "nothing was changed" not in str([message.text for message in said_to(desk, ANA)])


async def test_an_absence_that_is_removed_is_not_called_unchanged(desk: World) -> None:
    await go_away(desk)
    await desk.pete.close_modal()
    await desk.pete.command(OTHER, "/handoff", "away")
    failing(desk, "views.update")
    await desk.pete.choose("remove_absence")
    assert "nothing was changed" not in str([message.text for message in said_to(desk, PETE)])
    await desk.pete.close_modal()
    desk.slack.faults.clear()
    await desk.pete.command(OTHER, "/handoff", "away")
    assert "mo acts for you" not in modal_of(desk, PETE)


async def test_our_words_that_are_back_are_not_called_unchanged(desk: World) -> None:
    await desk.ana.command(OTHER, "/handoff", "words")
    (field,) = [
        b["block_id"] for b in (desk.ana.modal.blocks if desk.ana.modal else []) if b["type"] == "input"
    ]
    await desk.ana.fill(**{field: "Dear {contact}, we look at it."})
    assert (await desk.ana.submit()).closed
    await desk.ana.command(OTHER, "/handoff", "words")
    failing(desk, "views.update")
    await desk.ana.choose("words_reset")
    assert "nothing was changed" not in str([message.text for message in said_to(desk, ANA)])


def said_to(world: World, person: str) -> list:
    return [*world.slack.person(person).ephemerals, *world.slack.person(person).direct_messages]
