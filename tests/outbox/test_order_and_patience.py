"""Order within a place, patience with Slack, and nobody waits for somebody else's trouble."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.outbox.models import NoticeState
from bot.sandbox import Fault, LocalWorkspace
from bot.slack.pacing import Pacing
from tests.outbox.office import BROKEN, CARD, CHART, PostOffice
from tests.slack_world import ACME, ANA, OTHER, SHUT


async def test_a_channel_hears_things_in_the_order_they_were_announced(office: PostOffice) -> None:
    for number in range(6):
        await office.announce(f"{number}")
    await office.deliver()
    assert office.said() == ["0", "1", "2", "3", "4", "5"]


@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "http_500", "ratelimited"])
async def test_order_is_kept_when_the_first_fails(
    office: PostOffice, slack: LocalWorkspace, kind: str
) -> None:
    slack.faults.add(Fault("chat.postMessage", kind, retry_after=5))
    for number in range(3):
        await office.announce(f"{number}")
    await office.announce("elsewhere", to=OTHER)
    await office.deliver()
    await office.deliver(after=5)
    assert office.said() == ["0", "1", "2"]
    assert office.said(OTHER) == ["elsewhere"]


async def test_one_place_in_trouble_does_not_hold_up_the_others(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    slack.faults.add(Fault("chat.postMessage", "http_500"))
    await office.announce("in trouble")
    await office.deliver()
    for number in range(30):
        await office.announce(f"{number}", to=OTHER if number % 2 else ANA)
    await office.deliver()
    assert office.said() == []
    assert len(office.said(OTHER)) == 15
    assert len(slack.person(ANA).direct_messages) == 15


@pytest.mark.parametrize("to", [ACME, ANA])
async def test_a_429_is_obeyed_to_the_second(office: PostOffice, slack: LocalWorkspace, to: str) -> None:
    slack.faults.add(Fault("chat.postMessage", "ratelimited", retry_after=30))
    await office.announce("one", to=to)
    await office.announce("two", to=to)
    await office.deliver()
    await office.deliver(after=29)
    assert office.posts() == 1, "the refused call, and no other before its time"
    await office.deliver(after=1)
    assert office.posts() == 3
    assert (await office.notice("one")).attempts == 0, "a limit is not the notice's fault"


async def test_a_429_holds_back_this_channel_alone(office: PostOffice, slack: LocalWorkspace) -> None:
    slack.faults.add(Fault("chat.postMessage", "ratelimited", retry_after=30))
    await office.announce("one")
    await office.deliver()
    await office.announce("elsewhere", to=OTHER)
    await office.deliver()
    assert (office.said(), office.said(OTHER)) == ([], ["elsewhere"])


async def test_a_429_of_a_question_holds_back_that_question(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    slack.faults.add(Fault("conversations.info", "ratelimited", retry_after=30))
    await office.announce("one")
    await office.deliver()
    await office.announce("elsewhere", to=OTHER)
    await office.deliver()
    assert len(slack.calls_of("conversations.info")) == 1
    await office.deliver(after=30)
    assert (office.said(), office.said(OTHER)) == (["one"], ["elsewhere"])


async def test_the_stand_ins_own_limit_is_kept_to(office: PostOffice, slack: LocalWorkspace) -> None:
    slack.faults.enforce_rate_limits = True
    for number in range(12):
        await office.announce(f"{number}")
    await office.deliver()
    for _ in range(12):
        await office.deliver(after=1)
    assert office.said() == [str(number) for number in range(12)]
    refused = [call for call in slack.calls_of("chat.postMessage") if call.http_status == 429]
    assert len(refused) <= 8


async def test_what_the_bot_may_not_post_is_held_and_told_once(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    await office.announce("one", to=SHUT)
    await office.deliver()
    assert (await office.notice("one")).state is NoticeState.HELD
    assert office.told == ["one"]
    await office.deliver(after=899)
    assert office.posts() == 1
    await office.deliver(after=1)
    assert office.posts() == 2


async def test_what_was_held_comes_in_order_when_the_door_opened_unnoticed(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    await office.announce("root", to=SHUT)
    await office.announce("reply", to=SHUT, thread_of="root")
    await office.announce("next", to=SHUT)
    await office.deliver()
    # The event is lost; nobody tells Handoff.
    slack.channel(SHUT).members.add(slack.seed.bot_user_id)
    await office.deliver(after=900)
    assert office.said(SHUT) == ["root", "reply", "next"]
    assert slack.channel(SHUT).messages[1].thread_ts == slack.channel(SHUT).messages[0].ts


async def test_a_shut_channel_is_knocked_at_once_in_a_quarter_of_an_hour(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    for number in range(5):
        await office.announce(f"{number}", to=SHUT)
    await office.deliver()
    before = office.posts()
    await office.deliver(after=900)
    assert office.posts() == before + 1


async def test_something_new_that_is_said_there_brings_what_was_held(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    await office.announce("held", to=SHUT)
    await office.deliver()
    slack.channel(SHUT).members.add(slack.seed.bot_user_id)
    await office.announce("new", to=SHUT)
    await office.deliver()
    assert sorted(office.said(SHUT)) == ["held", "new"]


async def test_an_archived_channel_holds_until_it_is_brought_back(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    await slack.archive_channel(ACME)
    await office.announce("hello")
    await office.deliver()
    assert (await office.notice("hello")).last_error.count("is_archived") == 1
    slack.channel(ACME).is_archived = False
    await office.deliver(after=900)
    assert office.said() == ["hello"]


async def test_a_refused_token_loses_nothing(office: PostOffice, slack: LocalWorkspace) -> None:
    slack.faults.add(Fault("chat.postMessage", "error:token_revoked", times=3))
    await office.announce("hello")
    for _ in range(4):
        await office.deliver(after=300)
    assert office.said() == ["hello"]


async def test_blocks_that_slack_refuses_become_what_it_can_draw(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    slack.faults.refuse_blocks.add("data_visualization")
    await office.announce("growth", kind=CHART)
    await office.deliver()
    message = slack.channel(ACME).messages[0]
    assert [block["type"] for block in message.blocks] == ["section"]
    assert "growth as text" in str(message.blocks)


async def test_blocks_that_slack_refuses_altogether_become_the_bare_text(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    slack.faults.refuse_blocks |= {"data_visualization", "section"}
    await office.announce("growth", kind=CHART)
    await office.deliver()
    message = slack.channel(ACME).messages[0]
    assert (message.text, message.blocks) == ("growth", [])


async def test_a_text_that_is_too_long_is_clipped(office: PostOffice, slack: LocalWorkspace) -> None:
    slack.faults.add(Fault("chat.postMessage", "error:msg_too_long", times=1))
    await office.announce("word " * 2_000)
    await office.deliver()
    assert len(office.said()[0]) <= 4_000


async def test_what_cannot_be_drawn_steps_aside(office: PostOffice, caplog: pytest.LogCaptureFixture) -> None:
    await office.announce("broken", kind=BROKEN)
    await office.announce("next")
    await office.deliver()
    assert office.said() == ["next"]
    assert (await office.notice("broken")).state is NoticeState.STUCK
    assert "broken could not be drawn" in caplog.text


async def test_a_kind_of_a_newer_version_waits_for_who_knows_it(office: PostOffice) -> None:
    await office.announce("from the future", kind="survey")
    await office.announce("next")
    await office.deliver()
    assert office.said() == ["next"]
    office.courier = office.new_courier(kinds={**office.kinds(), "survey": office.kinds()["note"]})
    await office.deliver(after=60)
    assert office.said() == ["next", "from the future"]


async def test_a_story_whose_thread_will_never_be_is_dropped(office: PostOffice) -> None:
    await office.announce("story", thread_of="nothing")
    await office.deliver()
    assert (await office.notice("story")).state is NoticeState.DEAD


async def test_a_long_outage_loses_nothing(office: PostOffice, slack: LocalWorkspace) -> None:
    slack.faults.add(Fault("chat.postMessage", "http_500", times=60))
    await office.announce("hello")
    for _ in range(70):
        await office.deliver(after=300)
    assert office.said() == ["hello"]


async def test_a_channel_gets_one_post_at_a_time_and_a_second_between(office: PostOffice) -> None:
    between = 0.05
    office.courier = office.new_courier(pacing=Pacing(seconds_between_posts=between))
    loop = asyncio.get_running_loop()
    started = loop.time()
    for number in range(4):
        await office.announce(f"{number}")
    await office.deliver()
    assert loop.time() - started >= 3 * between


async def test_sent_notices_go_after_their_time_but_threads_stay_open(
    office: PostOffice, slack: LocalWorkspace
) -> None:
    from bot.outbox.repository import forget_sent

    await office.announce("card", kind=CARD)
    await office.announce("note")
    await office.deliver()
    office.world.clock.advance(timedelta(days=100))
    await office.world.bot.runner.run(forget_sent, before=office.world.clock.now() - timedelta(days=90))
    assert [notice.dedupe_key for notice in await office.world.notices()] == ["card"]
    await office.announce("late story", thread_of="card")
    await office.deliver()
    assert slack.channel(ACME).messages[-1].thread_ts == slack.channel(ACME).messages[0].ts
