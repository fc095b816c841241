"""`/handoff opportunities`: the upsell list, walked as an account manager would."""

from __future__ import annotations

import pytest

from bot.requests.afterwards.bridge_models import BridgeKind
from bot.requests.afterwards.bridges import Bridge
from bot.requests.deciding import decline
from tests.slack_world import ACME, OLGA, PETE, World


async def declined(world: World, count: int, title: str = "Ask", **ask: object) -> None:
    for number in range(count):
        request = await world.log(f"{title} {number + 1}", **{"minutes": 180, **ask})  # type: ignore[arg-type]
        await world.bot.run(
            decline,
            world.actor(PETE),
            request_id=request.id,
            revision=1,
            reason="Not now",
            bridge=Bridge(BridgeKind.BUDGET, "From €500 on, <!channel>"),
        )


async def test_the_list_sums_what_may_still_become_a_yes_and_links_the_cards(office: World) -> None:
    await office.ana.command(ACME, "/handoff", "opportunities")
    assert "Nothing is deferred" in office.ana.ephemerals[-1].text
    await declined(office, 2)
    await office.settled()
    await office.ana.command(ACME, "/handoff", "opportunities acme")
    said = office.ana.ephemerals[-1]
    assert said.text == "*Opportunities* · acme · 2 asks, about €720"
    blocks = str(said.blocks)
    assert "*Acme* · 2 asks, about €720" in blocks
    assert "|ACME-1> Ask 1 · about €360 (3 h)" in blocks
    assert "A yes with more budget: From €500 on, &lt;!channel&gt;" in blocks


async def test_the_pages_are_turned_in_place(office: World) -> None:
    await declined(office, 17)
    await office.settled()
    await office.ana.command(ACME, "/handoff", "opportunities")
    shown = len(office.ana.ephemerals)
    first = office.ana.ephemerals[-1]
    assert "17 asks" in first.text
    assert "1 to 15 of 17" in str(first.blocks)
    await office.ana.press(first, "more_opportunities:more")
    second = office.ana.ephemerals[-1]
    assert len(office.ana.ephemerals) == shown
    assert "16 to 17 of 17" in str(second.blocks)
    await office.ana.press(second, "more_opportunities:earlier")
    assert "1 to 15 of 17" in str(office.ana.ephemerals[-1].blocks)


@pytest.mark.only_on("sqlite")
async def test_an_unknown_client_and_an_outsider_are_told(desk: World) -> None:
    await desk.ana.command(ACME, "/handoff", "opportunities hooli <!here>")
    assert "I know no client called “hooli &lt;!here&gt;”" in desk.ana.ephemerals[-1].text
    await declined(desk, 1)
    await desk.settled()
    olga = desk.slack.person(OLGA)
    await olga.command("shared", "/handoff", "opportunities")
    assert "€" not in str(olga.ephemerals)
    assert "Ask 1" not in str(olga.ephemerals)
