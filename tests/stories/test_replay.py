"""Whatever Slack once sent may come again, word for word and well signed: nothing happens twice."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.base import Base
from tests.slack_world import ACME, World
from tests.stories.test_request_to_acceptance import logged

# What says only that something was seen: deliveries, Homes, when somebody's name was looked up.
NOTED = {"received", "home_tabs", "home_watches", "people"}


def rows(session: Session) -> dict[str, list[Any]]:
    """Every row of every table that holds what was done."""
    return {
        table.name: sorted(map(repr, session.execute(select(table))))
        for table in Base.metadata.sorted_tables
        if table.name not in NOTED
    }


def notices_posted(world: World) -> int:
    return sum("metadata" in call.args for call in world.slack.calls_of("chat.postMessage"))


@pytest.mark.only_on("sqlite")
async def test_every_delivery_of_a_whole_life_sent_again_changes_nothing(desk: World) -> None:
    await logged(desk, "first thing by Friday ~3h")
    await desk.pete.press(desk.card(ACME), "accept")
    assert (await desk.pete.submit()).closed
    await desk.settled()
    await desk.ana.press(desk.ana.direct_messages[-1], "sent_to_client")
    assert (await desk.ana.submit()).closed
    await desk.settled()
    await desk.more(desk.ana, "client_accepted")
    await desk.settled()
    await desk.pete.press(desk.card(ACME), "start")
    await desk.settled()
    await logged(desk, "second thing ~2h")
    await desk.pete.press(desk.card(ACME), "decline")
    await desk.pete.fill(why="No room")
    await desk.pete.submit()
    await desk.settled()

    sent = list(desk.slack.deliveries)
    assert len(sent) >= 12
    before = await desk.bot.read(rows)
    posted = notices_posted(desk)
    for _, body in sent:
        answer = await desk.handoff.app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        assert answer.status == 200
    await desk.settled()
    after = await desk.bot.read(rows)
    changed = {name: [row for row in after[name] if row not in before[name]] for name in after}
    assert {name: found for name, found in changed.items() if found} == {}
    assert {name: len(found) for name, found in after.items()} == {
        name: len(found) for name, found in before.items()
    }
    # Who presses a second time is told, for themselves, that it is done; nobody else hears anything.
    assert notices_posted(desk) == posted
    desk.slack.problems.clear()
