"""Who reads a channel: what one process has heard no other one forgets, and what nobody heard is found out in time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.outbox.models import Posting, Readership
from bot.outbox.repository import refresh_channel
from bot.sandbox import Fault, LocalWorkspace
from bot.slack.delivery import Courier
from bot.slack.directory import Directory
from bot.slack.kinds import Audience, Loaded
from bot.slack.message import Message
from bot.slack.pacing import LOOKS_A_MINUTE, Pacing
from bot.slack.payloads import Happened
from bot.slack.stories.channels import sharing_changed
from tests.outbox.office import CARD, NOTE, PostOffice
from tests.slack_world import ACME, OTHER, PETE, TEAM

INFO = "conversations.info"


@pytest.fixture
def deaf(office: PostOffice) -> Courier:
    """The courier of a process that no event comes to."""
    return another_process(office)


def another_process(office: PostOffice) -> Courier:
    bot = office.world.bot
    directory = Directory(runner=bot.runner, gateways=bot.gateways, clock=office.world.clock)
    kinds = office.kinds()
    kinds |= {name: replace(kinds[name], draw=drawn_for_its_readers(office)) for name in (NOTE, CARD)}
    return office.new_courier(directory=directory, kinds=kinds)


def drawn_for_its_readers(office: PostOffice):  # type: ignore[no-untyped-def]
    def draw(session: Session, loaded: Loaded, audience: Audience) -> Message:
        office.on_draw()
        text = office.wall.get(loaded.subject_id, str(loaded.facts["text"]))
        return Message(text="safe" if audience.is_external else text)

    return draw


def share(slack: LocalWorkspace) -> None:
    """Another company is let in, and no process has heard of it yet."""
    slack.channel(ACME).is_ext_shared = True


async def hear(office: PostOffice) -> None:
    """The event comes to the process of the bot."""
    await sharing_changed(office.world.bot, Happened(TEAM, "channel_shared", channel_id=ACME))


def looks(slack: LocalWorkspace) -> int:
    return len(slack.calls_of(INFO))


def refuse_looks(slack: LocalWorkspace) -> None:
    slack.faults.add(Fault(INFO, "ratelimited", retry_after=30))


async def test_what_one_process_heard_no_other_goes_by_what_it_knew_before(
    office: PostOffice, slack: LocalWorkspace, deaf: Courier
) -> None:
    card = await office.announce("€360", kind=CARD)
    await deaf.drain()
    share(slack)
    await hear(office)
    # Redrawn by a third one: nothing on the card itself says any more that its readers are new.
    await another_process(office).drain()
    assert office.said() == ["safe"]
    await office.change(card, "€720")
    await office.announce("3 h, €720")
    await deaf.drain()
    assert office.said() == ["safe", "safe"]


async def test_where_slack_will_not_say_who_reads_now_nobody_goes_by_what_was(
    office: PostOffice, slack: LocalWorkspace, deaf: Courier
) -> None:
    card = await office.announce("€360", kind=CARD)
    await deaf.drain()
    share(slack)
    await hear(office)
    refuse_looks(slack)
    await office.change(card, "€720")
    await office.announce("3 h, €720")
    await deaf.drain()
    assert "€720" not in " ".join(office.said())
    office.world.clock.advance(timedelta(seconds=31))
    await deaf.drain()
    assert office.said() == ["safe", "safe"]


async def test_a_press_in_another_process_draws_for_who_reads_the_card_now(
    office: PostOffice, slack: LocalWorkspace, deaf: Courier
) -> None:
    card = await office.announce("€360", kind=CARD)
    await deaf.drain()
    share(slack)
    await hear(office)
    await another_process(office).drain()
    running = asyncio.create_task(deaf.run())
    await asyncio.sleep(0)
    office.wall[card] = "€720"
    await deaf.carry_out(office.refresh_now, card)
    await office.world.settled()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert office.said() == ["safe"]
    assert all("720" not in call.args["text"] for call in slack.calls_of("chat.update"))


class Heard(Pacing):
    """While a message waits for its turn, another process hears the event. No channel is looked at to be sure."""

    def __init__(self, office: PostOffice) -> None:
        super().__init__(seconds_between_posts=0)
        self._office = office

    async def turn(self, workspace_id: str, place: str) -> bool:
        if not self._office.slack.channel(ACME).is_ext_shared:
            share(self._office.slack)
            await hear(self._office)
        return True

    def may_look(self, workspace_id: str) -> bool:
        return False


@pytest.mark.parametrize("kind", [NOTE, CARD])
async def test_what_is_heard_while_a_message_waits_for_its_turn_counts_for_it(
    office: PostOffice, slack: LocalWorkspace, deaf: Courier, kind: str
) -> None:
    subject = await office.announce("€360", kind=CARD)
    await deaf.drain()
    deaf._desk = replace(deaf._desk, pacing=Heard(office))
    if kind == CARD:
        await office.change(subject, "€720")
    else:
        await office.announce("3 h, €720")
    await deaf.drain()
    assert set(office.said()) == {"safe"}
    assert all("720" not in call.args.get("text", "") for call in slack.calls)


async def test_what_has_left_when_it_is_heard_is_drawn_anew_as_soon_as_it_stands(
    office: PostOffice, slack: LocalWorkspace, deaf: Courier
) -> None:
    landing = asyncio.Event()
    slack.faults.add(Fault("chat.postMessage", "slow", until=landing))
    card = await office.announce("€360", kind=CARD)
    saying = asyncio.create_task(deaf.drain())
    async with asyncio.timeout(5):
        while slack.faults.waiting:  # noqa: ASYNC110 (the stand-in counts, and sets no event)
            await asyncio.sleep(0.005)
    share(slack)
    await hear(office)
    landing.set()
    await saying
    await deaf.drain()
    assert office.said() == ["safe"]
    assert not (await office.posting(card)).is_stale


async def test_nothing_new_is_said_by_what_was_known_a_moment_ago(
    office: PostOffice, slack: LocalWorkspace, deaf: Courier
) -> None:
    """The event is late, or lost: the first who finds out lets everybody know."""
    card = await office.announce("€360", kind=CARD)
    await deaf.drain()
    share(slack)
    await office.announce("3 h, €360")
    await deaf.drain()
    assert office.said() == ["safe", "safe"]
    assert not (await office.posting(card)).is_stale


async def test_a_refresh_does_not_wait_for_a_look(
    office: PostOffice, slack: LocalWorkspace, deaf: Courier
) -> None:
    card = await office.announce("€360", kind=CARD)
    await deaf.drain()
    before = looks(slack)
    await office.change(card, "€720")
    await deaf.drain()
    assert (office.said(), looks(slack)) == (["€720"], before)


async def test_a_limit_of_slacks_lets_what_was_known_within_the_minute_serve(
    office: PostOffice, slack: LocalWorkspace, deaf: Courier
) -> None:
    await office.announce("one")
    await deaf.drain()
    refuse_looks(slack)
    await office.announce("two")
    await office.announce("three")
    await deaf.drain()
    assert office.said() == ["one", "two", "three"]
    assert looks(slack) == 2, "and it is not asked again before it is time"
    await office.announce("elsewhere", to=OTHER)
    await deaf.drain()
    assert office.said(OTHER) == [], "where nothing was known it waits"


async def test_what_is_said_in_private_needs_no_look(
    office: PostOffice, slack: LocalWorkspace, deaf: Courier
) -> None:
    await office.announce("one", to=PETE)
    await deaf.drain()
    assert looks(slack) == 0


async def test_a_busy_workspace_is_not_looked_at_more_often_than_slack_allows() -> None:
    pacing = Pacing()
    assert [pacing.may_look(TEAM) for _ in range(LOOKS_A_MINUTE + 1)] == [True] * LOOKS_A_MINUTE + [False]
    assert pacing.may_look("T0ANOTHER")


async def test_many_cards_of_a_channel_are_drawn_anew_after_few_looks(
    office: PostOffice, slack: LocalWorkspace, deaf: Courier
) -> None:
    for number in range(5):
        await office.announce(f"€{number}", kind=CARD)
    await deaf.drain()
    share(slack)
    before = looks(slack)
    await office.world.bot.runner.run(
        refresh_channel, workspace_id=TEAM, channel_id=ACME, now=office.world.clock.now()
    )
    await deaf.drain()
    assert office.said() == ["safe"] * 5
    assert looks(slack) - before <= 5

    def changes(session: Session) -> tuple[int, int]:
        stale = session.scalars(select(Posting).where(Posting.is_stale)).all()
        return session.scalars(select(Readership.changes)).one(), len(stale)

    assert await office.world.bot.read(changes) == (1, 0)
