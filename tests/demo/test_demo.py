from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.bootstrap import KINDS, SetupError
from bot.clock import FrozenClock
from bot.demo import Demo, running_demo
from bot.demo.agency import ALMA_WEB, ANA, GRACE, KV_SHOP, LEADS, OAK_CARE, PETE
from bot.demo.run import ASK, introduction
from bot.ledger.models import Funding, FundingEntry
from bot.outbox.models import Notice, NoticeState, Posting
from bot.people.models import Person
from bot.portfolio.models import Client, Project
from bot.requests.history import first_break
from bot.requests.models import ChangeRequest, Event, Promise, State
from bot.sandbox import Message
from bot.slack.kinds import Audience, Loaded

# A Tuesday evening in Madrid: the story's last day is over.
SHARED = pytest.mark.asyncio(loop_scope="module")
EVENING = datetime(2026, 11, 24, 19, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Started:
    """The one demo of these tests, which build on each other: it was started on a port that was taken."""

    demo: Demo
    taken_port: int
    # What the clock on the wall says, and what this process alone has computed: other tests run beside it.
    seconds: float
    computed_seconds: float


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def started() -> AsyncIterator[Started]:
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0) as other:
        port = other.sockets[0].getsockname()[1]
        begun, computed = time.perf_counter(), time.process_time()
        async with running_demo(real=FrozenClock(EVENING), port=port) as demo:
            yield Started(demo, port, time.perf_counter() - begun, time.process_time() - computed)


@pytest.fixture
def demo(started: Started) -> Demo:
    return started.demo


async def all_of(demo: Demo, model: Any) -> list[Any]:
    def rows(session: Session) -> list[Any]:
        found = list(session.scalars(select(model)))
        session.expunge_all()
        return found

    return await demo.handoff.bot.read(rows)


def message(demo: Demo, channel: str, ts: str) -> Message:
    return demo.slack.workspace.channels[channel].by_ts[ts]


async def until(demo: Demo, found: Callable[[], bool], *, who: str = ANA, seconds: float = 5.0) -> None:
    """Wait for something that the workspace would tell this person's page of."""
    with demo.slack.workspace.changes.watching(who) as changes:
        async with asyncio.timeout(seconds):
            while not found():
                await changes.get()


@SHARED
async def test_the_story_stands_in_slack_as_it_stands_in_the_rows(started: Started) -> None:
    demo = started.demo
    assert started.computed_seconds < 20
    # Ready within 90 seconds, also where other work has most of the machine.
    assert started.seconds < 90
    assert demo.slack.problems == []
    await the_agency_is_whole(demo)
    await every_state_and_funding_is_there(demo)
    await everything_was_said(demo)
    await every_card_equals_its_row(demo)
    await every_history_is_unbroken(demo)
    a_calm_start(demo)
    times_are_those_of_the_story(demo)


def test_a_taken_port_gives_the_next_one(started: Started) -> None:
    assert int(started.demo.slack.url.rpartition(":")[2]) > started.taken_port


async def the_agency_is_whole(demo: Demo) -> None:
    people = await all_of(demo, Person)
    assert len(people) == 6
    assert len({person.zone for person in people}) == 3
    assert len(await all_of(demo, Client)) == 4
    assert len({client.currency for client in await all_of(demo, Client)}) == 3
    assert len(await all_of(demo, Project)) == 8
    assert len(await all_of(demo, ChangeRequest)) >= 55


async def every_state_and_funding_is_there(demo: Demo) -> None:
    requests = await all_of(demo, ChangeRequest)
    states = Counter(request.state for request in requests)
    assert states.keys() >= {State.UNDER_REVIEW, State.APPROVED, State.REJECTED, State.WITHDRAWN}
    assert {entry.funding for entry in await all_of(demo, FundingEntry)} == set(Funding)
    assert {request.promise for request in requests} == set(Promise)
    waiting = [request for request in requests if request.state is State.UNDER_REVIEW]
    assert any(request.needed_by and request.needed_by < EVENING.date() for request in waiting)
    decided = [request for request in requests if request.state in {State.APPROVED, State.REJECTED}]
    assert {request.client_told_at is None for request in decided} == {True, False}
    assert any("\u0600" < letter < "\u06ff" for request in requests for letter in request.title)


async def everything_was_said(demo: Demo) -> None:
    """Held is only what waits for an invitation; dead only what another company must not read."""
    for notice in await all_of(demo, Notice):
        if notice.destination == OAK_CARE:
            assert notice.state is NoticeState.HELD
        elif notice.state is not NoticeState.SENT:
            assert notice.state is NoticeState.DEAD, (notice.kind, notice.last_error)
            assert notice.destination == KV_SHOP


async def every_card_equals_its_row(demo: Demo) -> None:
    for posting in await all_of(demo, Posting):
        assert not posting.is_stale
        loaded = Loaded(posting.workspace_id, posting.subject_id, posting.facts, posting.destination)
        audience = Audience(is_external=posting.channel_id == KV_SHOP, now=demo.clock.now())
        drawn = await demo.handoff.bot.read(KINDS[posting.kind].draw, loaded, audience)
        assert drawn is not None
        # Slack keeps the mark of a quote as it keeps every ">".
        said = message(demo, posting.channel_id, posting.ts).text.replace("\n&gt;", "\n>")
        # Words for a client name the delivery date as it was on that day; the rest never changes.
        assert said.partition("The delivery")[0] == drawn.text.partition("The delivery")[0]


async def every_history_is_unbroken(demo: Demo) -> None:
    def broken(session: Session) -> list[Any]:
        return [
            found
            for request in session.scalars(select(ChangeRequest))
            if (found := first_break(request, _events(session, request))) is not None
        ]

    assert await demo.handoff.bot.read(broken) == []


def _events(session: Session, request: ChangeRequest) -> list[Event]:
    wanted = select(Event).where(Event.request_id == request.id).order_by(Event.position)
    return list(session.scalars(wanted))


def a_calm_start(demo: Demo) -> None:
    """One card for Pete, one private message for Ana: nothing else is unread."""
    unread = {
        (member, channel.id if not channel.is_im else "private"): channel.mentions[member]
        for channel in demo.slack.workspace.channels.values()
        for member, count in channel.unread.items()
        if count
    }
    assert unread == {(PETE, ALMA_WEB): 1, (ANA, "private"): 1}


def times_are_those_of_the_story(demo: Demo) -> None:
    said = [message for channel in demo.slack.workspace.channels.values() for message in channel.messages]
    oldest, newest = (
        datetime.fromtimestamp(float(ts), UTC)
        for ts in (min(message.ts for message in said), max(message.ts for message in said))
    )
    assert timedelta(days=110) < EVENING - oldest < timedelta(days=125)
    assert timedelta() < EVENING - newest < timedelta(hours=4)
    assert timedelta() <= demo.clock.now() - EVENING < timedelta(minutes=1)


@SHARED
async def test_inviting_the_bot_brings_the_card_it_could_not_post(demo: Demo) -> None:
    channel = demo.slack.channel(OAK_CARE)
    assert not any("OPEN-1" in message.text for message in channel.roots)
    await demo.slack.invite_bot(OAK_CARE)
    await until(demo, lambda: "OPEN-1" in channel.roots[-1].text, who=GRACE)
    assert demo.slack.problems == []


@SHARED
async def test_what_a_newcomer_is_told_to_try_works(demo: Demo) -> None:
    slack = demo.slack
    ana, pete = slack.person(ANA), slack.person(PETE)
    await ana.command(ALMA_WEB, "/ask", ASK)
    await ana.submit()
    await until(demo, lambda: "menus" in slack.channel(ALMA_WEB).roots[-1].text)
    before = len(ana.direct_messages)
    await pete.press(slack.channel(ALMA_WEB).roots[-1], "accept")
    await pete.submit()
    await until(demo, lambda: len(ana.direct_messages) > before)
    assert "menus" in ana.direct_messages[-1].text
    assert slack.problems == []


async def on_monday_morning(demo: Demo) -> None:
    """Move the clock of the demo there, as the bar on its page does; it may be there already."""
    async with aiohttp.ClientSession() as session:
        moved = {"to": "2026-11-30T09:00:00+01:00"}
        async with session.post(f"{demo.slack.url}/client/clock", json=moved) as answer:
            assert answer.status == 200


@SHARED
async def test_moving_the_clock_to_monday_brings_the_digest_within_two_seconds(demo: Demo) -> None:
    leads = demo.slack.channel(LEADS)
    known = {message.ts for message in leads.roots}
    await on_monday_morning(demo)
    begun = time.perf_counter()
    await until(demo, lambda: any("Scope" in one.text for one in leads.roots if one.ts not in known))
    assert time.perf_counter() - begun < 2.5
    assert demo.slack.problems == []


def test_what_is_printed_names_the_address_and_what_the_tests_tried() -> None:
    said = introduction("http://127.0.0.1:8765", None)
    assert "http://127.0.0.1:8765" in said
    assert f"/ask {ASK}" in said
    assert max(len(line) for line in said.splitlines()) <= 80


@SHARED
async def test_that_monday_brings_the_reminders_of_what_waits_too(demo: Demo) -> None:
    pete = demo.slack.person(PETE)
    await on_monday_morning(demo)

    def is_reminded() -> bool:
        return any("waits for your answer" in line.text for line in pete.direct_messages)

    await until(demo, is_reminded, who=PETE, seconds=20)


async def test_a_database_file_that_is_there_already_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "mine.db"
    mine.write_text("important")
    with pytest.raises(SetupError, match="is there already"):
        async with running_demo(database_path=mine):
            pass
    assert mine.read_text() == "important"
