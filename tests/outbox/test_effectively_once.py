"""A notice is there once, whatever happens between the post and the note that it was posted."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import pytest

from bot.outbox.models import NoticeState
from bot.sandbox import Fault, LocalWorkspace
from bot.slack.gateway import TimeLimits
from tests.outbox.office import CARD, NOTE, ONCE, PostOffice
from tests.slack_world import ACME, ANA, SECRET, TEAM


@pytest.mark.parametrize("channel", [ACME, SECRET])
async def test_a_post_whose_answer_was_lost_is_found_and_not_repeated(
    office: PostOffice, slack: LocalWorkspace, channel: str
) -> None:
    slack.faults.add(Fault("chat.postMessage", "reset_after"))
    await office.announce("hello", to=channel)
    await office.deliver()
    assert (await office.notice("hello")).state is NoticeState.UNCLEAR
    await office.deliver(after=1)
    assert office.said(channel) == ["hello"]
    assert office.posts() == 1
    assert (await office.notice("hello")).ts == slack.channel(channel).messages[0].ts


async def test_a_reply_whose_answer_was_lost_is_found_in_its_thread(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    await office.announce("root")
    await office.deliver()
    slack.faults.add(Fault("chat.postMessage", "reset_after"))
    await office.announce("reply", thread_of="root")
    await office.deliver()
    await office.deliver(after=1)
    assert [message.text for message in slack.channel(ACME).thread(slack.channel(ACME).roots[0].ts)] == [
        "root",
        "reply",
    ]
    assert office.posts() == 2
    assert (await office.notice("reply")).state is NoticeState.SENT


async def test_a_private_message_whose_answer_was_lost_is_found(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    slack.faults.add(Fault("chat.postMessage", "reset_after"))
    await office.announce("for you", to=ANA)
    await office.deliver()
    await office.deliver(after=1)
    assert [message.text for message in slack.person(ANA).direct_messages] == ["for you"]
    assert office.posts() == 1


async def test_a_known_private_conversation_needs_no_scope_to_be_opened(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    await office.announce("first", to=ANA)
    await office.deliver()
    slack.faults.missing_scopes.add("im:write")
    slack.faults.add(Fault("chat.postMessage", "reset_after"))
    await office.announce("second", to=ANA)
    await office.deliver()
    await office.deliver(after=1)
    assert [message.text for message in slack.person(ANA).direct_messages] == ["first", "second"]
    assert office.posts() == 2


@pytest.mark.parametrize("scope", ["im:history", "im:write"])
@pytest.mark.parametrize(("kind", "times"), [(NOTE, 2), (ONCE, 1)])
async def test_where_nobody_can_look_in_private_the_kind_says_what_is_the_lesser_evil(
    office: PostOffice, slack: LocalWorkspace, scope: str, kind: str, times: int
) -> None:
    slack.faults.missing_scopes.add(scope)
    slack.faults.add(Fault("chat.postMessage", "reset_after"))
    await office.announce("for you", to=ANA, kind=kind)
    await office.deliver()
    await office.deliver(after=1)
    assert len(slack.person(ANA).direct_messages) == times


@pytest.mark.parametrize(
    ("kind", "times", "state", "words"),
    [
        (NOTE, 2, NoticeState.SENT, "twice is better than never"),
        (ONCE, 1, NoticeState.DEAD, "never is better than twice"),
    ],
)
async def test_without_the_history_scope_the_log_says_what_was_chosen(
    office: PostOffice,
    slack: LocalWorkspace,
    caplog: pytest.LogCaptureFixture,
    kind: str,
    times: int,
    state: NoticeState,
    words: str,
) -> None:
    slack.faults.missing_scopes.add("channels:history")
    slack.faults.add(Fault("chat.postMessage", "reset_after"))
    await office.announce("hello", kind=kind)
    await office.deliver()
    with caplog.at_level(logging.WARNING):
        await office.deliver(after=1)
    assert len(office.said()) == times
    assert (await office.notice("hello")).state is state
    assert "cannot look whether hello arrived: missing_scope" in caplog.text
    assert words in caplog.text


@pytest.mark.parametrize("kind", ["reset_before", "http_500", "html", "error:internal_error"])
async def test_what_did_not_arrive_is_posted_after_a_look(
    office: PostOffice, slack: LocalWorkspace, kind: str
) -> None:
    slack.faults.add(Fault("chat.postMessage", kind))
    await office.announce("hello")
    await office.deliver()
    assert office.said() == []
    await office.deliver(after=1)
    assert office.said() == ["hello"]
    assert len(slack.calls_of("conversations.history")) == 1


async def test_a_post_that_comes_after_we_stopped_waiting_is_not_made_again(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    await office.announce("first")
    await office.deliver()
    office.world.bot.gateway(TEAM).time_limits = TimeLimits(call=0.05)
    slack.faults.add(Fault("chat.postMessage", "slow", seconds=0.2))
    await office.announce("hello")
    await office.deliver()
    office.world.bot.gateway(TEAM).time_limits = TimeLimits()
    await office.deliver(after=2)
    assert not slack.calls_of("conversations.history"), "it is looked for when it is there or never will be"
    await slack.settled()
    await office.deliver(after=30)
    assert office.said() == ["first", "hello"]
    assert office.posts() == 2


async def test_a_process_that_dies_after_the_post_leaves_one_message(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    first = office.courier
    running = asyncio.create_task(first.run())
    dead = asyncio.Event()
    killing: list[asyncio.Task[None]] = []

    def kill() -> None:
        killing.append(asyncio.create_task(office.kill(first, running)))
        dead.set()

    office.when_called("chat.postMessage", kill)
    await office.announce("hello")
    first.wake()
    await dead.wait()
    await asyncio.gather(*killing)
    assert (await office.notice("hello")).state is NoticeState.SENDING
    office.courier = office.new_courier()
    await office.deliver(after=59)
    assert (await office.notice("hello")).state is NoticeState.SENDING, "the lease still stands"
    await office.deliver(after=2)
    assert (await office.notice("hello")).state is NoticeState.UNCLEAR, "it may be on its way still"
    await office.deliver(after=30)
    assert office.said() == ["hello"]
    assert office.posts() == 1
    assert (await office.notice("hello")).state is NoticeState.SENT


async def test_a_card_that_changed_between_a_lost_answer_and_the_look_is_drawn_anew(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    slack.faults.add(Fault("chat.postMessage", "reset_after"))
    card = await office.announce("as it was", kind=CARD)
    await office.deliver()
    await office.change(card, "as it is")
    await office.deliver(after=1)
    assert office.said() == ["as it is"]
    assert office.posts() == 1


async def test_a_429_during_the_look_does_not_end_the_doubt(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    slack.faults.add(Fault("chat.postMessage", "reset_after"))
    slack.faults.add(Fault("conversations.history", "ratelimited", retry_after=20))
    await office.announce("hello")
    await office.deliver()
    await office.deliver(after=1)
    assert (await office.notice("hello")).state is NoticeState.UNCLEAR
    await office.deliver(after=20)
    assert office.said() == ["hello"]
    assert office.posts() == 1


async def test_a_look_refused_since_we_were_put_out_does_not_end_the_doubt(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    slack.faults.add(Fault("chat.postMessage", "reset_after"))
    await office.announce("hello", kind=ONCE)
    await office.deliver()
    await slack.remove_bot(ACME)
    await office.deliver(after=1)
    assert (await office.notice("hello")).state is NoticeState.UNCLEAR
    await slack.invite_bot(ACME)
    await office.deliver(after=900)
    assert office.said() == ["hello"]
    assert office.posts() == 1


async def test_an_unlisted_app_looks_a_page_a_minute_and_gets_to_the_end(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    slack.faults.unlisted_history_limit = True
    slack.faults.add(Fault("chat.postMessage", "reset_after"))
    await office.announce("hello", kind=ONCE)
    await office.deliver()
    for number in range(40):
        await slack.person(ANA).say(ACME, f"talk {number}")
    for _ in range(4):
        await office.deliver(after=60)
    assert (await office.notice("hello")).state is NoticeState.SENT
    assert office.posts() == 1
    answered = [call for call in slack.calls_of("conversations.history") if call.error is None]
    assert len(answered) == 3, "41 messages in pages of 15, none of them read twice"


async def test_a_mark_that_cannot_be_written_does_not_post_again(
    office: PostOffice, slack: LocalWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import event
    from sqlalchemy.exc import OperationalError

    engine = office.world.bot.runner.engine
    left = [3]

    def away(*_: object) -> None:
        if left[0]:
            left[0] -= 1
            raise OperationalError("BEGIN", {}, Exception("the database is away"))

    office.when_called("chat.postMessage", lambda: event.listen(engine, "begin", away))
    await office.announce("hello")
    await office.deliver()
    event.remove(engine, "begin", away)
    assert left == [0]
    assert office.said() == ["hello"]
    assert (await office.notice("hello")).state is NoticeState.SENT
    await office.deliver(after=120)
    assert office.posts() == 1


async def test_what_took_too_long_to_get_ready_is_not_posted_under_a_lease_that_ends(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    tries = iter((True, False))

    def dawdle() -> None:
        if next(tries, False):
            office.world.clock.advance(timedelta(seconds=55))

    office.on_draw = dawdle
    await office.announce("hello", kind=CARD)
    await office.courier.drain()
    assert office.said() == ["hello"]
    assert office.posts() == 1
