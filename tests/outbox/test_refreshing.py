"""A card is a rendering of its row: whatever happens, it comes to show it, with as few updates as will do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.outbox.repository import refresh_channel, reopen
from bot.sandbox import Fault, LocalWorkspace
from bot.slack.pacing import Pacing
from tests.outbox.office import CARD, LINK, PostOffice
from tests.slack_world import ACME, OTHER, TEAM


async def test_twenty_changes_while_nobody_looks_are_one_update(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    card = await office.announce("first", kind=CARD)
    await office.deliver()
    for number in range(20):
        await office.change(card, f"change {number}")
    await office.deliver()
    assert office.said() == ["change 19"]
    assert len(slack.calls_of("chat.update")) == 1


async def test_twenty_changes_in_a_row_are_few_updates_and_the_last_one_wins(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    office.courier = office.new_courier(pacing=Pacing(seconds_between_posts=0.3))
    card = await office.announce("first", kind=CARD)
    await office.deliver()
    running = asyncio.create_task(office.courier.run())
    for number in range(20):
        office.wall[card] = f"change {number}"
        await office.courier.carry_out(office.refresh_now, card)
    await office.world.settled()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert office.said() == ["change 19"]
    assert len(slack.calls_of("chat.update")) <= 4


async def test_a_row_that_changes_while_its_card_is_posted_is_drawn_again(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    changing: list[asyncio.Task[None]] = []
    card = await office.announce("first", kind=CARD)
    office.when_called(
        "chat.postMessage",
        lambda: changing.append(asyncio.create_task(office.change(card, "second"))),
    )
    await office.deliver()
    await asyncio.gather(*changing)
    await office.deliver()
    assert office.said() == ["second"]


async def test_a_row_that_changes_while_its_card_is_redrawn_is_drawn_again(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    changing: list[asyncio.Task[None]] = []
    card = await office.announce("first", kind=CARD)
    await office.deliver()
    office.when_called(
        "chat.update", lambda: changing.append(asyncio.create_task(office.change(card, "third")))
    )
    await office.change(card, "second")
    await office.deliver()
    await asyncio.gather(*changing)
    await office.deliver()
    assert office.said() == ["third"]


async def test_a_message_somebody_deleted_is_let_go(office: PostOffice, slack: LocalWorkspace) -> None:
    card = await office.announce("first", kind=CARD)
    await office.deliver()
    slack.channel(ACME).remove(slack.channel(ACME).messages[0])
    await office.change(card, "second")
    await office.deliver()
    assert (await office.posting(card)).is_gone
    await office.change(card, "third")
    await office.deliver(after=100_000)
    assert len(slack.calls_of("chat.update")) == 1


async def test_what_links_to_a_card_that_comes_later_is_drawn_with_the_link(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    card = await office.announce("reminder", kind=LINK, to=OTHER)
    await office.deliver()
    assert office.said(OTHER) == ["reminder, see nothing"]
    await office.announce("first", kind=CARD, subject=card)
    await office.deliver()
    await office.deliver()
    (posted,) = slack.channel(ACME).messages
    assert office.said(OTHER) == [f"reminder, see {posted.ts}"]
    assert len(slack.calls_of("chat.update")) == 1, "the card itself stands as it is"


async def test_what_links_to_a_card_that_comes_while_it_is_drawn_is_drawn_with_the_link(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    card = await office.announce("reminder", kind=LINK, to=OTHER)
    other = office.new_courier()
    coming: list[asyncio.Task[None]] = []

    async def card_comes() -> None:
        await office.announce("first", kind=CARD, subject=card)
        await other.drain()

    office.when_called("chat.postMessage", lambda: coming.append(asyncio.create_task(card_comes())))
    await office.deliver()
    await asyncio.gather(*coming)
    await office.deliver()
    (posted,) = slack.channel(ACME).messages
    assert office.said(OTHER) == [f"reminder, see {posted.ts}"]


async def test_what_links_to_a_card_that_somebody_deleted_is_drawn_without_the_link(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    card = await office.announce("first", kind=CARD)
    await office.deliver()
    await office.announce("reminder", kind=LINK, to=OTHER, subject=card)
    await office.deliver()
    slack.channel(ACME).remove(slack.channel(ACME).messages[0])
    await office.change(card, "second")
    await office.deliver()
    await office.deliver()
    assert office.said(OTHER) == ["reminder, see nothing"]


@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "http_500", "html", "error:fatal_error"])
async def test_an_update_that_failed_is_made_again(
    office: PostOffice, slack: LocalWorkspace, kind: str
) -> None:
    card = await office.announce("first", kind=CARD)
    await office.deliver()
    # Twice, since a connection that breaks is replaced at once.
    slack.faults.add(Fault("chat.update", kind, times=2))
    await office.change(card, "second")
    await office.deliver()
    await office.deliver(after=1)
    await office.deliver(after=2)
    assert office.said() == ["second"]
    assert not (await office.posting(card)).is_stale


async def test_a_429_pauses_every_update_of_the_workspace(office: PostOffice, slack: LocalWorkspace) -> None:
    first = await office.announce("first", kind=CARD)
    second = await office.announce("second", kind=CARD)
    await office.deliver()
    slack.faults.add(Fault("chat.update", "ratelimited", retry_after=30))
    await office.change(first, "first, changed")
    await office.deliver()
    await office.change(second, "second, changed")
    await office.deliver(after=29)
    assert len(slack.calls_of("chat.update")) == 1
    await office.deliver(after=1)
    assert office.said() == ["first, changed", "second, changed"]


async def test_an_archived_channels_card_catches_up_when_it_is_brought_back(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    card = await office.announce("first", kind=CARD)
    await office.deliver()
    await slack.archive_channel(ACME)
    await office.change(card, "second")
    await office.deliver()
    assert office.said() == ["first"]
    slack.channel(ACME).is_archived = False
    await office.world.bot.runner.run(
        reopen, workspace_id=TEAM, channel_id=ACME, now=office.world.clock.now()
    )
    await office.deliver()
    assert office.said() == ["second"]


async def test_new_readers_are_asked_of_slack_however_well_the_channel_is_remembered(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    await office.announce("first", kind=CARD)
    await office.deliver()
    assert len(slack.calls_of("conversations.info")) == 1
    await office.world.bot.runner.run(
        refresh_channel, workspace_id=TEAM, channel_id=ACME, now=office.world.clock.now()
    )
    await office.deliver()
    assert len(slack.calls_of("conversations.info")) == 2


async def test_a_card_that_cannot_be_drawn_is_tried_again_later(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    card = await office.announce("first", kind=CARD)
    await office.deliver()

    def fail() -> None:
        raise ZeroDivisionError

    office.on_draw = fail
    await office.change(card, "second")
    await office.deliver()
    office.on_draw = lambda: None
    await office.deliver(after=1)
    assert office.said() == ["second"]


async def test_what_a_use_case_changed_is_claimed_by_the_courier_of_its_process(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    card = await office.announce("first", kind=CARD)
    await office.deliver()
    running = asyncio.create_task(office.courier.run())
    await asyncio.sleep(0)
    office.wall[card] = "second"
    await office.courier.carry_out(office.refresh_now, card)
    leased = await office.posting(card)
    await office.world.settled()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert leased.lease is not None or not leased.is_stale
    assert office.said() == ["second"]


async def test_without_a_courier_in_the_process_nothing_is_claimed(office: PostOffice) -> None:
    card = await office.announce("first", kind=CARD)
    await office.deliver()
    await office.new_courier().carry_out(office.refresh_now, card)
    posting = await office.posting(card)
    assert (posting.is_stale, posting.lease) == (True, None)


@asynccontextmanager
async def carried_out(office: PostOffice, text: str, *, draws: list[bool]) -> AsyncIterator[None]:
    """A use case of this process changes a card; the block runs between its commit and the update."""
    card = await office.announce("first", kind=CARD)
    await office.deliver()
    running = asyncio.create_task(office.courier.run())
    await asyncio.sleep(0)
    office.wall[card] = text
    office.on_draw = lambda: draws.append(True)
    await office.courier.carry_out(office.refresh_now, card)
    yield
    await office.world.settled()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert office.said() == [text]
    assert not (await office.posting(card)).is_stale


async def test_what_a_use_case_changed_is_drawn_with_it(office: PostOffice, slack: LocalWorkspace) -> None:
    draws: list[bool] = []
    async with carried_out(office, "second", draws=draws):
        assert len(draws) == 1
    assert len(draws) == len(slack.calls_of("chat.update")) == 1


async def test_who_reads_along_from_now_on_gets_a_drawing_of_their_own(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    draws: list[bool] = []
    async with carried_out(office, "second", draws=draws):
        slack.channel(ACME).is_ext_shared = True
        office.world.bot.directory.forget_channel(TEAM, ACME)
    assert len(draws) == 2
    assert len(slack.calls_of("chat.update")) == 1


async def test_a_change_stands_although_its_card_could_not_be_drawn_at_once(office: PostOffice) -> None:
    failing = [ZeroDivisionError()]

    class Draws(list[bool]):
        def append(self, drawn: bool) -> None:
            if failing:
                raise failing.pop()
            super().append(drawn)

    draws = Draws()
    async with carried_out(office, "second", draws=draws):
        assert not draws
    assert len(draws) == 1
