"""Who decides when it is not the obvious one: absence, people who left, another decider, a second yes."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from bot.people.models import Person as Row
from bot.requests.refusals import NotTheDecider
from bot.requests.routing.absences import keep_up
from bot.sandbox.person import Person
from bot.slack.text.refusals import Reading, explain
from tests.slack_world import ACME, ANA, MO, OTHER, PETE, SHARED, TEAM, World
from tests.stories.test_request_to_acceptance import newest


async def go_away(world: World, person: str = PETE, delegate: str = MO, **days: str) -> None:
    who = world.slack.person(person)
    await who.command(OTHER, "/handoff", "away")
    await who.fill(**{"away_to": "2026-11-20", "delegate": delegate, **days})
    assert (await who.submit()).error is None
    await world.settled()


def modal_of(world: World, person: str) -> str:
    modal = world.slack.person(person).modal
    assert modal is not None
    return str(modal.blocks)


def offered(person: Person) -> list[str]:
    """What stands behind "More"."""
    assert person.modal is not None
    return [block["accessory"]["text"]["text"] for block in person.modal.blocks if "accessory" in block]


async def test_pete_goes_away_mo_decides_for_him_and_the_card_says_so(office: World) -> None:
    await office.log("Add a sign-up", minutes=180)
    await office.settled()
    await go_away(office, note="On Crete & <!channel>")
    assert "Until Fri 20 Nov mo acts for you. One request went to mo now." in modal_of(office, PETE)
    await office.pete.close_modal()

    mo = office.slack.person(MO)
    told = mo.direct_messages[-1]
    assert "pete is away until Fri 20 Nov and named you" in told.text
    assert "ACME-1" in told.text
    assert "<!channel>" not in told.text
    assert f"Ball: <@{MO}> for pete, to decide" in str(office.card(ACME).blocks)

    await office.ana.press(office.card(ACME), "accept")
    await mo.press(office.card(ACME), "accept")
    assert (await mo.submit()).closed
    await office.settled()
    assert "*Accepted* by mo for pete" in str(office.card(ACME).blocks)
    assert office.replies(ACME)[-1].text.startswith("mo for pete accepted this: 3 h, €360")


async def test_who_may_not_is_told_who_both_may(desk: World) -> None:
    await desk.log("Add a sign-up")
    await desk.settled()
    await go_away(desk, ANA, MO)
    await desk.pete.press(desk.card(ACME), "withdraw")
    assert desk.pete.ephemerals[-1].text == (
        "ACME-1 is ana's request: only ana, or mo while ana is away (until Fri 20 Nov), can do that."
    )
    reading = Reading(ZoneInfo("UTC"), desk.clock.now())
    assert explain(NotTheDecider("ACME-1", "Acme site", "Pete", "Olga", date(2026, 11, 20)), reading) == (
        "Only Pete, or Olga while Pete is away (until Fri 20 Nov), can decide ACME-1 (Acme site)."
    )


@pytest.mark.only_on("sqlite")
async def test_wrong_days_and_delegates_are_marked(desk: World) -> None:
    await desk.pete.command(OTHER, "/handoff", "away")
    assert desk.pete.typed("away_from") == "2026-11-18"
    await desk.pete.fill(away_to="2026-11-17", delegate="U0OLGA")
    answer = await desk.pete.submit()
    assert answer.errors == {
        "away_to": "Tue 17 Nov is before Wed 18 Nov. Change one of them.",
        "delegate": "olga is a guest or from another company. Choose somebody of your own.",
    }
    await desk.pete.fill(away_to="2026-11-20", delegate=PETE)
    assert (await desk.pete.submit()).errors == {
        "delegate": "This is you. Choose who acts while you are away."
    }
    await desk.pete.close_modal()
    await go_away(desk)
    await desk.pete.close_modal()
    mo = desk.slack.person(MO)
    await mo.command(OTHER, "/handoff", "away")
    await mo.fill(away_to="2026-11-19", delegate=PETE)
    assert (await mo.submit()).errors == {
        "delegate": "It would come back to you: mo → pete → mo. Choose somebody who is there."
    }


async def test_an_absence_is_removed_and_what_waits_is_back(desk: World) -> None:
    await desk.log("Add a sign-up")
    await go_away(desk)
    await desk.pete.close_modal()
    await desk.pete.command(OTHER, "/handoff", "away")
    assert "*Wed 18 Nov to Fri 20 Nov* · mo acts for you" in modal_of(desk, PETE)
    await desk.pete.choose("remove_absence")
    await desk.settled()
    assert "mo acts for you" not in modal_of(desk, PETE)
    assert f"Ball: <@{PETE}>, to decide" in str(desk.card(ACME).blocks)
    told = desk.slack.person(MO).direct_messages[-1]
    assert "pete is not away any more" in told.text


async def test_it_begins_and_ends_by_itself(desk: World) -> None:
    await desk.log("Add a sign-up")
    await go_away(desk, away_from="2026-11-19", away_to="2026-11-19")
    assert "From Thu 19 Nov to Thu 19 Nov mo acts for you" in modal_of(desk, PETE)
    mo = desk.slack.person(MO)
    assert "Until then nothing changes" in mo.direct_messages[-1].text
    for expected in (f"Ball: <@{MO}> for pete, to decide", f"Ball: <@{PETE}>, to decide"):
        desk.clock.advance(timedelta(days=1))
        await desk.bot.run(keep_up, desk.clock.now())
        await desk.settled()
        assert expected in str(desk.card(ACME).blocks)
    assert "pete is away. One request of theirs waits on you now:" in mo.direct_messages[-1].text
    assert "You are back. One request waits on you again:" in desk.pete.direct_messages[-1].text


@pytest.mark.only_on("sqlite")
async def test_where_clients_read_along_the_whole_card_goes_to_the_delegate(desk: World) -> None:
    await desk.log("Add a sign-up", project="SHARED")
    await desk.settled()
    await go_away(desk)
    cards = [m for m in desk.slack.person(MO).direct_messages if "SHARED-1" in str(m.blocks)]
    assert any("accept" in str(message.blocks) for message in cards)
    assert MO not in str(desk.card(SHARED).blocks)


@pytest.mark.only_on("sqlite")
async def test_a_typed_ok_of_the_delegate_is_asked_about(desk: World) -> None:
    await desk.log("Add a sign-up", minutes=180)
    await go_away(desk)
    mo = desk.slack.person(MO)
    await mo.say(ACME, "ok", thread_ts=desk.card(ACME).ts)
    await desk.settled()
    assert "Record" in str(mo.ephemerals[-1].blocks)


async def test_pete_gives_the_decision_to_mo_with_the_reason(office: World) -> None:
    await office.log("Add a sign-up")
    await office.settled()
    await office.pete.press(office.card(ACME), "more")
    await office.pete.choose("reassign")
    await office.pete.fill(person=ANA, why="Mo knows the site.")
    assert (await office.pete.submit()).errors == {
        "person": "ana logged this, and nobody decides a request of their own. Choose somebody else."
    }
    await office.pete.fill(person=MO)
    assert (await office.pete.submit()).error is None
    await office.settled()
    assert f"Ball: <@{MO}>, to decide" in str(office.card(ACME).blocks)
    assert office.replies(ACME)[-1].text.startswith(
        f"pete gave the decision to <@{MO}>: Mo knows the site.\nBall: <@{MO}>, to decide"
    )
    await office.ana.press(office.card(ACME), "more")
    assert "reassign" not in modal_of(office, ANA)


async def test_when_pete_is_deactivated_his_requests_go_to_the_director(desk: World) -> None:
    await desk.ana.command(OTHER, "/handoff", "settings")
    await desk.ana.fill(director=MO)
    assert (await desk.ana.submit()).closed
    for title in ("One", "Two"):
        await desk.log(title)
    await desk.settled()
    await desk.slack.change_person(PETE, deleted=True)
    await desk.settled()
    assert f"Ball: <@{MO}>, to decide" in str(desk.card(ACME).blocks)
    told = desk.slack.person(MO).direct_messages[-1].text
    assert "pete's account is deactivated. These 2 requests of theirs are with you now." in told
    assert "ACME-1" in told
    assert "ACME-2" in told


async def test_above_the_line_max_agrees_on_the_same_card(office: World) -> None:
    await office.ana.command(OTHER, "/handoff", "settings")
    assert "There is no director yet" in modal_of(office, ANA)
    await office.ana.fill(second_hours="20")
    assert (await office.ana.submit()).errors == {
        "second_hours": "There is no director who could agree. Name one with /handoff settings first."
    }
    await office.ana.fill(director=MO)
    assert (await office.ana.submit()).closed

    await office.log("A shop", minutes=2400)
    await office.settled()
    await office.pete.press(office.card(ACME), "accept")
    await office.pete.fill(fee="4800")
    assert (await office.pete.submit()).closed
    await office.settled()
    card = str(office.card(ACME).blocks)
    assert "*pete agrees:* 40 h, €4,800, no delay, change order · above 20 h, so mo must agree too" in card
    assert f"Ball: <@{MO}>, to decide" in card
    assert office.replies(ACME)[-1].text.startswith("pete agrees: 40 h, €4,800")
    await office.pete.press(office.card(ACME), "accept")
    assert "mo must agree too: nobody does so twice" in office.pete.ephemerals[-1].text

    mo = office.slack.person(MO)
    await mo.press(office.card(ACME), "accept")
    assert (mo.typed("hours"), mo.typed("fee")) == ("40", "4800")
    assert (await mo.submit()).closed
    await office.settled()
    assert "*Accepted* by pete and mo" in str(office.card(ACME).blocks)
    assert office.replies(ACME)[-1].text.startswith("pete and mo accepted this: 40 h, €4,800")


@pytest.mark.only_on("sqlite")
async def test_a_client_has_lines_of_its_own(desk: World) -> None:
    await desk.ana.command(OTHER, "/handoff", "settings")
    await desk.ana.fill(director=ANA)
    assert (await desk.ana.submit()).closed
    await desk.ana.command(OTHER, "/handoff", "client acme")
    await desk.ana.fill(second_money="1000", second_goodwill="2")
    assert (await desk.ana.submit()).closed
    await desk.ana.command(OTHER, "/handoff", "client acme")
    assert (desk.ana.typed("second_money"), desk.ana.typed("second_goodwill")) == ("1000", "2")


async def test_who_acts_for_the_am_is_offered_what_the_am_may(office: World) -> None:
    await office.log("Add a sign-up", minutes=180)
    await office.settled()
    await go_away(office, ANA, MO)
    mo = office.slack.person(MO)
    await mo.press(office.card(ACME), "more")
    assert {"Edit", "Nudge"} <= set(offered(mo))
    await mo.close_modal()
    await office.decline(await newest(office))
    await office.settled()
    await mo.press(office.card(ACME), "more")
    assert "Appeal" in offered(mo)
    assert "Re-open" not in offered(mo)
    await mo.close_modal()
    await go_away(office, PETE, MO)
    await mo.press(office.card(ACME), "more")
    assert "Re-open" in offered(mo)
    await mo.choose("reopen")
    await mo.fill(why="There is budget now")
    assert (await mo.submit()).closed


async def test_an_admin_says_that_a_colleague_is_ill_and_who_acts(office: World) -> None:
    await office.log("Add a sign-up", minutes=180)
    await office.settled()
    await office.ana.command(OTHER, "/handoff", "away <@U0PETE|pete>")
    assert "Only pete, the director or an admin of this Slack" in office.ana.ephemerals[-1].text

    def make_admin(session: Session) -> None:
        session.get_one(Row, (TEAM, ANA)).is_admin = True

    await office.bot.run(make_admin)
    await office.ana.command(OTHER, "/handoff", "away <@U0PETE|pete>")
    assert "Who acts for pete" in modal_of(office, ANA)
    await office.ana.fill(away_to="2026-11-20", delegate=MO)
    assert (await office.ana.submit()).error is None
    await office.settled()
    assert "Until Fri 20 Nov mo acts for pete. One request went to mo now." in modal_of(office, ANA)
    assert "ana noted that you are away" in office.pete.direct_messages[-1].text
    await office.ana.close_modal()
    await office.ana.command(OTHER, "/handoff", "away <@U0PETE>")
    await office.ana.choose("remove_absence")
    await office.settled()
    assert f"Ball: <@{PETE}>, to decide" in str(office.card(ACME).blocks)
    assert "Who acts for pete" in modal_of(office, ANA)
