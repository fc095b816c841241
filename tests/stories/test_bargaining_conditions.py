"""The PM accepts on a condition; somebody confirms it, says that it is not met, or says nothing in time."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest

from bot.requests.bargaining import conditional
from bot.requests.models import State
from tests.slack_world import ACME, ANA, MO, OTHER, World
from tests.stories.test_bargaining_offers import buttons
from tests.stories.test_request_to_acceptance import everything_said, logged, newest


async def on_condition(world: World, card: Any = None, **values: Any) -> None:
    """Accepted, once the client sends the texts."""
    await world.pete.press(card or world.card(), "more")
    await world.pete.choose("accept_condition")
    filled = {"condition": "Acme sends the texts", "condition_by": "2026-11-25"} | values
    await world.pete.fill(**filled)
    assert (await world.pete.submit()).closed
    await world.settled()


async def test_the_pm_accepts_on_a_condition_and_a_colleague_confirms_it(office: World) -> None:
    await logged(office)
    await on_condition(office, confirmer=MO)
    request = await newest(office)
    assert (request.state, request.ball_holder_id) == (State.APPROVED_CONDITIONAL, MO)
    card = str(office.card().blocks)
    assert "*Accepted on a condition* by pete" in card
    assert "3 h, €360, no delay, change order" in card
    assert "*On the condition:* Acme sends the texts · mo confirms it by Wed 25 Nov" in card
    assert "<@U0MO>, to confirm the condition" in card
    assert {"Condition met", "Not met"} <= set(buttons(office.card()))
    assert "Accept" not in buttons(office.card())
    told = office.replies()[-1].text
    assert told.startswith("pete accepts this on a condition: Acme sends the texts\n3 h, €360")
    words = office.ana.direct_messages[-1].text
    assert "on one condition: Acme sends the texts." in words
    mo = office.slack.person(MO)
    private = mo.direct_messages[-1]
    assert "on a condition, which you confirm by Wed 25 Nov:\n&gt;Acme sends the texts" in private.text
    assert buttons(private) == ["Condition met", "Not met"]

    await mo.press(private, "condition_met")
    await office.settled()
    request = await newest(office)
    assert (request.state, request.ball_holder_id) == (State.APPROVED, ANA)
    card = str(office.card().blocks)
    assert "*Accepted* by pete" in card
    assert "mo confirmed the condition: Acme sends the texts" in card
    assert "mo confirmed the condition. This is accepted: 3 h, €360" in office.replies()[-1].text
    assert buttons(mo.direct_messages[-1]) == []
    words = office.ana.direct_messages[-1]
    assert "(€360)" in words.text
    assert "Sent to Acme" in buttons(words)


async def test_what_is_not_met_is_declined_with_the_reason(office: World) -> None:
    await logged(office)
    await on_condition(office)
    await office.ana.press(office.card(), "condition_failed")
    await office.ana.fill(why="They have nobody to write them.")
    assert (await office.ana.submit()).closed
    await office.settled()
    request = await newest(office)
    assert (request.state, request.ball_holder_id) == (State.REJECTED, ANA)
    card = str(office.card().blocks)
    assert "*Declined* by pete" in card
    assert "ana says that the condition is not met: Acme sends the texts" in card
    told = office.replies()[-1].text
    assert "ana says that the condition is not met: They have nobody to write them." in told
    assert "This is declined. Ball: <@U0ANA>, to tell Acme" in told


@pytest.mark.only_on("sqlite")
async def test_what_nobody_confirms_is_declined_when_its_day_is_over(desk: World) -> None:
    await logged(desk)
    await on_condition(desk)
    pending = copy.deepcopy(desk.card())
    desk.clock.advance(timedelta(days=8))
    await desk.ana.press(pending, "condition_met")
    assert "could be confirmed until Wed 25 Nov, so it counts as declined" in desk.ana.ephemerals[-1].text
    await desk.bot.run(conditional.expire_conditions, desk.clock.now())
    await desk.settled()
    assert (await newest(desk)).state is State.REJECTED
    told = desk.replies()[-1].text
    assert told.startswith("Nobody confirmed the condition by Wed 25 Nov, so this is declined.")
    assert "Nobody confirmed the condition by Wed 25 Nov: Acme sends the texts" in str(desk.card().blocks)
    assert "I told Acme" in buttons(desk.ana.direct_messages[-1])
    await desk.ana.press(pending, "condition_met")
    assert "Nobody confirmed ACME-1 in time" in desk.ana.ephemerals[-1].text


@pytest.mark.only_on("sqlite")
async def test_wrong_people_and_wrong_fields_get_a_sentence(desk: World) -> None:
    await logged(desk)
    await desk.pete.press(desk.card(), "more")
    await desk.pete.choose("accept_condition")
    await desk.pete.fill(
        condition="Texts", confirmer="U0OLGA", condition_by="2026-11-01", hours="3", delay="0"
    )
    wrong = await desk.pete.submit()
    assert set(wrong.errors) == {"confirmer", "condition_by"}
    await desk.pete.fill(confirmer=MO, condition_by="2026-11-30")
    assert (await desk.pete.submit()).closed
    await desk.settled()
    await desk.ana.press(desk.card(), "condition_met")
    assert desk.ana.ephemerals[-1].text == "Only mo, or whoever decides ACME-1, can say that."
    await desk.pete.press(desk.card(), "condition_met")
    await desk.settled()
    assert (await newest(desk)).state is State.APPROVED
    # The AM is not offered what only a decider does.
    await logged(desk)
    await desk.ana.press(desk.card(), "more")
    assert "Accept with a condition" not in str(desk.ana.modal.blocks if desk.ana.modal else "")


@pytest.mark.only_on("sqlite")
async def test_outsiders_read_no_condition_and_lists_say_who_confirms(desk: World) -> None:
    await desk.ana.command(OTHER, "/ask", "shared site: a new page ~3h")
    await desk.ana.submit()
    await desk.settled()
    await on_condition(desk, desk.pete.direct_messages[-1])
    said = everything_said(desk, "shared")
    assert "texts" not in said
    assert "condition" not in said
    await desk.pete.command(ACME, "/handoff", "list shared open")
    assert "ana to confirm the condition" in str(desk.pete.ephemerals[-1].blocks)
