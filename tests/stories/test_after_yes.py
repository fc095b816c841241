"""After the yes, walked as two people would: the work by the PM, the client's answer by the AM."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest

from bot.requests.afterwards import client_answers
from bot.requests.models import ClientAnswer, State
from tests.slack_world import ACME, World
from tests.stories.test_request_to_acceptance import everything_said, logged, newest


async def accepted(world: World) -> None:
    await logged(world)
    await world.pete.press(world.card(), "accept")
    assert (await world.pete.submit()).closed
    await world.settled()


def offered(world: World, person: str) -> str:
    modal = world.slack.person(person).modal
    return str(modal.blocks if modal else "")


async def test_work_begun_before_the_clients_answer_is_at_risk_until_they_say_yes(office: World) -> None:
    await accepted(office)
    assert "start" not in str(office.card().blocks[-1])
    await office.ana.press(office.card(), "more")
    assert "Start now" not in offered(office, "U0ANA")
    await office.pete.press(office.card(), "more")
    assert "is then shown as at risk" in offered(office, "U0PETE")
    await office.pete.press(office.pete.modal, "start")
    assert "The work has begun" in offered(office, "U0PETE")
    await office.settled()
    assert "*At risk*: begun before Acme said yes to the change order" in str(office.card().blocks)
    assert "Ball: <@U0ANA>, to tell Acme" in str(office.card().blocks)

    await office.ana.press(office.card(), "more")
    await office.ana.press(office.ana.modal, "client_accepted")
    assert "on record" in offered(office, "U0ANA")
    await office.settled()
    assert "At risk" not in str(office.card().blocks)
    assert "Ball: <@U0PETE>, to finish it" in str(office.card().blocks)

    await office.pete.press(office.card(), "done")
    assert office.pete.typed("hours") == "3"
    await office.pete.fill(hours="soon")
    assert set((await office.pete.submit()).errors) == {"hours"}
    await office.pete.fill(hours="4.5")
    assert (await office.pete.submit()).closed
    await office.settled()
    assert "Took 4.5 h, 3 h were accepted" in str(office.card().blocks)

    await office.pete.press(office.card(), "close")
    await office.settled()
    request = await newest(office)
    assert (request.state, request.is_open, request.actual_minutes) == (State.CLOSED, False, 270)


async def test_the_clients_no_brings_it_back_to_whoever_decides(office: World) -> None:
    await accepted(office)
    words = copy.deepcopy(office.ana.direct_messages[-1])
    await office.ana.press(words, "client_declined")
    await office.ana.fill(why="Too dear for them.")
    assert (await office.ana.submit()).closed
    await office.settled()
    said = "Acme declined the change order: Too dear for them.\nThe approval is undone. Ball: <@U0PETE>, to decide anew."
    assert office.replies()[-1].text == said
    card = str(office.card().blocks)
    assert "Change order: Acme declined it" in card
    assert "accept" in card
    assert "+0 h accepted" in card
    await office.ana.press(words, "client_accepted")
    assert "is waiting now, so that cannot be done with it" in office.ana.ephemerals[-1].text
    assert (await newest(office)).state is State.UNDER_REVIEW


@pytest.mark.only_on("sqlite")
async def test_an_offer_that_nobody_answered_expires_and_can_be_sent_again(desk: World) -> None:
    await accepted(desk)
    await desk.ana.press(desk.ana.direct_messages[-1], "sent_to_client")
    await desk.ana.submit()
    await desk.settled()
    desk.clock.advance(timedelta(days=15))
    assert await desk.bot.run(client_answers.expire_answers, desk.clock.now()) == 1
    await desk.settled()
    told = desk.ana.direct_messages[-1]
    assert told.text == "ACME-1: Acme did not answer in time. Send it again, or say what they answered."
    assert "Change order: Acme did not answer by Wed 2 Dec 2026" in str(desk.card().blocks)
    await desk.ana.press(told, "sent_to_client")
    assert desk.ana.typed("valid_until") == "2026-12-17"
    await desk.ana.fill(valid_until="2026-12-01")
    assert set((await desk.ana.submit()).errors) == {"valid_until"}
    await desk.ana.fill(valid_until="2026-12-17")
    await desk.ana.submit()
    await desk.settled()
    assert (await newest(desk)).client_answer is ClientAnswer.SENT
    assert "sent_to_client" not in str(desk.ana.direct_messages[-1].blocks)


@pytest.mark.only_on("sqlite")
async def test_the_wrong_people_are_told_whose_it_is(desk: World) -> None:
    await accepted(desk)
    words = copy.deepcopy(desk.ana.direct_messages[-1])
    await desk.ana.press(words, "client_accepted")
    await desk.settled()
    agreed = copy.deepcopy(desk.card())
    await desk.ana.press(agreed, "start")
    assert "only pete can say how far ACME-1 is" in desk.ana.ephemerals[-1].text
    await desk.ana.press(words, "client_accepted")
    assert "Acme's answer to ACME-1 is on record already." in desk.ana.ephemerals[-1].text
    await desk.pete.press(agreed, "start")
    await desk.settled()
    await desk.pete.press(agreed, "start")
    assert "in progress now" in desk.pete.ephemerals[-1].text


@pytest.mark.only_on("sqlite")
async def test_the_list_says_who_has_to_get_the_answer(desk: World) -> None:
    await accepted(desk)
    await desk.ana.press(desk.ana.direct_messages[-1], "sent_to_client")
    await desk.ana.submit()
    await desk.settled()
    await desk.ana.command(ACME, "/handoff", "list acme")
    assert "accepted, ana to get Acme's answer" in str(desk.ana.ephemerals[-1].blocks)


@pytest.mark.only_on("sqlite")
async def test_where_the_client_reads_along_nothing_of_it_is_said(desk: World) -> None:
    await logged(desk, "shared site: a new page ~3h")
    await desk.pete.press(desk.pete.direct_messages[-1], "accept")
    await desk.pete.submit()
    await desk.settled()
    await desk.ana.press(desk.ana.direct_messages[-1], "client_declined")
    await desk.ana.fill(why="Too dear for them.")
    await desk.ana.submit()
    await desk.settled()
    said = everything_said(desk, "shared")
    for secret in ("Too dear", "change order", "Change order", "3 h", "€", "undone"):
        assert secret not in said, secret
