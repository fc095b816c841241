"""Not now: put off until a day, back on its morning, asked again or let go."""

from __future__ import annotations

import copy
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.portfolio.models import Client, Project
from bot.requests.afterwards import returning
from bot.requests.models import State
from tests.slack_world import ACME, TEAM, World
from tests.stories.test_request_to_acceptance import everything_said, logged, newest


async def put_off(world: World, *, until: str = "2026-12-18") -> None:
    await world.more(world.pete, "defer")
    await world.pete.fill(why="The team is on the launch.", returns_on=until)
    assert (await world.pete.submit()).closed
    await world.settled()


async def wake(world: World, day: date) -> int:
    """The morning of that day comes."""
    world.clock.advance(timedelta(days=(day - world.clock.now().date()).days))
    woken = await world.bot.run(returning.wake_deferred, world.clock.now())
    await world.settled()
    return woken


async def renews(world: World, on: date) -> None:
    def change(session: Session) -> None:
        project = session.get_one(Project, (TEAM, world.projects["ACME"]))
        session.get_one(Client, (TEAM, project.client_id)).renewal_on = on

    await world.bot.runner.run(change)


async def test_what_is_deferred_sleeps_comes_back_and_is_asked_again(office: World) -> None:
    await logged(office)
    await office.ana.press(office.card(), "more")
    assert "Not now: it comes back" not in str(office.ana.modal.blocks if office.ana.modal else "")
    await office.more(office.pete, "defer")
    await office.pete.fill(why="The team is on the launch.")
    assert set((await office.pete.submit()).errors) == {"returns_on"}
    await office.pete.fill(returns_on="2026-11-18")
    assert "is not ahead" in (await office.pete.submit()).errors["returns_on"]
    await office.pete.fill(returns_on="2026-12-18")
    assert (await office.pete.submit()).closed
    await office.settled()
    said = "pete deferred this until Fri 18 Dec 2026: The team is on the launch.\nBall: <@U0ANA>, to tell Acme by"
    assert office.replies()[-1].text.startswith(said)
    assert "*Deferred* by pete" in str(office.card().blocks)

    await office.ana.press(office.ana.direct_messages[-1], "told_client")
    await office.settled()
    assert "Asleep until Fri 18 Dec 2026" in str(office.card().blocks)
    assert not (await newest(office)).is_open

    assert await wake(office, date(2026, 12, 18)) == 1
    back = office.ana.direct_messages[-1]
    assert "*ACME-1 · Add a newsletter sign-up* is back, as agreed. pete deferred it on" in back.text
    assert "Acme · worth about €360 (3 h)" in back.text
    assert "Ball: <@U0ANA>, to ask again or to let it go" in str(office.card().blocks)
    await office.ana.press(back, "ask_again")
    await office.settled()
    assert office.replies()[-1].text == "ana asks again.\nBall: <@U0PETE>, to decide."
    assert "ask_again" not in str(office.ana.direct_messages[-1].blocks)
    await office.pete.press(office.card(), "accept")
    assert (await office.pete.submit()).closed
    await office.settled()
    assert (await newest(office)).state is State.APPROVED


@pytest.mark.only_on("sqlite")
async def test_the_renewal_is_offered_where_one_lies_ahead(desk: World) -> None:
    await renews(desk, date(2027, 3, 31))
    await logged(desk)
    await desk.more(desk.pete, "defer")
    assert desk.pete.typed("until")["value"] == "renewal"
    assert "Acme: renewal, Wed 31 Mar 2027" in str(desk.pete.modal.blocks if desk.pete.modal else "")
    await desk.pete.fill(why="We will talk about more hours then.")
    assert (await desk.pete.submit()).closed
    await desk.settled()
    assert "until Acme's renewal, Wed 31 Mar 2027" in desk.replies()[-1].text
    assert await wake(desk, date(2027, 3, 31)) == 1
    back = copy.deepcopy(desk.ana.direct_messages[-1])
    assert "is back: Acme renews now." in back.text
    await desk.ana.press(back, "let_go")
    await desk.settled()
    assert (await newest(desk)).state is State.WITHDRAWN
    assert "Settled: its card says how it stands." in str(desk.ana.direct_messages[-1].blocks)
    await desk.ana.press(back, "ask_again")
    assert "withdrawn now" in desk.ana.ephemerals[-1].text


@pytest.mark.only_on("sqlite")
async def test_a_no_with_a_day_is_an_opportunity_that_comes_due(desk: World) -> None:
    await logged(desk)
    await desk.pete.press(desk.card(), "decline")
    await desk.pete.fill(why="Not in this phase.", bridge="phase", bridge_text="After the launch")
    await desk.pete.fill(returns_on="2026-12-18")
    assert (await desk.pete.submit()).closed
    await desk.settled()
    old = copy.deepcopy(desk.card())
    await desk.ana.press(old, "more")
    assert "ask_again" not in str(desk.ana.modal.blocks if desk.ana.modal else "")
    await desk.ana.close_modal()
    assert await wake(desk, date(2026, 12, 18)) == 1
    back = desk.ana.direct_messages[-1]
    assert "may be a yes now. pete declined it on" in back.text
    assert "A yes in a later phase: After the launch" in back.text
    assert (await newest(desk)).state is State.REJECTED
    await desk.more(desk.ana, "ask_again")
    assert "It waits for a decision again." in str(desk.ana.modal.blocks if desk.ana.modal else "")
    await desk.settled()
    assert (await newest(desk)).ball_holder_id == "U0PETE"


@pytest.mark.only_on("sqlite")
async def test_what_has_no_day_is_asked_again_with_what_has_changed(desk: World) -> None:
    await logged(desk)
    await desk.pete.press(desk.card(), "decline")
    await desk.pete.fill(why="No money.", bridge="budget", bridge_text="From €500 on")
    assert (await desk.pete.submit()).closed
    await desk.settled()
    await desk.more(desk.ana, "ask_again")
    await desk.ana.fill(why="They have €600 now.")
    assert (await desk.ana.submit()).closed
    await desk.settled()
    assert desk.replies()[-1].text == "ana asks again: They have €600 now.\nBall: <@U0PETE>, to decide."


@pytest.mark.only_on("sqlite")
async def test_where_the_client_reads_along_nothing_of_it_is_said(desk: World) -> None:
    await logged(desk, "shared site: a new page ~3h")
    private = desk.pete.direct_messages[-1]
    await desk.pete.press(private, "more")
    await desk.pete.press(desk.pete.modal, "defer")
    await desk.pete.fill(why="They still owe us money.", returns_on="2026-12-18")
    assert (await desk.pete.submit()).closed
    await desk.settled()
    assert await wake(desk, date(2026, 12, 18)) == 1
    await desk.ana.press(desk.ana.direct_messages[-1], "ask_again")
    await desk.settled()
    said = everything_said(desk, "shared")
    for secret in ("owe us", "efer", "18 Dec", "asks again", "€", "3 h"):
        assert secret not in said, secret


@pytest.mark.only_on("sqlite")
async def test_the_list_shows_who_has_to_ask_again(desk: World) -> None:
    await logged(desk)
    await put_off(desk)
    await wake(desk, date(2026, 12, 18))
    await desk.ana.command(ACME, "/handoff", "list acme")
    assert "ana to ask again or to let it go" in str(desk.ana.ephemerals[-1].blocks)


@pytest.mark.only_on("sqlite")
async def test_a_typed_no_opens_the_form_that_asks_what_could_be_done_instead(desk: World) -> None:
    await logged(desk)
    await desk.pete.say(ACME, "no", thread_ts=desk.card().ts)
    await desk.settled()
    await desk.pete.press(desk.pete.ephemerals[-1], "record_typed")
    assert set((await desk.pete.submit()).errors) >= {"bridge"}
    await desk.pete.fill(why="No room.", bridge="capacity", bridge_text="As soon as the shop is live")
    assert (await desk.pete.submit()).closed
    await desk.settled()
    assert "A yes when the team has room: As soon as the shop is live" in desk.replies()[-1].text
    await desk.more(desk.pete, "history")
    assert "pete declined it: No room." in str(desk.pete.modal.blocks if desk.pete.modal else "")
