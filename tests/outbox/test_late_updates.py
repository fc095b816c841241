"""An update that Slack makes after we stopped waiting for it, over a newer one: the card is drawn once more."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from bot.outbox.due import LATE_ARRIVAL, LEASE
from bot.sandbox import Fault, LocalWorkspace
from bot.slack.delivery import stopping
from bot.slack.gateway import TimeLimits
from tests.outbox.office import CARD, PostOffice
from tests.slack_world import TEAM

LATE = LATE_ARRIVAL.total_seconds()


async def test_an_update_that_lands_late_over_a_newer_one_is_drawn_over(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    card = await office.announce("first", kind=CARD)
    await office.deliver()
    landing = await given_up_by_us(office, slack, card, "second")
    await office.change(card, "third")
    await office.deliver(after=2)
    assert office.said() == ["third"]
    landing.set()
    await slack.settled()
    assert office.said() == ["second"], "what we gave up has landed"
    await office.deliver(after=LATE)
    assert office.said() == ["third"]
    assert not (await office.posting(card)).is_stale
    made = len(slack.calls_of("chat.update"))
    await office.deliver(after=1_000)
    assert len(slack.calls_of("chat.update")) == made, "once more is enough"


async def test_what_changes_meanwhile_is_shown_at_once_and_still_drawn_once_more(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    card = await office.announce("first", kind=CARD)
    await office.deliver()
    landing = await given_up_by_us(office, slack, card, "second")
    for number in range(3):
        await office.change(card, f"change {number}")
        await office.deliver(after=2)
        assert office.said() == [f"change {number}"]
    landing.set()
    await slack.settled()
    assert office.said() == ["second"]
    await office.deliver(after=LATE)
    assert office.said() == ["change 2"]


async def test_an_update_under_way_when_its_lease_ended_early_is_drawn_over(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    """A clock that jumps ahead ends leases: another process draws the card while the first one's update is on its way."""
    card = await office.announce("first", kind=CARD)
    await office.deliver()
    landing = slowly(slack)
    await office.change(card, "second")
    first, second = office.courier, office.new_courier()
    slow = asyncio.create_task(first.drain())
    await under_way(slack)
    await office.change(card, "third")
    office.world.clock.advance(LEASE + timedelta(seconds=1))
    await second.drain()
    assert office.said() == ["third"]
    landing.set()
    await slow
    # Who lost the lease says that its update landed over whatever stood there: nobody waits for half a minute.
    assert office.said() == ["third"]
    await office.deliver(after=LATE)
    assert office.said() == ["third"]
    assert not (await office.posting(card)).is_stale


async def test_a_process_that_died_over_an_update_leaves_it_to_be_drawn_once_more(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    card = await office.announce("first", kind=CARD)
    await office.deliver()
    landing = slowly(slack)
    await office.change(card, "second")
    dying = asyncio.create_task(office.courier.drain())
    await under_way(slack)
    for task in list(office.courier._refreshing):
        task.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    office.courier = office.new_courier()
    await office.change(card, "third")
    await office.deliver(after=LEASE.total_seconds() + 1)
    assert office.said() == ["third"]
    landing.set()
    await slack.settled()
    assert office.said() == ["second"]
    await office.deliver(after=LATE)
    assert office.said() == ["third"]


async def test_told_to_stop_while_slack_hangs_it_leaves_a_card_to_be_drawn_once_more(
    office: PostOffice, slack: LocalWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopping, "FINISH_SECONDS", 0.05)
    card = await office.announce("first", kind=CARD)
    await office.deliver()
    landing = slowly(slack)
    await office.change(card, "second")
    running = asyncio.create_task(office.courier.run())
    await under_way(slack)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    office.courier = office.new_courier()
    await office.change(card, "third")
    await office.deliver()
    assert office.said() == ["third"]
    landing.set()
    await slack.settled()
    assert office.said() == ["second"]
    await office.deliver(after=LATE)
    assert office.said() == ["third"]


async def given_up_by_us(office: PostOffice, slack: LocalWorkspace, card: UUID, text: str) -> asyncio.Event:
    """Let Slack be at work on an update that nobody waits for any more; it lands once what is returned is set."""
    limits = office.world.bot.gateway(TEAM).time_limits
    office.world.bot.gateway(TEAM).time_limits = TimeLimits(call=0.05)
    landing = slowly(slack)
    await office.change(card, text)
    await office.deliver()
    office.world.bot.gateway(TEAM).time_limits = limits
    return landing


def slowly(slack: LocalWorkspace) -> asyncio.Event:
    """Let Slack's next update of a message wait until what is returned is set."""
    landing = asyncio.Event()
    slack.faults.add(Fault("chat.update", "slow", until=landing))
    return landing


async def under_way(slack: LocalWorkspace) -> None:
    """Wait until Slack is at work on something."""
    while not slack._api.in_progress:  # noqa: ASYNC110 (the stand-in counts, and sets no event)
        await asyncio.sleep(0)
