"""The PM puts options on the table instead of yes or no; the AM takes one, or none."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest

from bot.requests.bargaining import offering
from bot.requests.models import State
from tests.slack_world import ACME, ANA, OTHER, PETE, World
from tests.stories.test_request_to_acceptance import NOBODY_BILLED, everything_said, logged, newest


async def offer(world: World, card: Any = None) -> None:
    """Two options: the ask as it is, and a smaller one out of the contingency a week later."""
    await world.pete.press(card or world.card(), "counter_offer")
    await world.pete.fill(what_a="Now, as asked")
    await world.pete.choose("add_option")
    await world.pete.fill(
        what_b="A plain link to their form", hours_b="1", funding_b="contingency", day_b="2026-12-11"
    )
    assert (await world.pete.submit()).closed
    await world.settled()


def buttons(message: Any) -> list[str]:
    elements = [it for block in message.blocks for it in block.get("elements", [])]
    return [it["text"]["text"] for it in elements if it.get("type") == "button"]


@pytest.mark.only_on("sqlite")
async def test_a_typed_fee_of_an_option_that_nobody_is_asked_for_is_marked(desk: World) -> None:
    await logged(desk)
    await desk.pete.press(desk.card(), "counter_offer")
    await desk.pete.fill(what_a="Now, as asked", funding_a="retainer")
    await desk.pete.choose("add_option")
    await desk.pete.fill(what_b="Smaller", hours_b="1", funding_b="goodwill", fee_b="999")
    assert (await desk.pete.submit()).errors == {"fee_b": NOBODY_BILLED}
    await desk.pete.fill(fee_b="")
    assert (await desk.pete.submit()).closed


async def test_the_pm_offers_and_the_am_takes_one(office: World) -> None:
    await logged(office)
    await office.pete.press(office.card(), "counter_offer")
    assert office.pete.typed("hours_a") == "3"
    assert office.pete.typed("fee_a") == "360"
    assert office.pete.typed("until_a") == "2026-11-25"
    await office.pete.fill(what_a="Now, as asked", fee_a="400")
    await office.pete.choose("add_option")
    # Everything that was typed is still there.
    assert office.pete.typed("what_a") == "Now, as asked"
    assert office.pete.typed("fee_a") == "400"
    await office.pete.fill(what_b="A plain link to <!channel>", hours_b="1", funding_b="contingency")
    await office.pete.choose("add_option")
    assert office.pete.typed("what_b") == "A plain link to <!channel>"
    await office.pete.fill(what_c="With the next release", hours_c="3h", fee_c="300", day_c="2026-12-11")
    assert (await office.pete.submit()).closed
    await office.settled()

    request = await newest(office)
    assert (request.state, request.ball_holder_id) == (State.COUNTERED, ANA)
    card = office.card()
    assert {"Take A", "Take B", "Take C", "None of these"} <= set(buttons(card))
    shown = str(card.blocks)
    assert "*A · Now, as asked*\\n3 h · €400 · change order\\nno delay\\nuntil Wed 25 Nov" in shown
    assert "*B · A plain link to &lt;!channel&gt;*\\n1 h · contingency\\nno delay" in shown
    assert "3 h · €300 · change order\\n7 days later, Fri 11 Dec" in shown
    assert "<@U0ANA>, to choose" in shown
    assert "A: Now, as asked (3 h, €400)" in card.text
    assert "pete offers three options. Ball: <@U0ANA>, to choose." in office.replies()[-1].text
    words = office.ana.direct_messages[-1]
    assert "With the next release" in words.text
    assert "Wednesday, 25 November" in words.text or "25 November" in words.text
    private = office.ana.direct_messages[-2]
    assert "pete offers three options on *ACME-1*" in private.text
    assert buttons(private) == ["Take A", "Take B", "Take C", "None of these"]

    await office.ana.press(private, "take_offer:C")
    await office.settled()
    request = await newest(office)
    assert (request.state, request.ball_holder_id) == (State.APPROVED, ANA)
    card = str(office.card().blocks)
    assert "*Accepted* by pete" in card
    assert "3 h, €300, delivery 7 days later, change order" in card
    assert "Option C of pete's counter-offer, taken by ana: With the next release" in card
    assert "Take A" not in buttons(office.card())
    told = office.replies()[-1].text
    assert told.startswith("ana took option C of pete's counter-offer, With the next release: 3 h, €300")
    assert buttons(office.replies()[-2]) == []
    assert "ana took option C at" in str(office.replies()[-2].blocks)
    words = office.ana.direct_messages[-1]
    assert "Hi Jo," in words.text
    assert "(€300)" in words.text


async def test_the_am_wants_none_and_the_pm_decides(office: World) -> None:
    await logged(office)
    await offer(office)
    await office.ana.press(office.card(), "no_offer")
    await office.ana.fill(why="They want it before the fair.")
    assert (await office.ana.submit()).closed
    await office.settled()
    request = await newest(office)
    assert (request.state, request.ball_holder_id) == (State.UNDER_REVIEW, PETE)
    told = office.replies()[-1].text
    assert told == "ana wants none of these: They want it before the fair.\nBall: <@U0PETE>, to decide."
    assert "Take A" not in str(office.card().blocks)
    assert "None of these was taken." in str(office.ana.direct_messages[-2].blocks)
    await office.pete.press(office.card(), "accept")
    assert (await office.pete.submit()).closed
    await office.settled()
    assert (await newest(office)).state is State.APPROVED


@pytest.mark.only_on("sqlite")
async def test_wrong_fields_are_marked_and_nothing_is_lost(desk: World) -> None:
    await logged(desk)
    await desk.pete.press(desk.card(), "counter_offer")
    await desk.pete.choose("add_option")
    await desk.pete.fill(
        what_a="Now", hours_a="three", day_a="2026-12-01", what_b="", hours_b="2", until_b="2026-11-01"
    )
    wrong = await desk.pete.submit()
    assert set(wrong.errors) == {"hours_a", "what_b"}
    await desk.pete.fill(hours_a="3", what_b="Half of it")
    wrong = await desk.pete.submit()
    assert set(wrong.errors) == {"day_a", "until_b"}
    assert "The project is due Fri 4 Dec." in wrong.errors["day_a"]
    assert desk.pete.typed("what_b") == "Half of it"
    await desk.pete.fill(day_a=None, until_b="2026-11-30")
    assert (await desk.pete.submit()).closed
    await desk.settled()
    assert (await newest(desk)).state is State.COUNTERED


@pytest.mark.only_on("sqlite")
async def test_an_option_that_was_added_and_left_empty_is_left_out(desk: World) -> None:
    await logged(desk)
    await desk.pete.press(desk.card(), "counter_offer")
    await desk.pete.fill(what_a="Now")
    await desk.pete.choose("add_option")
    assert (await desk.pete.submit()).closed
    await desk.settled()
    assert "Take B" not in buttons(desk.card())
    assert "pete offers one option" in desk.replies()[-1].text


@pytest.mark.only_on("sqlite")
async def test_wrong_people_and_wrong_moments_get_a_sentence(desk: World) -> None:
    await logged(desk)
    fresh = copy.deepcopy(desk.card())
    await desk.ana.press(fresh, "counter_offer")
    assert "is your own request" in desk.ana.ephemerals[-1].text
    await offer(desk)
    offered = copy.deepcopy(desk.card())
    await desk.pete.press(offered, "take_offer:A")
    assert "only ana can do that" in desk.pete.ephemerals[-1].text
    await desk.pete.press(offered, "no_offer")
    assert "only ana can do that" in desk.pete.ephemerals[-1].text
    # A new counter-offer replaces the old one.
    await offer(desk)
    await desk.ana.press(offered, "take_offer:A")
    assert "not on the table any more" in desk.ana.ephemerals[-1].text
    first = next(m for m in desk.replies() if "Ball: <@U0ANA>, to choose" in m.text)
    assert "There was another counter-offer after this one." in str(first.blocks)
    await desk.pete.press(desk.card(), "decline")
    await desk.pete.fill(why="No.", bridge="clause", bridge_text="Not in the contract")
    await desk.pete.submit()
    await desk.settled()
    await desk.ana.press(offered, "take_offer:B")
    assert "ACME-1 was already declined by pete" in desk.ana.ephemerals[-1].text


@pytest.mark.only_on("sqlite")
async def test_an_option_whose_time_is_over_cannot_be_taken_and_says_so(desk: World) -> None:
    await logged(desk)
    await offer(desk)
    offered = copy.deepcopy(desk.card())
    desk.clock.advance(timedelta(days=8))
    await desk.ana.press(offered, "take_offer:A")
    assert desk.ana.ephemerals[-1].text == (
        "Option A of ACME-1 could be taken until Wed 25 Nov. Take another one, or press “None of these” and ask "
        "pete for a new offer."
    )
    await desk.bot.run(offering.mark_over, desk.clock.now())
    await desk.settled()
    card = desk.card()
    assert "until Wed 25 Nov: its time is over" in str(card.blocks)
    assert "The time of these offers is over. pete can make a new counter-offer" in str(card.blocks)
    assert "Take A" not in buttons(card)
    assert "None of these" in buttons(card)
    assert "The time of these offers is over." in desk.replies()[-1].text
    await offer(desk)
    await desk.ana.press(desk.card(), "take_offer:B")
    await desk.settled()
    assert (await newest(desk)).state is State.APPROVED


@pytest.mark.only_on("sqlite")
async def test_outsiders_read_no_offer(desk: World) -> None:
    await desk.ana.command(OTHER, "/ask", "shared site: a new page ~3h")
    await desk.ana.submit()
    await desk.settled()
    await offer(desk, desk.pete.direct_messages[-1])
    said = everything_said(desk, "shared")
    for secret in ("plain link", "€", "360", "Take", "offers"):
        assert secret not in said
    await desk.ana.press(desk.ana.direct_messages[-2], "take_offer:B")
    await desk.settled()
    assert "plain link" not in everything_said(desk, "shared")
    assert "counter-offer" not in everything_said(desk, "shared")


@pytest.mark.only_on("sqlite")
async def test_lists_and_history_tell_of_it(desk: World) -> None:
    await logged(desk)
    await offer(desk)
    await desk.pete.command(ACME, "/handoff", "list acme open")
    assert "ana to choose" in str(desk.pete.ephemerals[-1].blocks)
    await desk.ana.press(desk.card(), "take_offer:B")
    await desk.settled()
    await desk.pete.command(ACME, "/handoff", "show ACME-1")
    shown = str(desk.pete.ephemerals[-1].blocks)
    assert "pete made a counter-offer" in shown
    assert "ana took an option of the counter-offer: A plain link to their form" in shown
