"""Handoff installed for a whole organisation, and in one workspace of one: colleagues come from any of its workspaces.

And Slack Connect: the card is seen in another company, which may have Handoff itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.bootstrap import handoff
from bot.clock import FrozenClock
from bot.db.transaction import transaction
from bot.digests.models import DigestKind
from bot.onboarding.service import first_steps
from bot.people import repository as people
from bot.people.models import Actor
from bot.portfolio import forms
from bot.portfolio.service import add_client, add_project
from bot.requests.models import ChangeRequest, State
from bot.sandbox import ChannelSeed, LocalWorkspace
from bot.slack import payloads
from bot.slack.pacing import Pacing
from bot.web.app import build_web
from bot.web.operations import Operations
from bot.web.requests import Verifier
from bot.workspaces.installation_models import Installation
from bot.workspaces.installations import Installed, install
from bot.workspaces.models import Workspace
from bot.workspaces.sealing import Sealer
from bot.workspaces.service import WorkspaceFacts
from tests.slack_world import (
    A_WEDNESDAY,
    ACME,
    ANA,
    CHANNELS,
    MO,
    OLGA,
    PEOPLE,
    PETE,
    SHARED,
    TEAM,
    World,
    agency_seed,
    live,
)
from tests.stories.test_home import opened
from tests.tenants.crowd import KEY, settings
from tests.tenants.test_installing import PUBLIC, Browser

ORG, SISTER, CLIENT = "E0ORG", "T0SISTER", "T0CLIENT"
# Pete and Mo work in another workspace of the organisation; a channel is there, too.
COLLEAGUES = tuple(replace(one, team_id=SISTER) if one.id in {PETE, MO} else one for one in PEOPLE)
THERE = ChannelSeed("C0THERE", "there", members=(PETE, MO), team_id=SISTER)


@asynccontextmanager
async def tenants(database_url: str, **seed: Any) -> AsyncIterator[World]:
    """Many workspaces are served, through Socket Mode; nobody has installed it yet."""
    clock = FrozenClock(A_WEDNESDAY)
    async with LocalWorkspace(agency_seed(client_secret="client-secret", **seed), clock=clock) as slack:
        slack.faults.enforce_rate_limits = False
        chosen = settings(
            database_url,
            slack.api_url,
            handoff_public_url=PUBLIC,
            slack_app_token=SecretStr(slack.seed.app_token),
        )
        async with handoff(chosen, clock=clock, pacing=Pacing(seconds_between_posts=0)) as built:
            built.bot.errands.patience = 2.0
            world = World(slack=slack, handoff=built, clock=clock)
            async with live(world):
                yield world
            assert slack.problems == []
            needed = [
                call for call in slack.calls if call.error in {"missing_argument", "team_access_not_granted"}
            ]
            assert needed == [], "a call did not say in which workspace"


async def installed(world: World) -> str:
    """What the browser of whoever installs it shows at the end."""

    async def readiness() -> list[str]:
        return []

    verifier = Verifier("signing-secret", world.clock)
    web = build_web(world.handoff.app, verifier, Operations(readiness), doorkeeper=world.handoff.doorkeeper)
    done = await Browser(web).install()
    assert done.status == 200
    return done.body.decode()


async def set_up(world: World, workspace_id: str, channel: str = ACME) -> None:
    """Ana looks after Acme, Pete decides on its site."""
    for person in (ANA, PETE, MO):
        await world.bot.directory.reader(workspace_id, person)

    def add(session: Session) -> None:
        actor = Actor(workspace_id, ANA, world.clock.now())
        client = add_client(session, actor, form=forms.ClientForm(name="Acme", am_id=ANA, currency="EUR"))
        figures = forms.Figures(7_200, 0, None)
        form = forms.ProjectForm(
            client_id=client.id, name="Site", key="ACME", pm_id=PETE, channel_id=channel, figures=figures
        )
        add_project(session, actor, form=form)

    await world.bot.run(add)


async def only_request(world: World) -> ChangeRequest:
    def load(session: Session) -> ChangeRequest:
        row = session.scalars(select(ChangeRequest)).one()
        session.expunge(row)
        return row

    return await world.bot.read(load)


@pytest.fixture
async def org(database_url: str) -> AsyncIterator[World]:
    """An organisation of two workspaces, for all of which Ana has installed Handoff."""
    async with tenants(
        database_url,
        people=COLLEAGUES,
        channels=(*CHANNELS, THERE),
        enterprise_id=ORG,
        enterprise_name="Org",
        sister_teams=(SISTER,),
        is_org_install=True,
    ) as world:
        page = await installed(world)
        assert f"https://app.slack.com/manage/{ORG}/integrations/profile/{world.slack.seed.app_id}" in page
        await set_up(world, ORG)
        yield world


async def test_an_organisation_is_one_tenant_whose_people_come_from_all_its_workspaces(org: World) -> None:
    def rows(session: Session) -> tuple[list[str], str, str]:
        row = session.scalars(select(Installation)).one()
        return list(session.scalars(select(Workspace.id))), row.workspace_id, row.enterprise_id

    assert await org.bot.read(rows) == ([ORG], ORG, ORG)
    assert await org.bot.read(first_steps, workspace_id=ORG, person_id=ANA) is not None

    # Mo types it in another workspace than Ana's, Pete decides in that one, Ana reads in hers.
    mo, pete = org.slack.person(MO), org.slack.person(PETE)
    await mo.command(ACME, "/ask", "acme add a sign-up ~3h")
    assert (await mo.submit()).closed
    await org.settled()
    await pete.press(org.card(), "accept")
    assert (await pete.submit()).closed
    await org.settled()
    request = await only_request(org)
    assert (request.workspace_id, request.state) == (ORG, State.APPROVED)
    assert "Accepted" in str(org.card().blocks)
    assert "Your projects" in await opened(org, PETE)


@pytest.mark.only_on("sqlite")
async def test_what_has_to_say_in_which_workspace_says_so(org: World) -> None:
    gateway = org.bot.gateway(ORG)
    names = [channel.name async for channel in gateway.channels()]
    assert {"acme", "there"} <= set(names)
    assert len(names) == len(set(names))
    assert await gateway.undisturbed_until(PETE, now=org.clock.now()) is None
    lists = org.slack.calls_of("conversations.list")
    assert {call.args["team_id"] for call in lists} == {TEAM, SISTER}
    assert [call.args["team_id"] for call in org.slack.calls_of("dnd.info")] == [SISTER]


@pytest.mark.only_on("sqlite")
async def test_a_stranger_decides_nothing_in_an_organisation_either(org: World) -> None:
    olga = org.slack.person(OLGA)
    await org.ana.command(ACME, "/ask", "acme add a sign-up")
    assert (await org.ana.submit()).closed
    await org.settled()
    org.slack.channel(ACME).members.add(OLGA)
    await olga.press(org.card(), "accept")
    assert olga.modal is None
    assert (await only_request(org)).state is State.UNDER_REVIEW
    assert "This is for the people who run the project." in await opened(org, OLGA)


@pytest.mark.only_on("sqlite")
async def test_a_digest_and_a_mention_find_the_organisation(org: World) -> None:
    from bot.digests import service as digests

    await org.slack.person(MO).say(ACME, "<@Handoff> log this: a dark mode by friday")
    await org.settled()
    await org.bot.run(
        digests.run_now, workspace_id=ORG, channel_id=ACME, kind=DigestKind.SCOPE, now=org.clock.now()
    )
    await org.settled()
    assert any("Scope" in message.text for message in org.slack.channel(ACME).roots)


@pytest.mark.only_on("sqlite")
async def test_an_organisation_that_removes_it_is_stopped(org: World) -> None:
    await org.slack.uninstall()
    await org.settled()

    def stopped(session: Session) -> str:
        return session.scalars(select(Installation.stopped_why)).one()

    assert await org.bot.read(stopped) in {"tokens_revoked", "app_uninstalled"}


@pytest.mark.only_on("sqlite")
async def test_in_one_workspace_of_an_organisation_colleagues_decide_and_strangers_do_not(
    database_url: str,
) -> None:
    async with tenants(
        database_url, people=COLLEAGUES, enterprise_id=ORG, enterprise_name="Org", sister_teams=(SISTER,)
    ) as world:
        await installed(world)
        await set_up(world, TEAM)
        await world.ana.command(ACME, "/ask", "acme add a sign-up ~3h")
        assert (await world.ana.submit()).closed
        await world.settled()
        # Pete is of the organisation's other workspace: a colleague.
        await world.pete.press(world.card(), "accept")
        assert (await world.pete.submit()).closed
        await world.settled()
        request = await only_request(world)
        assert (request.workspace_id, request.state) == (TEAM, State.APPROVED)


async def test_a_workspace_that_joins_an_organisation_later_need_not_install_again(database_url: str) -> None:
    async with tenants(
        database_url, people=COLLEAGUES, enterprise_id=ORG, enterprise_name="Org", sister_teams=(SISTER,)
    ) as world:
        in_org = world.slack.workspace.seed
        world.slack.workspace.seed = replace(in_org, enterprise_id="", enterprise_name="")
        await installed(world)
        assert await organisation_of(world) == ""

        world.slack.workspace.seed = in_org
        await world.ana.say(ACME, "The first event that Slack sends of it.")
        await world.settled()
        assert await organisation_of(world) == ORG
        # Somebody of the organisation's other workspace is a colleague now, and a stranger is none.
        gateway = world.bot.gateway(TEAM)
        assert not (await gateway.person(PETE)).is_external
        assert (await gateway.person(OLGA)).is_external

        world.slack.workspace.seed = replace(in_org, enterprise_id="", enterprise_name="")
        await world.ana.say(ACME, "The first event after it has left.")
        await world.settled()
        assert await organisation_of(world) == ""
        assert (await world.bot.gateway(TEAM).person(PETE)).is_external


async def organisation_of(world: World) -> str:
    """The organisation of the only installation, as the database has it."""

    def load(session: Session) -> str:
        return session.scalars(select(Installation.enterprise_id)).one()

    return await world.bot.read(load)


@pytest.mark.only_on("sqlite")
async def test_a_click_from_another_company_that_has_handoff_too_stays_with_whose_card_it_is(
    database_url: str,
) -> None:
    async with tenants(database_url) as world:
        await installed(world)
        await set_up(world, TEAM, SHARED)
        sealed = Sealer.of(KEY).seal("xoxb-theirs", workspace_id=CLIENT)
        with transaction(world.bot.runner.engine) as session:
            install(
                session, Installed(WorkspaceFacts(CLIENT, "Client", "U0B", "B0B"), sealed), world.clock.now()
            )
        await world.ana.command(SHARED, "/ask", "acme add a sign-up")
        assert (await world.ana.submit()).closed
        await world.settled()
        olga = world.slack.person(OLGA)
        world.slack.calls.clear()
        for action in ("accept", "decline", "more"):
            if action in str(world.card(SHARED).blocks):
                await olga.press(world.card(SHARED), action)
                assert olga.modal is None, action
        await world.settled()
        assert (await only_request(world)).state is State.UNDER_REVIEW

        def theirs(session: Session) -> int:
            known = people.people(session, workspace_id=CLIENT, ids=[OLGA, ANA, PETE])
            rows = session.scalar(select(func.count()).where(ChangeRequest.workspace_id == CLIENT)) or 0
            return rows + len(known)

        assert await world.bot.read(theirs) == 0, "nothing was done in the company of who pressed"


# As Slack sends them: from the documentation and from maintainers' threads.
PRESSED = {"type": "block_actions", "team": None, "user": {"id": "U1", "team_id": "T1"}, "actions": []}
SENT = {"type": "view_submission", "user": {"id": "U1", "team_id": "T2"}, "is_enterprise_install": False}
EVENT = {"type": "event_callback", "event": {"type": "message", "user": "U1"}}


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({**PRESSED, "enterprise": {"id": "E1"}, "is_enterprise_install": True}, "E1"),
        ({**PRESSED, "team": {"id": "T9"}, "enterprise": {"id": "E1"}, "is_enterprise_install": False}, "T9"),
        ({**SENT, "team": {"id": "T2"}, "view": {"app_installed_team_id": "T9"}}, "T9"),
        # The enterprise is the one of the other company, or is not told to be an install at all.
        ({**SENT, "enterprise": {"id": "E2"}, "view": {"app_installed_team_id": "E1"}}, "E1"),
        (
            {
                **SENT,
                "enterprise": {"id": "E2"},
                "is_enterprise_install": True,
                "view": {"app_installed_team_id": "E1"},
            },
            "E1",
        ),
        (
            {**EVENT, "team_id": "T2", "authorizations": [{"team_id": "T9", "is_enterprise_install": False}]},
            "T9",
        ),
        (
            {
                **EVENT,
                "team_id": "T2",
                "authorizations": [{"team_id": None, "enterprise_id": "E1", "is_enterprise_install": True}],
            },
            "E1",
        ),
        ({"command": "/ask", "team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": "true"}, "E1"),
        ({"command": "/ask", "team_id": "T1", "enterprise_id": "E1", "is_enterprise_install": "false"}, "T1"),
    ],
)
def test_where_it_is_installed_is_read_from_what_slack_sends(body: dict[str, Any], where: str) -> None:
    assert payloads.read_happened(body).workspace_id == where


@pytest.mark.parametrize(
    ("authorizations", "membership"),
    [
        ([{"team_id": "T9", "enterprise_id": "E1", "is_enterprise_install": False}], ("T9", "E1")),
        ([{"team_id": "T9", "enterprise_id": None, "is_enterprise_install": False}], ("T9", "")),
        # Nothing is said of it: nothing is concluded.
        ([{"team_id": "T9", "is_enterprise_install": False}], None),
        ([{"team_id": None, "enterprise_id": "E1", "is_enterprise_install": True}], None),
        ([{"team_id": "T9", "enterprise_id": "E" * 40, "is_enterprise_install": False}], None),
        ([{"team_id": "T9", "enterprise_id": ["E1"], "is_enterprise_install": False}], None),
        ([], None),
        (None, None),
    ],
)
def test_the_organisation_is_read_only_from_the_installation_that_an_event_is_sent_for(
    authorizations: Any, membership: Any
) -> None:
    sent = {"team_id": "T2", "context_enterprise_id": "E2", "event_time": int(A_WEDNESDAY.timestamp())}
    body = {**EVENT, **sent, "authorizations": authorizations}
    assert payloads.read_membership(body, A_WEDNESDAY) == membership
    # Sent again after a minute, or after hours: how it was by then, somebody else has told.
    assert payloads.read_membership(body, A_WEDNESDAY + timedelta(minutes=1)) is None
