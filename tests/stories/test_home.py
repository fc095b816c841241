"""Home, walked as people would: what waits is decided there, pages are turned, and it stays true by itself."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.ledger.models import Funding
from bot.people.settings import change_settings
from bot.portfolio.forms import ProjectForm
from bot.portfolio.models import Project
from bot.portfolio.service import edit_project
from bot.requests.bargaining import offering
from bot.requests.bargaining.offering import Option
from bot.requests.models import State
from bot.requests.routing import absences
from bot.sandbox import Fault
from bot.slack.delivery import homes
from tests.slack_world import ACME, ANA, MO, OLGA, PETE, TEAM, World
from tests.stories.test_request_to_acceptance import logged, newest


async def opened(world: World, person: str) -> str:
    """What somebody reads when they open their Home."""
    await world.slack.person(person).open_home()
    await world.settled()
    return read(world, person)


async def refreshed(world: World, person: str) -> str:
    """What stands there after a while, without anybody opening it."""
    await world.bot.homes.drain()
    await world.slack.settled()
    return read(world, person)


def read(world: World, person: str) -> str:
    home = world.slack.person(person).home
    assert home is not None
    return "\n".join(_words(home.blocks))


def _words(value: Any) -> list[str]:
    if isinstance(value, list):
        return [words for item in value for words in _words(item)]
    if isinstance(value, dict):
        text = [value["text"]] if isinstance(value.get("text"), str) else []
        return text + [words for item in value.values() for words in _words(item)]
    return []


def buttons(world: World, person: str) -> list[dict[str, Any]]:
    home = world.slack.person(person).home
    assert home is not None
    rows = [block for block in home.blocks if block["type"] == "actions"]
    return [element for row in rows for element in row["elements"]]


def published(world: World, person: str) -> int:
    calls = world.slack.calls_of("views.publish")
    return sum(call.args["user_id"] == person and call.error is None for call in calls)


async def test_what_waits_is_decided_from_home_and_both_homes_follow(office: World) -> None:
    await opened(office, ANA)
    request = await logged(office)
    waiting = await opened(office, PETE)
    assert waiting.startswith("Waiting on you · 1\n")
    assert "ACME-1" in waiting
    assert "Add a newsletter sign-up" in waiting
    assert "ana for Acme · Acme site · needed by Fri 20 Nov · about 3 h" in waiting

    home = office.pete.home
    assert home is not None
    await office.pete.press(home, "accept", value=f"{request.id}:1")
    assert (await office.pete.submit()).closed
    await office.settled()
    assert (await newest(office)).state is State.APPROVED

    assert (await refreshed(office, PETE)).startswith("Waiting on you\nNothing waits on you.")
    anas = await refreshed(office, ANA)
    assert "Waiting on you · 1" in anas
    assert "Accepted, Acme is to be told by" in anas

    home = office.ana.home
    assert home is not None
    await office.ana.press(home, "sent_to_client")
    assert (await office.ana.submit()).closed
    await office.settled()
    assert "Accepted, to get Acme's answer by" in await refreshed(office, ANA)
    home = office.ana.home
    assert home is not None
    await office.ana.press(home, "client_accepted")
    await office.settled()
    assert (await newest(office)).client_told_at is not None
    assert "Done as estimated" in await refreshed(office, PETE)
    assert "pete to deliver" in await refreshed(office, ANA)


async def test_declining_and_the_rest_are_one_press_away(office: World) -> None:
    request = await logged(office)
    await opened(office, PETE)
    home = office.pete.home
    assert home is not None
    await office.pete.press(home, "decline", value=f"{request.id}:1")
    assert office.pete.modal is not None
    await office.pete.close_modal()
    await office.pete.press(home, "more")
    modal = office.pete.modal
    assert modal is not None
    assert {"Ask for info", "Details"} <= set(_words(modal.blocks))
    await office.pete.press(modal, "ask_info")
    assert office.pete.modal is not None
    assert office.pete.modal.callback_id == "ask_info"


async def test_a_press_on_a_home_that_is_behind_is_answered_with_a_sentence(office: World) -> None:
    request = await logged(office)
    await opened(office, PETE)
    await office.accept(request)
    home = office.pete.home
    assert home is not None
    await office.pete.press(home, "accept", value=f"{request.id}:1")
    modal = office.pete.modal
    assert modal is not None
    assert "was already accepted" in str(modal.blocks)


@pytest.mark.only_on("sqlite")
async def test_a_newcomer_is_taught_the_first_step(desk: World) -> None:
    said = await opened(desk, MO)
    assert "Welcome to Handoff" in said
    (only,) = buttons(desk, MO)
    assert only["text"]["text"] == "Log a client request"
    home = desk.slack.person(MO).home
    assert home is not None
    await desk.slack.person(MO).press(home, "open_ask")
    assert desk.slack.person(MO).modal is not None


async def test_somebody_from_another_company_is_shown_nothing(desk: World) -> None:
    await logged(desk)
    said = await opened(desk, OLGA)
    assert "ACME" not in said
    assert "newsletter" not in said


async def test_pages_are_turned_and_kept_when_something_changes(desk: World) -> None:
    for number in range(1, 9):
        await desk.log(f"Wish {number}", needed_by=date(2026, 11, 20) + timedelta(days=number))
    first = await opened(desk, PETE)
    assert "Waiting on you · 8" in first
    assert "Wish 1\n" in first
    assert "Wish 6\n" in first
    assert "Wish 7\n" not in first

    home = desk.pete.home
    assert home is not None
    await desk.pete.press(home, "home_page:next")
    await desk.settled()
    second = read(desk, PETE)
    assert "Wish 7\n" in second
    assert "Wish 6\n" not in second
    await desk.log("Wish 9", needed_by=date(2026, 12, 20))
    assert "Wish 9\n" in await refreshed(desk, PETE)

    await desk.pete.press(home, "home_page:previous")
    await desk.settled()
    assert "Wish 1\n" in read(desk, PETE)


async def test_a_page_that_is_empty_by_now_gives_way_to_the_first(desk: World) -> None:
    requests = [await desk.log(f"Wish {number}") for number in range(1, 8)]
    await opened(desk, PETE)
    home = desk.pete.home
    assert home is not None
    await desk.pete.press(home, "home_page:next")
    await desk.settled()
    await desk.decline(requests[6])
    said = await refreshed(desk, PETE)
    assert "Wish 1\n" in said
    assert "Previous" not in said


async def test_managers_read_figures_and_account_managers_what_they_owe(desk: World) -> None:
    request = await desk.log("Gift", minutes=120, needed_by=date(2026, 11, 27))
    await desk.accept(request)
    pete = await opened(desk, PETE)
    assert "*Acme site*\n120 h agreed · +3 h accepted (2 %)" in pete
    assert "Next needed Fri 27 Nov · due Fri 4 Dec" in pete
    ana = await opened(desk, ANA)
    assert "*Acme*\nNothing open · 1 answer owed, by Fri 20 Nov" in ana


async def test_the_director_looks_at_every_project_and_what_changes_there(desk: World) -> None:
    await desk.bot.run(change_settings, desk.actor(MO), director_id=MO)
    before = await opened(desk, MO)
    assert "All projects" in before
    assert "*Acme site* · pete\n120 h agreed" in before
    await desk.accept(await desk.log("Gift", minutes=120))
    assert "*Acme site* · pete\n120 h agreed · +3 h accepted (2 %)" in await refreshed(desk, MO)


async def test_home_says_who_is_away_and_who_stands_in(desk: World) -> None:
    await opened(desk, PETE)
    await opened(desk, ANA)
    days = {"first_day": date(2026, 11, 18), "last_day": date(2026, 11, 20)}
    request = await desk.log("Wish")
    await desk.bot.run(absences.go_away, desk.actor(PETE), delegate_id=MO, **days)
    assert "You are away until Fri 20 Nov, mo stands in" in (await refreshed(desk, PETE)).replace(
        "\u00a0", " "
    )
    assert "pete is away until Fri 20 Nov, mo stands in" in (await refreshed(desk, ANA)).replace(
        "\u00a0", " "
    )
    mo = await opened(desk, MO)
    assert "pete is away until Fri 20 Nov, you stand in" in mo
    assert "you stand in for pete" in mo
    home = desk.slack.person(MO).home
    assert home is not None
    await desk.slack.person(MO).press(home, "accept", value=f"{request.id}:1")
    modal = desk.slack.person(MO).modal
    assert modal is not None
    assert modal.callback_id == "accept"


async def test_a_project_that_changes_hands_moves_from_one_home_to_the_other(desk: World) -> None:
    assert "Acme site" in await opened(desk, PETE)
    await opened(desk, MO)

    def give_away(session: Session) -> None:
        project = session.get_one(Project, (TEAM, desk.projects["ACME"]))
        form = ProjectForm(project.client_id, "Acme site", "ACME", MO, ACME)
        edit_project(session, desk.actor(ANA), project_id=project.id, form=form)

    await desk.bot.run(give_away)
    assert "*Acme site*" in await refreshed(desk, MO)
    assert "*Acme site*" not in await refreshed(desk, PETE)


async def test_options_are_chosen_from_home(desk: World) -> None:
    request = await desk.log("Wish", minutes=180)
    await opened(desk, ANA)
    await desk.bot.run(
        offering.counter_offer,
        desk.actor(PETE),
        request_id=request.id,
        revision=1,
        options=[
            Option(what, 120, 24_000, funding=Funding.CHANGE_ORDER, valid_until=date(2026, 11, 27), day=None)
            for what in ("A smaller one", "Another one")
        ],
    )
    said = await refreshed(desk, ANA)
    assert "A smaller one" in said
    assert {"Take A", "Take B"} <= {button["text"]["text"] for button in buttons(desk, ANA)}


async def test_many_changes_are_one_publication_and_no_change_is_none(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(homes, "TOGETHER_SECONDS", 60.0)  # by itself it does nothing here
    await opened(desk, PETE)
    await desk.bot.homes.drain()
    before = published(desk, PETE)
    for number in range(5):
        await desk.log(f"Wish {number}")
    await desk.bot.homes.drain()
    assert "Waiting on you · 5" in read(desk, PETE)
    assert published(desk, PETE) == before + 1
    await desk.bot.homes.drain()
    assert published(desk, PETE) == before + 1
    assert published(desk, ANA) == 0  # she has never opened hers


async def test_a_view_that_somebody_published_in_between_is_not_overwritten_with_an_older_one(
    desk: World,
) -> None:
    await opened(desk, PETE)
    await desk.bot.homes.drain()
    desk.slack.faults.add(Fault(method="views.publish", kind="error:hash_conflict"))
    await desk.log("Wish")
    await desk.bot.homes.drain()
    assert "Wish" in read(desk, PETE)


async def test_what_slack_does_not_take_now_is_published_later(desk: World) -> None:
    await opened(desk, PETE)
    await desk.bot.homes.drain()
    for kind in ("ratelimited", "http_500"):
        desk.slack.faults.add(Fault(method="views.publish", kind=kind, retry_after=20))
        await desk.log(f"Wish after {kind}")
        await desk.bot.homes.drain()
        assert f"Wish after {kind}" not in read(desk, PETE)
        desk.clock.advance(timedelta(seconds=30))
        await desk.bot.homes.drain()
        assert f"Wish after {kind}" in read(desk, PETE)


async def test_a_process_that_dies_loses_no_home(desk: World) -> None:
    await opened(desk, PETE)
    await desk.bot.homes.drain()
    await desk.log("Wish")
    desk.clock.advance(timedelta(days=1))
    # Another process, which knows nothing but the database.
    desk.bot.homes._followed.clear()
    await desk.bot.homes.drain()
    assert "Wish" in read(desk, PETE)


async def test_by_itself_a_home_follows_within_moments(desk: World) -> None:
    await opened(desk, PETE)
    changed = desk.slack.calls_of("views.publish")
    await desk.ana.command(ACME, "/ask", "a new hero ~3h")
    assert (await desk.ana.submit()).closed
    async with asyncio.timeout(10):
        while "A new hero" not in read(desk, PETE):
            await desk.slack.settled()
    assert len(desk.slack.calls_of("views.publish")) > len(changed)
