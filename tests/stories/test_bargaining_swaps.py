"""Something goes out for what comes in: the PM names it, the client agrees, and undoing one side opens the other."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.db.ids import new_id
from bot.portfolio.models import ScopeItem
from bot.requests.models import ChangeRequest, State
from tests.slack_world import ANA, TEAM, World
from tests.stories.test_bargaining_offers import buttons
from tests.stories.test_request_to_acceptance import everything_said, logged, newest


async def scope_item(world: World, text: str = "A blog with three posts") -> str:
    """One line of the statement of work; the block of its hours in the form."""
    item_id = new_id()

    def add(session):  # type: ignore[no-untyped-def]
        project_id = world.projects["ACME"]
        row = ScopeItem(
            workspace_id=TEAM, id=item_id, project_id=project_id, position=1, text=text, is_included=True
        )
        session.add(row)

    await world.bot.run(add)
    return f"out:{item_id}"


async def accepted(world: World) -> ChangeRequest:
    request = await logged(world, "add a banner ~2h")
    await world.pete.press(world.card(), "accept")
    assert (await world.pete.submit()).closed
    await world.settled()
    return request


async def swap(world: World, *, hours: str, **out: object) -> None:
    await world.pete.press(world.card(), "more")
    await world.pete.choose("accept_swap")
    await world.pete.fill(hours=hours, **out)
    assert (await world.pete.submit()).closed
    await world.settled()


async def state_of(world: World, number: int) -> ChangeRequest:
    def load(session):  # type: ignore[no-untyped-def]
        found = session.scalars(select(ChangeRequest).where(ChangeRequest.number == number)).one()
        session.expunge_all()
        return found

    return await world.bot.read(load)


async def test_a_swap_is_agreed_by_the_client_and_counts_by_its_difference(office: World) -> None:
    item = await scope_item(office)
    out = await accepted(office)
    first_card = office.card()
    await logged(office, "add a newsletter sign-up ~12h")
    await swap(office, hours="12", out_requests=[str(out.id)], **{item: "8"})
    request = await newest(office)
    assert (request.state, request.ball_holder_id) == (State.APPROVED_CONDITIONAL, ANA)
    card = str(office.card().blocks)
    assert "*Swap:* +12 h −10 h = +2 h · out: " in card
    assert "A blog with three posts (8 h)" in card
    assert "ACME-1 · Add a banner (2 h)" in card
    assert "Acme has to agree" in card
    assert {"Client agreed", "Client did not"} <= set(buttons(office.card()))
    private = office.ana.direct_messages[-1]
    assert "if Acme agrees to what goes out for it" in private.text
    await office.ana.press(private, "condition_met")
    await office.settled()
    assert (await newest(office)).state is State.APPROVED
    card = str(office.card().blocks)
    assert "Acme agreed" in card
    assert "agreed, +4 h accepted" in card, card
    first = next(m for m in office.slack.channel("acme").roots if m.ts == first_card.ts)
    assert "*Went out* for ACME-2" in str(first.blocks)
    assert (await state_of(office, 1)).state is State.CLOSED

    await office.pete.press(office.card(), "more")
    await office.pete.choose("reopen")
    await office.pete.fill(why="The client wants the blog after all.")
    assert (await office.pete.submit()).closed
    await office.settled()
    assert (await newest(office)).state is State.UNDER_REVIEW
    assert (await state_of(office, 1)).state is State.UNDER_REVIEW
    assert "The swap with ACME-2 is undone, so this is open again." in everything_said(office)


@pytest.mark.only_on("sqlite")
async def test_a_client_who_does_not_agree_and_wrong_fields(desk: World) -> None:
    item = await scope_item(desk)
    await logged(desk, "add a newsletter sign-up ~3h")
    await desk.pete.press(desk.card(), "more")
    await desk.pete.choose("accept_swap")
    wrong = await desk.pete.submit()
    assert "Say what goes out for it" in str(wrong.errors)
    await desk.pete.fill(**{item: "9"})
    wrong = await desk.pete.submit()
    assert "9 h would go out, but only 3 h come in." in wrong.errors["hours"]
    await desk.pete.fill(**{item: "3"})
    assert (await desk.pete.submit()).closed
    await desk.settled()
    await desk.ana.press(desk.card(), "condition_failed")
    await desk.ana.fill(why="They want both.")
    assert (await desk.ana.submit()).closed
    await desk.settled()
    assert (await newest(desk)).state is State.REJECTED
    assert "ana: Acme did not agree to the swap: They want both." in desk.replies()[-1].text
