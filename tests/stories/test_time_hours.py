"""Working hours, priorities and targets, as people set them and as the card prints them."""

from __future__ import annotations

from datetime import time

import pytest

from bot.people import public_holidays
from bot.people.hours import working_time_of
from bot.people.models import Person
from bot.people.settings import change_settings, targets_of
from bot.requests.models import Priority
from bot.workspaces.models import Workspace
from tests.slack_world import ACME, ANA, MO, OTHER, PETE, TEAM, World
from tests.stories.test_request_to_acceptance import logged, newest

# Loading the calendars of the world takes a busy machine longer than Slack waits for a suggestion.
public_holidays.search("", limit=0)


async def test_somebody_says_when_they_work_and_answers_are_due_then(office: World) -> None:
    pete = office.pete
    assert (await pete.command(OTHER, "/handoff", "hours")).error is None
    assert pete.modal is not None
    assert "Europe/Berlin time" in str(pete.modal.blocks)
    assert pete.typed("from") == "09:00"
    await pete.fill(days=["1", "2", "4"], to="15:00")
    offered = await pete.suggestions("holidays", "bay")
    assert offered[0]["text"]["text"] == "Germany · Bayern"
    await pete.fill(holidays="DE-BY")
    assert (await pete.submit()).closed

    def load(session):  # type: ignore[no-untyped-def]
        return working_time_of(session.get_one(Person, (TEAM, PETE)), session.get_one(Workspace, TEAM))

    kept = await office.bot.read(load)
    assert (kept.days, kept.start, kept.end, kept.holidays) == (
        frozenset({1, 2, 4}),
        time(9),
        time(15),
        "DE-BY",
    )
    # It is Wednesday: six hours on Thursday, two on Monday.
    request = await logged(office)
    assert request.due_at is not None
    assert f"{request.due_at:%a %H:%M}" == "Mon 10:00"
    await pete.command(OTHER, "/handoff", "hours")
    assert [option["value"] for option in pete.typed("days")] == ["1", "2", "4"]


async def test_the_card_prints_its_priority_and_its_rule(office: World) -> None:
    await office.bot.run(change_settings, office.actor(ANA), director_id=MO)
    request = await logged(office, "add a newsletter sign-up by Friday ~3h urgent")
    assert (request.title, request.priority) == ("Add a newsletter sign-up", Priority.URGENT)
    assert request.due_at is not None
    # Pete works in Berlin until five, where it is three.
    assert f"{request.due_at:%H:%M}" == "16:00"
    shown = str(office.card().blocks)
    assert "*Urgent* · ana for *Acme*" in shown
    assert f"no answer <!date^{int(request.due_at.timestamp())}^" in shown
    assert ": goes to mo" in shown
    await office.accept(request)
    await office.settled()
    assert "no answer" not in str(office.card().blocks)


@pytest.mark.only_on("sqlite")
async def test_without_anybody_above_the_card_says_that_the_holder_is_reminded(desk: World) -> None:
    await logged(desk)
    assert ": pete is reminded" in str(desk.card().blocks)


@pytest.mark.only_on("sqlite")
async def test_the_priority_is_a_choice_of_the_form_too(desk: World) -> None:
    await desk.ana.command(ACME, "/ask", "make the logo bigger")
    assert desk.ana.typed("priority")["value"] == "normal"
    await desk.ana.fill(priority="high")
    assert (await desk.ana.submit()).closed
    assert (await newest(desk)).priority is Priority.HIGH


@pytest.mark.only_on("sqlite")
async def test_hours_in_which_nobody_works_are_marked_and_nothing_typed_is_lost(desk: World) -> None:
    await desk.pete.command(OTHER, "/handoff", "hours")
    await desk.pete.fill(**{"days": [], "from": "17:30", "to": "09:00"})
    refused = await desk.pete.submit()
    assert refused.errors == {
        "days": "Choose at least one day.",
        "to": "09:00 is not after 17:30. Choose a later end, or 00:00 for midnight.",
    }
    assert desk.pete.typed("from") == "17:30"


async def test_the_workspaces_hours_and_targets_are_set_in_the_settings(office: World) -> None:
    ana = office.ana
    await ana.command(OTHER, "/handoff", "settings")
    await ana.choose("working_time")
    assert ana.typed("urgent_target") == "2"
    await ana.fill(normal_target="soon")
    assert list((await ana.submit()).errors) == ["normal_target"]
    await ana.fill(**{"from": "08:00", "normal_target": "16", "high_target": "0"})
    assert (await ana.submit()).errors == {
        "high_target": "This has to be more than nothing, and at most 160 working hours."
    }
    await ana.fill(high_target="3.5")
    assert (await ana.submit()).error is None
    workspace = await office.bot.read(lambda session: session.get_one(Workspace, TEAM))
    assert workspace.work_from == time(8)
    assert vars(targets_of(workspace)) == {"urgent": 120, "high": 210, "normal": 960}


@pytest.mark.only_on("sqlite")
async def test_who_may_not_change_the_workspaces_hours_is_told_who_may(desk: World) -> None:
    await desk.bot.run(change_settings, desk.actor(ANA), director_id=MO)
    await desk.pete.command(OTHER, "/handoff", "settings")
    await desk.pete.choose("working_time")
    await desk.settled()
    refusal = desk.pete.direct_messages[-1].text
    assert refusal == "Only mo or an admin of this Slack can change the settings."


@pytest.mark.only_on("sqlite")
async def test_a_guest_has_no_hours_to_set(desk: World) -> None:
    olga = desk.slack.person("U0OLGA")
    answer = await olga.command("C0SHARED", "/handoff", "hours")
    assert olga.modal is None
    assert answer.error is not None or answer.response is not None
