"""`/handoff list`, page by page."""

from __future__ import annotations

import pytest

from bot.slack.views.lists import ListPage
from tests.slack_world import OTHER, World


@pytest.mark.only_on("sqlite")
async def test_a_list_longer_than_a_page_is_turned_in_place(desk: World) -> None:
    requests = [await desk.log(f"Newsletter {number}") for number in range(12)]
    await desk.settled()
    await desk.ana.command(OTHER, "/handoff", "list acme site open")
    shown = desk.ana.ephemerals[-1]
    assert shown.text.startswith("*12 requests* (1 to 10) · Acme site, open: ACME-12, ACME-11,")
    assert "`/handoff list`" not in str(shown.blocks)
    count = len(desk.ana.ephemerals)
    await desk.ana.press(shown, "list_page:1")
    shown = desk.ana.ephemerals[-1]
    assert len(desk.ana.ephemerals) == count
    assert shown.text == "*12 requests* (11 to 12) · Acme site, open: ACME-2, ACME-1"
    await desk.ana.press(shown, "list_page:0")
    shown = desk.ana.ephemerals[-1]
    assert "(1 to 10)" in shown.text
    # What went meanwhile leaves the second page empty: the first one shows the rest.
    for request in requests[:2]:
        await desk.decline(request)
    await desk.ana.press(shown, "list_page:1")
    assert desk.ana.ephemerals[-1].text.startswith("*10 requests* · Acme site, open: ACME-12,")


def test_a_page_is_read_from_its_button_and_anything_else_is_the_first() -> None:
    page = ListPage("R&D: site all", "C0ACME", 3)
    assert ListPage.load(page.dump()) == page
    for value in ("", "x", "99999999999999999999:C0ACME:all", "-1:C0ACME:all"):
        assert ListPage.load(value).number == 0
