"""The same thing asked twice: seen while it is typed, marked afterwards, and linked both ways."""

from __future__ import annotations

import pytest

from bot.requests.models import State
from bot.sandbox import Fault
from tests.slack_world import ACME, OTHER, World
from tests.stories.test_request_to_acceptance import everything_said, logged, newest


def shown(world: World) -> str:
    return str(world.ana.modal.blocks if world.ana.modal else "")


async def test_the_form_says_what_a_title_looks_like_while_it_is_typed(office: World) -> None:
    await logged(office)
    card = office.card()
    await office.ana.command(ACME, "/ask", "")
    await office.ana.fill(details="Half a sentence that must not be")
    assert "Looks like" not in shown(office)
    await office.ana.choose("title", "Newsletter signup on the home page")
    said = shown(office)
    assert "Looks like *<https://slack.com/archives/C0ACME/p" in said
    assert f"p{card.ts.replace('.', '')}|ACME-1>* · Add a newsletter sign-up (waiting with pete)" in said
    assert office.ana.typed("title") == "Newsletter signup on the home page"
    assert office.ana.typed("details") == "Half a sentence that must not be"
    assert office.ana.typed("project")["value"] == str(office.projects["ACME"])

    await office.ana.choose("title", "A contact form")
    assert "Looks like" not in shown(office)
    assert office.ana.typed("details") == "Half a sentence that must not be"
    assert (await office.ana.submit()).closed
    await office.settled()
    request = await newest(office)
    assert (request.title, request.details) == ("A contact form", "Half a sentence that must not be")


async def test_what_was_typed_after_the_command_is_looked_at_too(desk: World) -> None:
    await logged(desk)
    await desk.ana.command(ACME, "/ask", "newsletter signup ~5h")
    assert "ACME-1" in shown(desk)
    await desk.ana.choose("project", str(desk.projects["OTHER"]))
    assert "ACME-1" in shown(desk), "both projects are the same client's"
    assert (await desk.ana.submit()).closed


@pytest.mark.only_on("sqlite")
async def test_a_form_that_slack_drew_anew_meanwhile_is_left_alone(desk: World) -> None:
    await logged(desk)
    await desk.ana.command(ACME, "/ask", "")
    desk.slack.faults.add(Fault("views.update", "error:hash_conflict"))
    answer = await desk.ana.choose("title", "Newsletter signup")
    assert answer.error is None
    assert "Looks like" not in shown(desk)
    assert desk.ana.ephemerals == []
    await desk.ana.choose("title", "Newsletter sign-up")
    assert "Looks like" in shown(desk)


@pytest.mark.only_on("sqlite")
async def test_hostile_titles_are_only_words_in_the_hint(desk: World) -> None:
    await logged(desk, "<!channel> *newsletter* signup|> <https://evil.example|x>")
    await desk.ana.command(ACME, "/ask", "")
    await desk.ana.choose("title", "channel newsletter signup https evil example x")
    said = shown(desk)
    assert "<!channel>" not in said
    assert "<https://evil" not in said


async def test_a_duplicate_is_marked_linked_both_ways_and_taken_up_again(office: World) -> None:
    await logged(office)
    original = office.card()
    await logged(office, "newsletter signup ~5h")
    duplicate = office.card()
    await office.more(office.ana, "duplicate")
    offered = await office.ana.suggestions("original", "")
    assert [option["text"]["text"] for option in offered] == ["ACME-1 · Add a newsletter sign-up"]
    assert await office.ana.suggestions("original", "nothing like it") == []
    await office.ana.fill(original=offered[0]["value"])
    assert (await office.ana.submit()).closed
    await office.settled()

    request = await newest(office)
    assert (request.state, request.is_open, request.ball_holder_id) == (State.VOID, False, None)
    put_away, stands = office.slack.channel(ACME).roots[-1], office.slack.channel(ACME).roots[-2]
    to_original, to_duplicate = (f"p{card.ts.replace('.', '')}|" for card in (original, duplicate))
    assert f"{to_original}ACME-1>" in str(put_away.blocks)
    assert "*Duplicate* of" in put_away.text
    assert f"Also asked as <https://slack.com/archives/C0ACME/{to_duplicate}ACME-2>" in str(stands.blocks)
    assert "ana marked this as a duplicate of" in office.replies()[-1].text
    thread = office.slack.channel(ACME).thread(stands.ts)
    assert "asks for the same: it was put away" in thread[-1].text

    await office.more(office.pete, "reopen")
    await office.pete.fill(why="It is for another page.")
    assert (await office.pete.submit()).closed
    await office.settled()
    assert (await newest(office)).state is State.UNDER_REVIEW
    assert "Also asked" not in str(office.slack.channel(ACME).roots[-2].blocks)
    told = office.replies()[-1].text
    assert told.startswith(
        "pete re-opened this, which is no duplicate of ACME-1 after all: It is for another"
    )


@pytest.mark.only_on("sqlite")
async def test_what_cannot_be_the_original_is_said_in_the_form(desk: World) -> None:
    await logged(desk)
    await logged(desk, "newsletter signup ~5h")
    await desk.more(desk.pete, "duplicate")
    request = await newest(desk)
    await desk.pete.fill(original=str(request.id))
    assert (await desk.pete.submit()).errors == {
        "original": "That is this very request. Choose the other one."
    }
    await desk.pete.fill(original="not an id")
    assert (await desk.pete.submit()).errors == {"original": "This is needed."}
    mo = desk.slack.person("U0MO")
    await mo.press(desk.card(), "more")
    assert "'duplicate'" not in str(mo.modal.blocks if mo.modal else "")


@pytest.mark.only_on("sqlite")
async def test_outsiders_read_that_it_is_taken_together_and_no_more(desk: World) -> None:
    for text in ("shared site: a new page ~3h", "shared site: new page ~3h"):
        await desk.ana.command(OTHER, "/ask", text)
        await desk.ana.submit()
        await desk.settled()
    private = desk.pete.direct_messages[-1]
    await desk.pete.press(private, "more")
    await desk.pete.choose("duplicate")
    offered = await desk.pete.suggestions("original", "shared-1")
    await desk.pete.fill(original=offered[0]["value"])
    assert (await desk.pete.submit()).closed
    await desk.settled()
    said = everything_said(desk, "shared")
    assert "Taken together with another request." in said
    assert "uplicate" not in said
