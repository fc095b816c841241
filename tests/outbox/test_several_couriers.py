"""Several couriers on one database: nothing is said twice, and nothing is taken from who is at work on it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.clock import STEADY_AGAIN, Clock, Steadiness
from bot.db.transaction import transaction
from bot.outbox import outcomes, taking
from bot.outbox.due import LATE_ARRIVAL, DueNotice
from bot.outbox.models import NoticeState
from bot.sandbox import Fault, LocalWorkspace
from tests.outbox.office import CARD, PostOffice
from tests.slack_world import ACME, ANA, OTHER, SECRET


async def test_two_couriers_at_once_say_everything_once_and_in_order(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    couriers = [office.new_courier() for _ in range(2)]
    running = [asyncio.create_task(courier.run()) for courier in couriers]
    for number in range(10):
        for channel in (ACME, OTHER, SECRET):
            await office.announce(f"{channel} {number}", to=channel)
        await office.announce(f"card {number}", to=ANA, kind=CARD)
        for courier in couriers:
            courier.wake()
    await office.world.settled()
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    for channel in (ACME, OTHER, SECRET):
        assert office.said(channel) == [f"{channel} {number}" for number in range(10)]
    assert [message.text for message in slack.person(ANA).direct_messages] == [
        f"card {number}" for number in range(10)
    ]
    assert office.posts() == 40


async def test_what_one_takes_another_leaves(office: PostOffice) -> None:
    await office.announce("one")
    await office.announce("two")
    first = take(office, "a")
    assert [notice.dedupe_key for notice in first] == ["one"]
    assert take(office, "b") == [], "two waits until one is settled"


async def test_who_lost_the_lease_writes_nothing(office: PostOffice) -> None:
    await office.announce("one")
    (stale,) = take(office, "a")
    office.world.clock.advance(taking.LEASE * 2)
    # The clock may have jumped, and the post be on its way still.
    assert not take(office, "b")
    office.world.clock.advance(LATE_ARRIVAL)
    (fresh,) = take(office, "b")
    assert fresh.is_unclear
    settle(office, stale, NoticeState.DEAD)
    assert (await office.notice("one")).state is NoticeState.SENDING
    settle(office, fresh, NoticeState.DEAD)
    assert (await office.notice("one")).state is NoticeState.DEAD


async def test_while_the_clock_is_not_steady_nothing_is_taken_for_lost(office: PostOffice) -> None:
    await office.announce("one")
    take(office, "a")
    office.world.clock.advance(taking.LEASE * 2)
    assert not take(office, "b", is_steady=False)
    assert (await office.notice("one")).state is NoticeState.SENDING
    assert not take(office, "b")
    assert (await office.notice("one")).state is NoticeState.UNCLEAR
    office.world.clock.advance(LATE_ARRIVAL)
    assert not take(office, "b", is_steady=False)
    # What was never on its way has nothing to do with it.
    await office.announce("two", to=OTHER)
    assert [notice.dedupe_key for notice in take(office, "b", is_steady=False)] == ["two"]
    assert [notice.dedupe_key for notice in take(office, "b")] == ["one"]


async def test_a_post_on_its_way_is_said_once_however_often_the_clock_jumps_meanwhile(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    clock = WrongClock(office.world.clock)
    first, second = (office.new_courier(clock=clock) for _ in range(2))
    landing = asyncio.Event()
    slack.faults.add(Fault("chat.postMessage", "slow", until=landing))
    await office.announce("one")
    saying = asyncio.create_task(first.drain())
    async with asyncio.timeout(5):
        while slack.faults.waiting:  # noqa: ASYNC110 (the stand-in counts, and sets no event)
            await asyncio.sleep(0.005)
    for seconds in (70, 600, 3600):
        clock.wrong = timedelta(seconds=seconds)
        await second.drain()
    landing.set()
    await saying
    assert office.said() == ["one"]


async def test_what_was_put_off_while_the_clock_was_ahead_comes_back_once_it_is_trusted_again(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    clock = WrongClock(office.world.clock)
    courier = office.new_courier(clock=clock)
    card = await office.announce("card", to=OTHER, kind=CARD)
    await office.deliver()
    assert office.said(OTHER) == ["card"]

    clock.wrong = timedelta(hours=1)
    slack.faults.add(Fault("chat.postMessage", "reset_after"))
    await office.announce("stands already")
    await courier.drain()
    slack.faults.add(Fault("chat.postMessage", "ratelimited", retry_after=60))
    await office.announce("rate limited", to=SECRET)
    await courier.drain()
    # The second time: a connection that breaks is replaced at once.
    slack.faults.add(Fault("chat.update", "reset_before", times=2))
    await office.change(card, "card, changed")
    await courier.drain()
    clock.wrong = timedelta()
    await courier.drain()
    assert (office.said(), office.said(SECRET), office.said(OTHER)) == (["stands already"], [], ["card"])

    # Another process may have put it off a moment ago, with a post of it on its way.
    office.world.clock.advance(STEADY_AGAIN + timedelta(seconds=1))
    await courier.drain()
    assert (await office.notice("stands already")).state is NoticeState.UNCLEAR

    office.world.clock.advance(LATE_ARRIVAL)
    await courier.drain()
    assert office.said() == ["stands already"]
    assert (await office.notice("stands already")).state is NoticeState.SENT
    assert office.said(SECRET) == ["rate limited"]
    assert office.said(OTHER) == ["card, changed"]


def test_when_a_clock_is_trusted_again_whatever_it_ended_too_early_has_landed() -> None:
    assert STEADY_AGAIN >= LATE_ARRIVAL


class WrongClock:
    """The clock of a machine that is set now and then."""

    def __init__(self, right: Clock) -> None:
        self._right = right
        self.wrong = timedelta()
        self._steadiness = Steadiness(self.now, seconds=lambda: right.now().timestamp())

    def now(self) -> datetime:
        return self._right.now() + self.wrong

    def is_steady(self) -> bool:
        return self._steadiness.is_steady()


@pytest.mark.only_on("postgresql")
async def test_a_change_that_crosses_the_arrival_of_its_card_is_drawn(office: PostOffice) -> None:
    """The change finds the card on its way and has to wait for its row; meanwhile the card arrives."""
    subject = await office.announce("card", kind=CARD)
    (due,) = take(office, "a")
    arrived, changing = threading.Event(), threading.Event()

    def arrive(session: Session) -> None:
        outcomes.said(
            session, due, channel_id=ACME, ts="1.000001", mirrors=True, now=office.world.clock.now()
        )
        session.flush()
        arrived.set()
        # The other transaction has begun by now, and waits for the row that is locked here.
        changing.wait(5)

    def change(session: Session) -> None:
        arrived.wait(5)
        threading.Timer(0.1, changing.set).start()
        office.refresh_now(session, subject)

    await asyncio.gather(in_thread(office, arrive), in_thread(office, change))
    posting = await office.posting(subject)
    assert posting.is_stale, "the card was drawn before the change"


async def test_an_idle_courier_asks_when_something_is_due(office: PostOffice) -> None:
    now = office.world.clock.now
    assert await office.world.bot.read(taking.next_due_at, now=now()) is None
    await office.announce("one")
    await office.announce("two")
    assert await office.world.bot.read(taking.next_due_at, now=now()) == now()
    (due,) = take(office, "a")
    assert await office.world.bot.read(taking.next_due_at, now=now()) == due.leased_until
    later = now() + taking.LEASE / 2
    await office.world.bot.runner.run(
        outcomes.settle, due, state=NoticeState.PENDING, error="", next_attempt_at=later
    )
    assert await office.world.bot.read(taking.next_due_at, now=now()) == later, "two waits behind one"


def take(office: PostOffice, lease: str, *, is_steady: bool = True) -> list[DueNotice]:
    now = office.world.clock.now()
    with transaction(office.world.bot.runner.engine) as session:
        return taking.take_notices(session, now=now, lease=lease, limit=10, is_steady=is_steady)


def settle(office: PostOffice, notice: DueNotice, state: NoticeState) -> None:
    with transaction(office.world.bot.runner.engine) as session:
        outcomes.settle(session, notice, state=state, error="", next_attempt_at=office.world.clock.now())


async def in_thread(office: PostOffice, work: Callable[[Session], None]) -> None:
    def run() -> None:
        with transaction(office.world.bot.runner.engine) as session:
            work(session)

    await asyncio.to_thread(run)
