"""Words for the client, walked as people would: the holding reply, a client who reads German, a workspace's own."""

from __future__ import annotations

import copy
from datetime import date

import pytest

from bot.requests import deciding
from bot.requests.afterwards import reopening
from bot.sandbox.messages import Message
from tests.slack_world import ACME, OTHER, World


async def logged(world: World, **fields: str) -> None:
    await world.ana.command(ACME, "/ask", "add a newsletter sign-up by Friday ~3h")
    await world.ana.fill(**fields)
    assert (await world.ana.submit()).closed
    await world.settled()


def copied(message: Message) -> str:
    """What can be copied from a message."""
    (block,) = [block for block in message.blocks if block["type"] == "rich_text"]
    return str(block["elements"][0]["elements"][0]["text"])


async def test_the_am_gets_a_holding_reply_and_says_that_it_was_sent(office: World) -> None:
    await logged(office)
    message = office.ana.direct_messages[-1]
    assert message.text.startswith("ACME-1 is logged. You owe Acme an answer by Fri 20 Nov.")
    assert "I will come back to you with an answer by Friday 20 November." in copied(message)
    assert "Acme was told: nothing yet" in str(office.card().blocks)

    await office.ana.press(message, "holding_sent")
    await office.settled()
    message = office.ana.direct_messages[-1]
    assert "You sent this to Acme at" in str(message.blocks)
    assert "holding_sent" not in str(message.blocks)
    assert "we are looking at it" in str(office.card().blocks)
    await office.more(office.ana, "history")
    assert "sent the client a holding reply" in str(office.ana.modal.blocks if office.ana.modal else "")


async def test_a_client_who_reads_german_is_written_to_in_german(desk: World) -> None:
    await desk.ana.command(OTHER, "/handoff", "client acme")
    await desk.ana.fill(language="de")
    assert (await desk.ana.submit()).closed
    await logged(desk)
    assert "vielen Dank für Ihre Nachricht zu „Add a newsletter sign-up“" in copied(
        desk.ana.direct_messages[-1]
    )
    await desk.pete.press(desk.card(), "accept")
    assert (await desk.pete.submit()).closed
    await desk.settled()
    said = copied(desk.ana.direct_messages[-1])
    assert "etwa 3 Stunden zusätzlich (360\u00a0€)" in said
    assert said.endswith("Viele Grüße\nana")


async def test_a_workspace_writes_its_own_words_and_goes_back_to_ours(office: World) -> None:
    ana = office.ana
    await ana.command(OTHER, "/handoff", "words")
    await ana.choose("words_step", "accepted")
    (field,) = [b["block_id"] for b in (ana.modal.blocks if ana.modal else []) if b["type"] == "input"]
    assert ana.typed(field) == "Hi {contact},\n\n{opening} {cost} {delivery} {next}\n\nBest,\n{am}"

    await ana.fill(**{field: "Dear {contact}, it is {price}."})
    refused = await ana.submit()
    assert refused.errors[field].startswith("I do not know {price} here. You can use {contact}, {client},")
    await ana.choose("words_preview")
    assert "I do not know {price} here." in str(ana.modal.blocks if ana.modal else "")
    await ana.fill(**{field: "Dear {contact}, it is {fee}."})
    await ana.choose("words_preview")
    assert "Dear Jo, it is €480." in str(ana.modal.blocks if ana.modal else "")
    assert (await ana.submit()).closed

    await logged(office, promise="holding_reply_sent")
    await office.pete.press(office.card(), "accept")
    assert (await office.pete.submit()).closed
    await office.settled()
    assert copied(ana.direct_messages[-1]) == "Dear Jo, it is €360."

    await ana.command(OTHER, "/handoff", "words")
    await ana.choose("words_step", "accepted")
    assert "your workspace's words" in str(ana.modal.blocks if ana.modal else "")
    await ana.choose("words_reset")
    blocks = str(ana.modal.blocks if ana.modal else "")
    assert "{opening} {cost}" in blocks
    assert "words_reset" not in blocks
    await ana.choose("words_language", "de")
    assert "Viele Grüße" in str(ana.modal.blocks if ana.modal else "")


@pytest.mark.only_on("sqlite")
async def test_no_holding_reply_is_needed_where_something_was_said(desk: World) -> None:
    await logged(desk, promise="already_promised")
    assert desk.ana.direct_messages == []
    assert "Acme was already told yes by ana* at <!date^" in str(desk.card().blocks)


@pytest.mark.only_on("sqlite")
async def test_a_holding_reply_pressed_twice_gets_a_sentence(desk: World) -> None:
    await logged(desk)
    before = copy.deepcopy(desk.ana.direct_messages[-1])
    await desk.ana.press(before, "holding_sent")
    await desk.settled()
    await desk.ana.press(before, "holding_sent")
    assert "The client got a holding reply about ACME-1 at 15:00 already." in desk.ana.ephemerals[-1].text


@pytest.mark.only_on("sqlite")
async def test_only_whoever_may_change_the_settings_may_change_the_words(desk: World) -> None:
    await desk.ana.command(OTHER, "/handoff", "settings")
    await desk.ana.fill(director="U0PETE")
    assert (await desk.ana.submit()).closed
    await desk.ana.command(OTHER, "/handoff", "words")
    refused = await desk.ana.submit()
    assert list(refused.errors.values()) == ["Only pete or an admin of this Slack can change the settings."]


@pytest.mark.only_on("sqlite")
async def test_an_outsider_gets_no_words(desk: World) -> None:
    olga = desk.slack.person("U0OLGA")
    await olga.command("shared", "/handoff", "words")
    assert olga.modal is None


async def test_a_deferred_wish_comes_with_its_day_and_words_that_no_longer_fit_go(desk: World) -> None:
    request = await desk.log("A podcast")
    pete = desk.actor("U0PETE")
    here = {"request_id": request.id, "revision": request.revision}
    until = date(2026, 12, 7)
    await desk.bot.run(deciding.defer, pete, reason="They never pay on time", until=until, **here)
    await desk.settled()
    said = copied(desk.ana.direct_messages[-1])
    assert "I will come back to it on 7 December 2026." in said
    assert "never pay" not in said
    await desk.ana.press(desk.ana.direct_messages[-1], "told_client")
    await desk.settled()

    await desk.bot.run(reopening.reopen, pete, reason="There is room after all", **here)
    await desk.settled()
    *_, old, again = desk.ana.direct_messages
    assert "the words for Acme that stood here no longer fit" in old.text
    assert "come back" not in old.text
    assert "do not count on my last answer yet" in copied(again)
