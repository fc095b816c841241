"""`/handoff find`, as people type it."""

from __future__ import annotations

import pytest

from tests.slack_world import ACME, OTHER, World


async def found(world: World, typed: str) -> str:
    answer = await world.ana.command(OTHER, "/handoff", f"find {typed}".strip())
    assert answer.error is None
    assert isinstance(answer.response, dict)
    return f"{answer.response['text']}\n{answer.response['blocks']}"


async def test_requests_are_found_by_their_words_with_a_link_and_who_has_the_ball(office: World) -> None:
    await office.log("Newsletter sign-up")
    declined = await office.log("Something else")
    await office.decline(declined, reason="The newsletter tool is not ours.")
    await office.settled()
    both = await found(office, "newsl")
    assert "*2 requests* · newsl" in both
    assert both.index("ACME-1") < both.index("ACME-2")
    assert "pete to decide" in both
    assert f"/archives/{ACME}/p" in both
    assert "ACME-2" not in await found(office, "newsletter state:waiting")
    assert "ACME-1" not in await found(office, "newsletter client:acme state:declined")
    assert "No request has “podcast” in its title" in await found(office, "podcast")


async def test_more_than_a_page_is_turned_in_place(office: World) -> None:
    for number in range(12):
        await office.log(f"Newsletter {number}")
    await office.settled()
    await office.ana.command(OTHER, "/handoff", "find newsletter")
    shown = office.ana.ephemerals[-1]
    assert "*12 requests* (1 to 10)" in shown.text
    count = len(office.ana.ephemerals)
    await office.ana.press(shown, "find_page:1")
    shown = office.ana.ephemerals[-1]
    assert len(office.ana.ephemerals) == count
    assert "(11 to 12)" in shown.text
    assert "Newsletter 0" in str(shown.blocks)
    await office.ana.press(shown, "find_page:0")
    assert "(1 to 10)" in office.ana.ephemerals[-1].text


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "What do you look for?"),
        ("🚀 ***", "What do you look for?"),
        ("newsletter client:nobody", "I know no client called “nobody”."),
        ("newsletter state:lost", "I do not know the state “lost”. It can be open, waiting, accepted"),
        ("newsletter state:opne", "I do not know the state “opne”. Did you mean `state:open`?"),
        ("<!channel> <@U0PETE>", "No request has “channel u0pete pete”"),
    ],
)
async def test_what_cannot_be_looked_for_gets_a_sentence(desk: World, typed: str, said: str) -> None:
    await desk.log("Newsletter sign-up")
    assert said in await found(desk, typed)


@pytest.mark.only_on("sqlite")
async def test_hostile_titles_and_long_lines_stay_within_slacks_limits(desk: World) -> None:
    for _ in range(11):
        await desk.log("newsletter <!channel> *b* \u202eevil" + "&" * 120)
    await desk.settled()
    answer = await found(desk, "newsletter " + "word " * 800)
    assert "No request has" in answer
    listed = await found(desk, "newsletter " + "\u202e\x07")
    assert "<!channel>" not in listed
    assert desk.slack.problems == []


@pytest.mark.only_on("sqlite")
async def test_an_outsider_finds_nothing(desk: World) -> None:
    await desk.log("Newsletter sign-up", project="SHARED")
    answer = await desk.slack.person("U0OLGA").command("shared", "/handoff", "find newsletter")
    assert "SHARED" not in str(answer.response)
