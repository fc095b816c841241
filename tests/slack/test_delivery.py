"""Requests and their cards, from the use case to the channel: who reads them, who is told, what follows the row."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.outbox.models import NoticeState
from bot.sandbox import Fault, LocalWorkspace, events
from bot.sandbox.messages import Message
from tests.slack_world import ACME, SHARED, SHUT, World, live

FIGURES = ("180", "€", "eur", "3 h", "360", "120 h", "budget")


def everything(message: Message) -> str:
    """Every word of a message (its ids and values are no words)."""
    return "\n".join([message.text, *words(message.blocks)])


def words(found: Any) -> Iterator[str]:
    if isinstance(found, dict):
        for name, value in found.items():
            if isinstance(value, str) and name in {"text", "accessibility_label", "title", "alt_text"}:
                yield value
            else:
                yield from words(value)
    elif isinstance(found, list):
        for value in found:
            yield from words(value)


def is_safe(message: Message) -> bool:
    return not any(figure in everything(message).lower() for figure in FIGURES)


async def test_a_card_follows_its_row_and_the_thread_tells_the_story(world: World) -> None:
    request = await world.log()
    await world.deliver()
    assert request.reference in world.card().text
    await world.accept(request)
    await world.deliver()
    assert "Accepted" in world.card().text
    assert [reply.user for reply in world.replies()] == [world.slack.seed.bot_user_id]
    assert "accepted" in world.ana.direct_messages[-1].text


async def test_it_works_the_same_while_everything_runs(living: World) -> None:
    await living.ana.command(ACME, "/ask", "acme a sign-up by Friday ~3h")
    assert (await living.ana.submit()).closed
    await living.settled()
    card = living.card()
    await living.pete.press(card, "accept")
    assert (await living.pete.submit()).closed
    await living.settled()
    assert "Accepted" in living.card().text
    assert len(living.replies()) == 1
    assert living.slack.problems == []


# ---- where another company reads along


async def test_outsiders_get_a_card_without_a_figure_and_the_decider_gets_the_whole_in_private(
    world: World,
) -> None:
    request = await world.log(project="SHARED", minutes=180)
    await world.deliver()
    card = world.card(SHARED)
    assert request.reference in card.text
    assert is_safe(card)
    private = world.pete.direct_messages[-1]
    assert request.reference in private.text
    assert "3 h" in everything(private)


async def test_outsiders_hear_no_story_of_the_decision(world: World) -> None:
    request = await world.log(project="SHARED", minutes=180)
    await world.deliver()
    await world.decline(request, reason="Their invoices are overdue.")
    await world.deliver()
    assert is_safe(world.card(SHARED))
    assert world.replies(SHARED) == []
    assert "overdue" not in "".join(map(everything, world.slack.channel(SHARED).messages))
    assert "Declined" in world.pete.direct_messages[-1].text


async def test_a_channel_that_is_shared_later_gets_the_safe_card(living: World) -> None:
    request = await living.log(minutes=180)
    await living.settled()
    assert not is_safe(living.card())
    await living.slack.share_channel(ACME)
    await living.settled()
    assert is_safe(living.card())
    assert request.reference in living.pete.direct_messages[-1].text


async def test_a_private_channel_that_gets_another_id_as_sharing_begins_gets_the_safe_card(
    living: World,
) -> None:
    await living.log(minutes=180)
    await living.settled()
    where = living.slack.channel(ACME)
    where.is_ext_shared = True
    told = events.simple(
        living.slack.workspace, "channel_id_changed", where, old_channel_id=ACME, new_channel_id="C0ANEW"
    )
    await asyncio.gather(*told)
    await living.settled()
    assert is_safe(living.card())


async def test_when_slack_will_not_say_who_reads_the_card_is_safe(
    world: World, slack: LocalWorkspace
) -> None:
    slack.faults.missing_scopes.add("channels:read")
    await world.log(minutes=180)
    await world.deliver()
    assert is_safe(world.card())


@pytest.mark.parametrize("kind", ["ratelimited", "http_500", "html"])
async def test_no_card_is_posted_before_slack_has_said_who_reads_it(
    world: World, slack: LocalWorkspace, kind: str
) -> None:
    slack.faults.add(Fault("conversations.info", kind, retry_after=7))
    await world.log(project="SHARED", minutes=180)
    await world.deliver()
    assert slack.channel(SHARED).messages == []
    await world.deliver(after=timedelta(seconds=7))
    assert is_safe(world.card(SHARED))
    assert len(slack.calls_of("chat.postMessage")) == 2, "the card, and the whole of it in private"


# ---- where the bot is not let in


async def test_who_asked_is_told_once_how_to_let_the_bot_in(world: World) -> None:
    request = await world.log(project="SHUT")
    await world.deliver()
    for _ in range(3):
        await world.deliver(after=timedelta(minutes=15))
    told = [message.text for message in world.ana.direct_messages]
    assert len(told) == 1
    assert request.reference in told[0]
    assert "/invite" in told[0]
    assert world.slack.channel(SHUT).messages == []


async def test_who_asked_is_told_that_the_channel_is_archived(world: World, slack: LocalWorkspace) -> None:
    await slack.archive_channel(ACME)
    await world.log()
    for _ in range(2):
        await world.deliver(after=timedelta(minutes=15))
    (told,) = [message.text for message in world.ana.direct_messages]
    assert "is archived" in told
    assert "/invite" not in told


async def test_the_card_comes_as_soon_as_the_bot_is_let_in(living: World) -> None:
    request = await living.log(project="SHUT")
    await living.settled()
    await living.slack.invite_bot(SHUT)
    await living.settled()
    assert request.reference in living.card(SHUT).text


async def test_the_card_comes_within_a_quarter_of_an_hour_when_nobody_tells(world: World) -> None:
    request = await world.log(project="SHUT")
    await world.accept(request)
    await world.deliver()
    world.slack.channel(SHUT).members.add(world.slack.seed.bot_user_id)
    await world.deliver(after=timedelta(minutes=15))
    assert "Accepted" in world.card(SHUT).text
    assert len(world.replies(SHUT)) == 1


# ---- what goes wrong on the way


async def test_an_accepted_card_whose_post_lost_its_answer_is_there_once_and_right(
    world: World, slack: LocalWorkspace
) -> None:
    slack.faults.add(Fault("chat.postMessage", "reset_after"))
    request = await world.log()
    await world.deliver()
    await world.accept(request)
    await world.deliver(after=timedelta(seconds=1))
    assert len(slack.channel(ACME).roots) == 1
    assert "Accepted" in world.card().text
    assert len(world.replies()) == 1


async def test_the_commit_does_not_wait_for_slack(world: World, slack: LocalWorkspace) -> None:
    request = await world.log()
    await world.deliver()
    slack.faults.add(Fault("chat.update", "slow", seconds=1.0))
    async with live(world):
        await asyncio.wait_for(world.accept(request), 0.9)
        await world.settled()
    assert "Accepted" in world.card().text


async def test_a_revoked_token_loses_nothing_that_was_logged(world: World, slack: LocalWorkspace) -> None:
    slack.faults.add(Fault("*", "error:token_revoked", times=8))
    requests = [await world.log(f"Wish {number}") for number in range(3)]
    for _ in range(10):
        await world.deliver(after=timedelta(minutes=5))
    assert len(slack.channel(ACME).roots) == len(requests)
    assert {notice.state for notice in await world.notices()} == {NoticeState.SENT}


async def test_people_are_told_in_private_whatever_happens_to_the_channel(
    world: World, slack: LocalWorkspace
) -> None:
    request = await world.log()
    await world.deliver()
    await slack.archive_channel(ACME)
    await world.accept(request)
    await world.deliver()
    assert "accepted" in world.ana.direct_messages[-1].text
