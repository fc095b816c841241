"""A workspace in an Enterprise organisation: what payloads, events and the Web API say where the app is in all of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.sandbox import ChannelSeed, LocalWorkspace
from tests.sandbox.conftest import CHANNELS, PEOPLE, SteeredClock, a_client, a_seed
from tests.sandbox.kit import actions, button, modal, refusal
from tests.sandbox.little_app import LittleApp

ORG = {"id": "E0ORG", "name": "Org"}
COLLEAGUES = tuple(replace(one, team_id="T0SISTER") if one.id == "U0BEN" else one for one in PEOPLE)
THERE = ChannelSeed("C0THERE", "there", members=("U0BEN",), team_id="T0SISTER")


@pytest.fixture
async def org(clock: SteeredClock) -> AsyncIterator[LocalWorkspace]:
    seed = a_seed(
        people=COLLEAGUES,
        channels=(*CHANNELS, THERE),
        enterprise_id=ORG["id"],
        enterprise_name=ORG["name"],
        sister_teams=("T0SISTER",),
        is_org_install=True,
    )
    async with LocalWorkspace(seed, clock=clock) as workspace:
        yield workspace


async def test_the_token_belongs_to_the_organisation_and_lists_want_a_team(org: LocalWorkspace) -> None:
    async with a_client(org) as client:
        told = await client.auth_test()
        assert (told["is_enterprise_install"], told["enterprise_id"]) == (True, "E0ORG")
        teams = [team["id"] for team in (await client.auth_teams_list())["teams"]]
        assert teams == [org.seed.team_id, "T0SISTER"]
        assert (await refusal(client.conversations_list()))["error"] == "missing_argument"
        elsewhere = await refusal(client.users_list(team_id="T0NOBODY"))
        assert elsewhere["error"] == "team_access_not_granted"
        there = await client.conversations_list(team_id="T0SISTER")
        assert [channel["id"] for channel in there["channels"]] == ["C0THERE"]
        ben = (await client.users_info(user="U0BEN"))["user"]
        assert (ben["team_id"], ben["enterprise_user"]["enterprise_id"]) == ("T0SISTER", "E0ORG")
        carla = (await client.users_info(user="U0CLIENT"))["user"]
        assert carla["is_stranger"]
        assert "enterprise_user" not in carla


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # slack_sdk uses it
async def test_an_installation_names_the_organisation_and_no_team(org: LocalWorkspace) -> None:
    async with a_client(org, "") as client:
        given = await client.oauth_v2_access(client_id="1", client_secret="2", code="local-install-code")
    assert given["team"] is None
    assert (given["enterprise"], given["is_enterprise_install"]) == (ORG, True)


async def test_what_people_do_names_the_organisation_and_where_they_are(org: LocalWorkspace) -> None:
    async with LittleApp(org) as app:
        ben = org.person("ben")
        await ben.command("acme-website", "/ask")
        command = app.payloads("command")[-1]
        assert (command["team_id"], command["enterprise_id"]) == ("T0SISTER", "E0ORG")
        assert command["is_enterprise_install"] == "true"
        posted = await app.web.chat_postMessage(channel="C0ACME", text="x", blocks=[actions(button())])
        message = org.channel("C0ACME").by_ts[posted["ts"]]
        await ben.press(message, "press")
        pressed = app.payloads("block_actions")[-1]
        assert (pressed["team"], pressed["enterprise"]) == (None, ORG)
        assert (pressed["is_enterprise_install"], pressed["user"]["team_id"]) == (True, "T0SISTER")
        await app.web.views_open(trigger_id=pressed["trigger_id"], view=modal())
        await ben.fill(field="x")
        assert (await ben.submit()).closed
        view = app.payloads("view_submission")[-1]["view"]
        assert view["app_installed_team_id"] == "E0ORG"
        await ben.say("acme-website", "hello")
        await org.settled()
        event = app.payloads("message")[-1]
        assert event["authorizations"][0]["team_id"] is None
        assert event["authorizations"][0]["enterprise_id"] == "E0ORG"
