"""A decision is not the end: it is re-opened by those who decide, and appealed once by the AM."""

from __future__ import annotations

import copy

import pytest

from bot.requests.models import State
from bot.workspaces.models import Workspace
from tests.slack_world import ANA, PETE, World
from tests.stories.test_request_to_acceptance import logged, newest

MO = "U0MO"


async def decline(world: World) -> None:
    await world.pete.press(world.card(), "decline")
    await world.pete.fill(why="No budget left.", bridge="budget", bridge_text="From €500 on")
    assert (await world.pete.submit()).closed
    await world.settled()


async def mo_is_director(world: World) -> None:
    def name(session, actor):  # type: ignore[no-untyped-def]
        session.get_one(Workspace, actor.workspace_id).director_id = MO

    await world.bot.run(name, world.actor(ANA))


async def test_what_was_declined_is_re_opened_and_accepted_and_both_stay_visible(office: World) -> None:
    await logged(office)
    await decline(office)
    await office.ana.press(office.ana.direct_messages[-1], "told_client")
    await office.settled()

    await office.more(office.pete, "reopen")
    assert "*Declined* by pete" in str(office.pete.modal.blocks if office.pete.modal else "")
    await office.pete.fill(why="They found the budget.")
    assert (await office.pete.submit()).closed
    await office.settled()
    request = await newest(office)
    assert (request.state, request.ball_holder_id) == (State.UNDER_REVIEW, PETE)
    told = office.replies()[-1].text
    assert told.startswith("pete re-opened this, which was declined: They found the budget.")
    assert "Declined before by pete at" in str(office.card().blocks)
    assert "ACME-1 is open again" in office.ana.direct_messages[-1].text

    await office.pete.press(office.card(), "accept")
    assert (await office.pete.submit()).closed
    await office.settled()
    card = str(office.card().blocks)
    assert "*Accepted* by pete" in card
    assert "Declined before by pete at" in card
    await office.more(office.ana, "history")
    assert "pete re-opened it: They found the budget." in str(
        office.ana.modal.blocks if office.ana.modal else ""
    )


async def test_the_am_appeals_and_the_director_decides(office: World) -> None:
    await mo_is_director(office)
    await logged(office)
    await decline(office)
    await office.more(office.ana, "appeal")
    assert "mo decides it then." in str(office.ana.modal.blocks if office.ana.modal else "")
    await office.ana.fill(why="They doubled the budget.")
    assert (await office.ana.submit()).closed
    await office.settled()
    told = office.replies()[-1].text
    assert told.startswith("ana appeals, with new facts: They doubled the budget.\nBall: <@U0MO>, to decide")
    card = office.card()
    assert "*ana appeals:* They doubled the budget." in str(card.blocks)
    assert "<@U0MO>" in card.text
    await office.pete.press(card, "accept")
    assert office.pete.ephemerals[-1].text == "Only mo can decide ACME-1 (Acme site)."
    mo = office.slack.person(MO)
    await mo.press(card, "accept")
    assert (await mo.submit()).closed
    await office.settled()
    assert "*Accepted* by mo" in str(office.card().blocks)
    assert "Declined before by pete" in str(office.card().blocks)
    assert (await newest(office)).state is State.APPROVED


@pytest.mark.only_on("sqlite")
async def test_each_is_offered_to_whom_it_is_for_and_everybody_else_gets_a_sentence(desk: World) -> None:
    await mo_is_director(desk)
    await logged(desk)
    await decline(desk)

    async def offered(person: str) -> set[str]:
        who = desk.slack.person(person)
        await who.press(desk.card(), "more")
        blocks = who.modal.blocks if who.modal else []
        await who.close_modal()
        return {block["accessory"]["action_id"] for block in blocks if "accessory" in block}

    assert {"reopen", "appeal"} & await offered(PETE) == {"reopen"}
    assert {"reopen", "appeal"} & await offered(MO) == {"reopen"}
    assert {"reopen", "appeal"} & await offered(ANA) == {"appeal"}
    # A list that was opened for somebody else: the service asks again.
    await desk.pete.press(desk.card(), "more")
    for_pete = copy.deepcopy(desk.pete.modal.blocks if desk.pete.modal else [])
    await desk.ana.press(desk.card(), "more")
    assert desk.ana.modal is not None
    desk.ana.modal.body["blocks"] = for_pete
    await desk.ana.choose("reopen")
    assert "Only mo or pete can re-open ACME-1." in str(desk.ana.modal.blocks)


@pytest.mark.only_on("sqlite")
async def test_without_a_director_there_is_nobody_to_appeal_to(desk: World) -> None:
    await logged(desk)
    await decline(desk)
    await desk.more(desk.ana, "appeal")
    said = str(desk.ana.modal.blocks if desk.ana.modal else "")
    assert "pete declined ACME-1, and nobody else may decide it." in said
    assert "/handoff settings" in said


@pytest.mark.only_on("sqlite")
async def test_a_second_appeal_and_a_form_that_came_too_late_are_refused(desk: World) -> None:
    await mo_is_director(desk)
    await logged(desk)
    await decline(desk)
    await desk.more(desk.ana, "appeal")
    await desk.ana.fill(why="They doubled the budget.")
    await desk.more(desk.pete, "reopen")
    await desk.pete.fill(why="I was wrong.")
    assert (await desk.ana.submit()).closed
    refused = await desk.pete.submit()
    assert refused.errors == {"why": "ACME-1 is waiting now, so that cannot be done with it."}
    assert desk.pete.typed("why") == "I was wrong."
    await desk.settled()
    mo = desk.slack.person(MO)
    await mo.press(desk.card(), "decline")
    await mo.fill(why="Still no.", bridge="budget", bridge_text="From €500 on")
    await mo.submit()
    await desk.settled()
    await desk.ana.press(desk.card(), "more")
    assert "'appeal'" not in str(desk.ana.modal.blocks if desk.ana.modal else "")
