"""The AM changes a request: a new revision, decided anew; who pressed on the old card gets the present one."""

from __future__ import annotations

import copy

import pytest

from bot.requests import editing, repository, service
from bot.requests.facts import CardFacts
from bot.requests.models import State
from tests.slack_world import ACME, OTHER, PETE, TEAM, World
from tests.stories.test_request_to_acceptance import everything_said, logged, newest


async def edit(world: World, **values: object) -> None:
    await world.more(world.ana, "edit")
    await world.ana.fill(**values)
    assert (await world.ana.submit()).closed
    await world.settled()


async def facts(world: World) -> CardFacts:
    request = await newest(world)
    return await world.bot.read(repository.card_facts, workspace_id=TEAM, request_id=request.id)


async def test_what_was_accepted_is_changed_and_decided_anew(office: World) -> None:
    await logged(office)
    await office.pete.press(office.card(), "accept")
    await office.pete.submit()
    await office.settled()
    assert (await facts(office)).accepted.minutes == 180

    await office.more(office.ana, "edit")
    assert office.ana.typed("title") == "Add a newsletter sign-up"
    assert office.ana.typed("needed_by") == "2026-11-20"
    assert office.ana.typed("hours") == "3"
    assert office.ana.typed("reason")["value"] == "client_request"
    assert "no longer stands when you save" in str(office.ana.modal.blocks if office.ana.modal else "")
    await office.ana.fill(hours="5", needed_by="2026-11-27", details="With double opt-in.")
    assert (await office.ana.submit()).closed
    assert office.ana.modal is None
    await office.settled()

    request = await newest(office)
    assert (request.state, request.revision, request.ball_holder_id) == (State.UNDER_REVIEW, 2, PETE)
    assert (await facts(office)).accepted.minutes == 0
    card = str(office.card().blocks)
    assert "Revision 2: changed by ana since it was logged · Accepted before by pete at" in card
    assert "about 5 h" in card
    told = office.replies()[-1].text
    assert "ana changed this (revision 2): details nothing → “With double opt-in.”;" in told
    assert "needed by Fri 20 Nov → Fri 27 Nov; hours 3 h → 5 h" in told
    assert "It was accepted before; that no longer stands.\nBall: <@U0PETE>, to decide." in told
    words = office.ana.direct_messages[-1]
    assert "no longer fit" in words.text
    assert "told_client" not in str(words.blocks)

    await office.pete.press(office.card(), "accept")
    assert office.pete.typed("hours") == "5"
    assert (await office.pete.submit()).closed
    await office.settled()
    assert (await facts(office)).accepted.minutes == 300
    assert "Hi Jo," in office.ana.direct_messages[-1].text
    assert any("no longer fit" in message.text for message in office.ana.direct_messages[:-1])
    await office.more(office.pete, "history")
    whole = str(office.pete.modal.blocks if office.pete.modal else "")
    assert "ana changed it: details nothing →" in whole


async def test_who_presses_on_the_old_card_gets_the_present_one_with_buttons_that_work(
    office: World,
) -> None:
    await logged(office)
    old = copy.deepcopy(office.card())
    await edit(office, title="Add two newsletter sign-ups", hours="6")

    await office.pete.press(old, "accept")
    assert office.pete.modal is None
    shown = office.pete.ephemerals[-1]
    assert shown.text.startswith("ACME-1 was changed since: you saw revision 1, it is at 2 now.")
    assert "Add two newsletter sign-ups" in str(shown.blocks)
    await office.pete.press(shown, "accept")
    assert office.pete.typed("hours") == "6"
    assert (await office.pete.submit()).closed
    await office.settled()
    assert (await newest(office)).state is State.APPROVED


async def test_a_form_that_is_sent_off_too_late_stays_and_the_present_card_is_shown_beside_it(
    office: World,
) -> None:
    await logged(office)
    await office.pete.press(office.card(), "decline")
    await office.pete.fill(why="Not before spring.", bridge="budget", bridge_text="From €500 on")
    await edit(office, hours="6")

    refused = await office.pete.submit()
    assert "was changed since" in refused.errors["why"]
    assert office.pete.typed("why") == "Not before spring."
    await office.settled()
    shown = office.pete.ephemerals[-1]
    assert "about 6 h" in str(shown.blocks)
    await office.pete.close_modal()
    await office.pete.press(shown, "decline")
    await office.pete.fill(why="Not before spring.", bridge="budget", bridge_text="From €500 on")
    assert (await office.pete.submit()).closed
    await office.settled()
    assert (await newest(office)).state is State.REJECTED


async def test_behind_more_the_present_card_takes_the_place_of_the_list(desk: World) -> None:
    await logged(desk)
    await desk.ana.press(desk.card(), "more")
    old = desk.ana.modal
    assert old is not None
    old_blocks = copy.deepcopy(old.blocks)
    await desk.ana.close_modal()
    await edit(desk, hours="6")
    await desk.ana.press(desk.card(), "more")
    assert desk.ana.modal is not None
    desk.ana.modal.body["blocks"] = old_blocks
    await desk.ana.choose("edit")
    now = str(desk.ana.modal.blocks)
    assert "was changed since" in now
    await desk.ana.choose("more")
    await desk.ana.choose("edit")
    assert desk.ana.typed("hours") == "6"
    await desk.ana.fill(hours="7")
    assert (await desk.ana.submit()).closed
    assert desk.ana.modal is None


@pytest.mark.only_on("sqlite")
async def test_nothing_changed_is_said_and_makes_no_revision(desk: World) -> None:
    await logged(desk)
    await desk.more(desk.ana, "edit")
    refused = await desk.ana.submit()
    assert "Nothing here differs" in str(refused.errors)
    await desk.ana.fill(hours="9 h and a bit", title="")
    assert "hours" in (await desk.ana.submit()).errors or "title" in desk.ana.modal.errors  # type: ignore[union-attr]
    assert (await newest(desk)).revision == 1


@pytest.mark.only_on("sqlite")
async def test_only_who_logged_it_is_offered_the_form(desk: World) -> None:
    await logged(desk)
    await desk.pete.press(desk.card(), "more")
    offered = str(desk.pete.modal.blocks if desk.pete.modal else "")
    assert '"edit"' not in offered.replace("'", '"')
    assert "history" in offered
    await desk.pete.close_modal()


@pytest.mark.only_on("sqlite")
async def test_details_longer_than_a_form_keep_what_was_not_shown(desk: World) -> None:
    text = " ".join(f"word{number}" for number in range(900))
    await desk.ana.command(ACME, "/ask", f"a long one\n{text}")
    await desk.ana.submit()
    await desk.settled()
    await edit(desk, hours="2")
    request = await newest(desk)
    assert request.revision == 2
    assert request.details.split() == text.split()
    assert "details" not in desk.replies()[-1].text
    await desk.more(desk.ana, "edit")
    assert "the rest stays as it is" in str(desk.ana.modal.blocks if desk.ana.modal else "")
    await desk.ana.fill(details=f"first {desk.ana.typed('details')}")
    await desk.ana.submit()
    await desk.settled()
    assert (await newest(desk)).details.split() == ["first", *text.split()]


@pytest.mark.only_on("sqlite")
async def test_outsiders_read_nothing_of_it_and_the_pm_gets_the_new_card_in_private(desk: World) -> None:
    await desk.ana.command(OTHER, "/ask", "shared site: a new page ~3h")
    await desk.ana.submit()
    await desk.settled()
    before = len(desk.pete.direct_messages)
    request = await newest(desk)
    # The safe card has no buttons: this is what the form calls.
    ask = service.Ask(desk.projects["SHARED"], "A secret page", minutes=999)
    await desk.bot.run(editing.edit, desk.actor("U0ANA"), request_id=request.id, revision=1, ask=ask)
    await desk.settled()
    said = everything_said(desk, "shared")
    assert "revision" not in said.lower()
    assert "16.65" not in said
    assert len(desk.pete.direct_messages) == before + 1
    assert "A secret page" in str(desk.pete.direct_messages[-1].blocks)


@pytest.mark.only_on("sqlite")
async def test_hostile_words_in_what_changed_are_only_words(desk: World) -> None:
    await logged(desk)
    await edit(desk, details="<!channel> *bold* <https://evil.example|x>", title="=cmd() <@U0PETE>")
    told = desk.replies()[-1].text
    assert "<!channel>" not in told
    assert "<https://evil" not in told
    assert told.count("<@U0PETE>") == 1


@pytest.mark.only_on("sqlite")
async def test_everything_that_is_wrong_in_an_edit_is_marked_at_once(desk: World) -> None:
    await logged(desk)
    await desk.more(desk.ana, "edit")
    await desk.ana.fill(hours="three-ish", needed_by="2026-11-16")
    assert set((await desk.ana.submit()).errors) == {"needed_by", "hours"}
