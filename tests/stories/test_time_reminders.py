"""What Handoff says of its own accord, read and answered as people would; and what waits until they work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.outbox.models import NoticeState
from bot.people.settings import change_settings
from bot.reminders.service import remind_due
from bot.requests.models import State
from tests.slack_world import ACME, ANA, MO, World
from tests.stories.test_request_to_acceptance import logged, newest

# It is Wednesday, 15:00 in Berlin, where Pete works until 17:00.
PETES_REMINDER = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
PETES_DUE = datetime(2026, 11, 19, 14, 0, tzinfo=UTC)


async def at(world: World, instant: datetime) -> None:
    """The clock stands there, and ticks."""
    world.clock.move_to(instant)
    while await world.bot.run(remind_due, instant):
        pass
    world.bot.courier.wake()
    await world.settled()


async def with_director(world: World) -> None:
    await world.bot.run(change_settings, world.actor(ANA), director_id=MO)


async def test_who_has_the_ball_is_reminded_and_decides_from_the_reminder(office: World) -> None:
    await with_director(office)
    await logged(office)
    await at(office, PETES_REMINDER)
    reminder = office.pete.direct_messages[-1]
    assert "|ACME-1> · Add a newsletter sign-up*" in reminder.text
    assert "waits for your answer <!date^" in reminder.text
    assert "After that it goes to mo." in reminder.text
    assert "https://slack.com/archives/C0ACME/p" in reminder.text
    count = len(office.pete.direct_messages)
    await at(office, PETES_REMINDER + timedelta(minutes=30))
    assert len(office.pete.direct_messages) == count

    await office.pete.press(reminder, "accept")
    assert (await office.pete.submit()).closed
    await office.settled()
    assert "*Accepted* by pete" in office.pete.direct_messages[-1].text
    assert "accept" not in str(office.pete.direct_messages[-1].blocks)
    assert (await newest(office)).state is State.APPROVED


async def test_without_an_answer_the_ball_goes_on_and_both_are_named(office: World) -> None:
    await with_director(office)
    await logged(office)
    await at(office, PETES_REMINDER)
    await at(office, PETES_DUE)
    told = office.replies()[-1].text
    assert told.startswith("No answer from pete <!date^")
    assert told.endswith(": mo decides now.")
    assert f"<@{MO}>, to decide" in str(office.card().blocks)
    mo = office.slack.person(MO)
    mine = mo.direct_messages[-1]
    assert "pete has not answered" in mine.text
    assert "so you decide now." in mine.text

    await office.pete.press(office.card(), "accept")
    assert "Only mo can decide ACME-1" in office.pete.ephemerals[-1].text
    await mo.press(mine, "accept")
    assert (await mo.submit()).closed
    await office.settled()
    assert "*Accepted* by mo" in str(office.card().blocks)
    await office.ana.press(office.card(), "more")
    await office.ana.choose("history")
    assert "Handoff passed it on, since there was no answer" in str(
        office.ana.modal.blocks if office.ana.modal else ""
    )


async def test_the_am_nudges_and_hears_when_the_next_is_possible(office: World) -> None:
    await logged(office)
    ana = office.ana
    await ana.press(office.card(), "more")
    assert ana.modal is not None
    assert "Ask pete how it stands" in str(ana.modal.blocks)
    await ana.choose("nudge")
    await office.settled()
    assert ana.modal is not None
    assert "pete reads now that you ask how it stands with ACME-1." in str(ana.modal.blocks)
    line = office.pete.direct_messages[-1]
    assert line.text.startswith("ana asks how it stands with ")

    await ana.close_modal()
    await ana.press(office.card(), "more")
    assert ana.modal is not None
    assert "You can nudge pete again at <!date^" in str(ana.modal.blocks)
    await ana.choose("nudge")
    await office.settled()
    # Two hours today, two tomorrow; in Madrid it is the same hour as in Berlin.
    assert "You can nudge pete again on Thu 19 Nov at 11:00." in str(
        ana.modal.blocks if ana.modal else ana.direct_messages
    )


@pytest.mark.only_on("sqlite")
async def test_nobody_else_is_offered_a_nudge(desk: World) -> None:
    await logged(desk)
    await desk.pete.press(desk.card(), "more")
    assert desk.pete.modal is not None
    assert "nudge" not in str(desk.pete.modal.blocks)


async def test_the_am_is_reminded_of_the_answer_owed_and_nudges_from_there(office: World) -> None:
    await logged(office, "add a newsletter sign-up ~3h")  # owed on Friday
    await at(office, datetime(2026, 11, 19, 8, 0, tzinfo=UTC))
    owed = office.ana.direct_messages[-1]
    assert owed.text.startswith("You owe Acme an answer about *<https://slack.com/archives/C0ACME/p")
    assert "by Fri 20 Nov." in owed.text
    await office.ana.press(owed, "nudge")
    await office.settled()
    assert "ana asks how it stands" in office.pete.direct_messages[-1].text

    await office.accept(await newest(office))
    await office.settled()
    await at(office, datetime(2026, 11, 20, 8, 0, tzinfo=UTC))
    today = office.ana.direct_messages[-1]
    await office.ana.press(today, "told_client")
    await office.settled()
    assert "told_client" not in str(office.ana.direct_messages[-1].blocks)
    assert (await newest(office)).client_told_at is not None


async def test_words_for_the_client_wait_for_the_morning_and_nothing_waits_behind_them(office: World) -> None:
    request = await logged(office)
    office.clock.move_to(datetime(2026, 11, 18, 21, 0, tzinfo=UTC))
    before = len(office.ana.direct_messages)
    await office.accept(request)
    await office.settled()
    assert len(office.ana.direct_messages) == before
    assert {notice.state for notice in await office.notices() if notice.kind == "client_words"} == {
        NoticeState.HELD
    }
    # What she asks for herself is answered at once.
    await office.ana.command(ACME, "/ask", "acme make the logo bigger urgent")
    assert (await office.ana.submit()).closed
    await office.settled()
    await office.accept(await newest(office))
    await office.settled()
    assert "ACME-2" in office.ana.direct_messages[-1].text
    await at(office, datetime(2026, 11, 19, 8, 0, tzinfo=UTC))
    assert "ACME-1" in str([message.text for message in office.ana.direct_messages[before:]])


@pytest.mark.only_on("sqlite")
async def test_who_is_evidently_here_gets_the_answer_at_any_hour(desk: World) -> None:
    desk.clock.move_to(datetime(2026, 11, 21, 22, 0, tzinfo=UTC))
    request = await logged(desk)
    desk.clock.advance(timedelta(minutes=5))
    await desk.accept(request)
    await desk.settled()
    assert "Words you can send to Acme" in desk.ana.direct_messages[-1].text


@pytest.mark.only_on("sqlite")
async def test_a_reminder_waits_until_its_reader_wants_to_be_disturbed(desk: World) -> None:
    await logged(desk)
    desk.pete.do_not_disturb(PETES_REMINDER - timedelta(hours=1), PETES_REMINDER + timedelta(hours=1))
    await at(desk, PETES_REMINDER)
    assert desk.pete.direct_messages == []
    await at(desk, PETES_REMINDER + timedelta(hours=1))
    assert "waits for your answer" in desk.pete.direct_messages[-1].text


@pytest.mark.only_on("sqlite")
async def test_where_slack_does_not_tell_the_reminder_goes_out(desk: World) -> None:
    await logged(desk)
    desk.slack.faults.missing_scopes |= {"dnd:read"}
    desk.pete.do_not_disturb(PETES_REMINDER - timedelta(hours=1), PETES_REMINDER + timedelta(hours=1))
    await at(desk, PETES_REMINDER)
    assert "waits for your answer" in desk.pete.direct_messages[-1].text


@pytest.mark.only_on("sqlite")
async def test_in_a_shared_channel_nobody_reads_who_did_not_answer(desk: World) -> None:
    await with_director(desk)
    await desk.log("Add a sign-up", project="SHARED")
    await desk.settled()
    await at(desk, PETES_REMINDER)
    await at(desk, PETES_DUE)
    assert "No answer from" not in str([message.text for message in desk.slack.channel("C0SHARED").messages])
    assert "so you decide now" in str([line.text for line in desk.slack.person(MO).direct_messages])
