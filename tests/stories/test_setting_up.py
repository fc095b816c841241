"""Setting Handoff up inside Slack: a client, its project, and changing both."""

from __future__ import annotations

from sqlalchemy import update

from bot.portfolio import repository
from bot.portfolio.facts import ProjectFacts
from bot.portfolio.models import Client
from tests.slack_world import ACME, ANA, MO, OTHER, PETE, TEAM, World


async def project(world: World, key: str) -> ProjectFacts:
    facts = await world.bot.read(repository.facts_by_key, workspace_id=TEAM, key=key)
    assert facts is not None
    return facts


async def test_a_client_and_its_project_are_set_up_and_asked_on(office: World) -> None:
    ana = office.ana
    await ana.command(OTHER, "/handoff", "client Globex")
    assert ana.typed("name") == "Globex"
    assert ana.typed("am") == ANA
    await ana.fill(contact="Kim", currency="USD", goodwill_hours="1.5", renewal_on="2027-03-01")
    assert (await ana.submit()).error is None

    assert ana.modal is not None
    assert "*Globex* is set up" in str(ana.modal.blocks)
    await ana.choose("add_project")
    await ana.fill(
        name="Globex App",
        pm=MO,
        channel=OTHER,
        hours="10d",
        budget="$9,600.50",
        due_on="2027-01-29",
        in_scope="Home screen (2 rounds)\nPush messages",
        out_of_scope="Android",
    )
    assert (await ana.submit()).error is None
    assert ana.modal is not None
    assert "mo decides what is asked on it" in str(ana.modal.blocks)
    assert "`/ask globex …`" in str(ana.modal.blocks)

    facts = await project(office, "GLOBEX")
    assert (facts.client_name, facts.pm_id, facts.currency) == ("Globex", MO, "USD")
    assert (facts.agreed_minutes, facts.agreed_budget_minor) == (4800, 9_600_50)
    await ana.close_modal()
    await ana.command(ACME, "/ask", "globex add a dark mode")
    assert (await ana.submit()).closed


async def test_wrong_fields_are_all_marked_and_what_was_typed_stays(office: World) -> None:
    await office.ana.command(OTHER, "/handoff", "project New")
    await office.ana.fill(
        name="New", key="ACME", channel=OTHER, client="Acme", pm="U0OLGA", due_on="2026-01-01"
    )
    await office.ana.fill(starts_on="2026-02-01")
    answer = await office.ana.submit()
    assert answer.errors == {
        "key": "ACME is the key of Acme site. Choose another one.",
        "pm": "olga is a guest or from another company. Choose somebody of your own.",
        "due_on": "Thu 1 Jan 2026 is before the start, Sun 1 Feb 2026. Change one of them.",
    }
    assert office.ana.typed("name") == "New"


async def test_figures_that_cannot_be_read_are_marked_with_both_readings(office: World) -> None:
    await office.ana.command(OTHER, "/handoff", "project New")
    await office.ana.fill(channel=OTHER, client="Acme", hours="soon", budget="1.200")
    answer = await office.ana.submit()
    assert answer.errors == {
        "hours": "I read no figure in “soon”. Write it as 12 or 12.5.",
        "budget": "“1.200” can be read as 1200 or as 1.2. Write the one you mean.",
    }


async def test_the_list_opens_the_form_of_one(desk: World) -> None:
    await desk.ana.command(OTHER, "/handoff", "project")
    assert desk.ana.modal is not None
    rows = [block for block in desk.ana.modal.blocks if block["type"] == "section"]
    assert len(rows) == 5
    await desk.ana.choose("edit_project", block_id=rows[0]["block_id"])
    assert desk.ana.typed("name") == "Acme site"
    await desk.ana.fill(name="Acme relaunch", hours="100")
    assert (await desk.ana.submit()).closed
    facts = await project(desk, "ACME")
    assert (facts.name, facts.agreed_minutes, facts.baseline_version) == ("Acme relaunch", 6_000, 2)


async def test_somebody_elses_project_is_refused_with_the_names_of_those_who_may(desk: World) -> None:
    mo = desk.slack.person(MO)
    await mo.command(OTHER, "/handoff", "project ACME")
    await mo.fill(name="Mine")
    answer = await mo.submit()
    assert list(answer.errors.values()) == ["Only pete or ana can change Acme site. Ask one of them."]


async def test_a_new_pm_gets_what_waits_and_the_card_says_so(desk: World) -> None:
    await desk.log("Add a sign-up")
    await desk.settled()
    await desk.ana.command(OTHER, "/handoff", "project ACME")
    await desk.ana.fill(pm=MO)
    assert (await desk.ana.submit()).closed
    await desk.settled()
    assert f"<@{MO}>" in str(desk.card(ACME).blocks)
    assert PETE not in str(desk.card(ACME).blocks)
    assert desk.replies(ACME)[-1].text == f"Ball: <@{MO}>, to decide. Until now it was with pete."


async def test_an_approval_closes_the_figures_and_the_form_says_so(desk: World) -> None:
    await desk.accept(await desk.log("Add a sign-up"))
    await desk.ana.command(OTHER, "/handoff", "project ACME")
    assert desk.ana.modal is not None
    inputs = [block["block_id"] for block in desk.ana.modal.blocks if block["type"] == "input"]
    assert not {"key", "hours", "budget", "due_on"} & set(inputs)
    await desk.ana.fill(name="Acme relaunch")
    assert (await desk.ana.submit()).closed
    assert (await project(desk, "ACME")).name == "Acme relaunch"


async def test_a_client_is_edited_by_its_name(desk: World) -> None:
    await desk.ana.command(OTHER, "/handoff", "client acme")
    assert desk.ana.typed("contact") == "Jo"
    await desk.ana.fill(contact="Kim & Co <!channel>")
    assert (await desk.ana.submit()).closed
    assert (await project(desk, "ACME")).contact_name == "Kim & Co <!channel>"


async def test_clients_are_searched_when_a_menu_cannot_hold_them(desk: World) -> None:
    def many(session):  # type: ignore[no-untyped-def]
        client = repository.clients(session, workspace_id=TEAM)[0]
        row = repository.client(session, workspace_id=TEAM, client_id=client.id)
        for number in range(120):
            values = {c.name: getattr(row, c.name) for c in Client.__table__.columns if c.name != "id"}
            session.add(Client(**{**values, "name": f"Client {number}"}))
        session.execute(update(Client).where(Client.id == client.id).values(name="Acme & Sons"))

    await desk.bot.run(many)
    await desk.ana.command(OTHER, "/handoff", "project New")
    offered = await desk.ana.suggestions("client", "sons")
    assert [option["text"]["text"] for option in offered] == ["Acme & Sons"]
    assert len(await desk.ana.suggestions("client", "")) == 100
