"""`handoff check` and `handoff digest` where there are many workspaces: each by its name, none by another's token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from bot import digest_by_hand, office
from bot.checking import Finding, Level, check
from bot.db.transaction import reading, transaction
from bot.digests.models import DigestKind
from bot.office import Trouble
from bot.people.models import Actor
from bot.people.service import PersonFacts, remember
from bot.portfolio import forms
from bot.portfolio.repository import open_projects
from bot.portfolio.service import add_client, add_project
from bot.sandbox import LocalWorkspace, WallClock
from bot.sandbox.faults import Fault
from bot.workspaces.installations import Installed, drop_tokens, install, stop
from bot.workspaces.sealing import Sealer
from bot.workspaces.service import WorkspaceFacts
from tests.slack_world import ACME, ANA, OTHER, PETE, SHUT, TEAM, agency_seed
from tests.tenants.crowd import KEY, NOW, settings

PUBLIC = "https://handoff.example.com"


@dataclass
class Host:
    slack: LocalWorkspace
    engine: Engine
    database_url: str

    async def check(self, workspace: str | None = None, **changes: Any) -> list[Finding]:
        return await check(self.settings(**changes), workspace=workspace)

    async def digest(self, workspace: str | None, *, channel: str = "acme", post: bool = False) -> str:
        with transaction(self.engine) as session:
            # Nobody's token may be unreadable where a process is to start.
            drop_tokens(session, ["T4"])
        return await digest_by_hand.digest(self.settings(), DigestKind.SCOPE, channel, workspace, post=post)

    def settings(self, **changes: Any) -> Any:
        chosen = settings(self.database_url, self.slack.api_url, handoff_public_url=PUBLIC)
        return chosen.model_copy(update=changes)


@pytest.fixture
async def host(engine: Engine, database_url: str) -> AsyncIterator[Host]:
    """The agency is installed and has two projects; four others stand in other ways."""
    sealer = Sealer.of(KEY)
    async with LocalWorkspace(agency_seed(), clock=WallClock()) as slack:
        with transaction(engine) as session:
            tokens = {
                TEAM: slack.seed.bot_token,
                "T1": "xoxb-of-nobody",
                "T2": "xoxb-2",
                "T3": "xoxb-3",
                "T4": "4",
            }
            for workspace_id, token in tokens.items():
                sealed = sealer.seal(token, workspace_id="T9" if workspace_id == "T4" else workspace_id)
                install(
                    session, Installed(WorkspaceFacts(workspace_id, f"Agency {workspace_id}"), sealed), NOW
                )
            stop(session, workspace_id="T2", why="app_uninstalled", now=NOW)
            drop_tokens(session, ["T3"])
            for person in (ANA, PETE):
                remember(session, TEAM, PersonFacts(id=person, name=person, zone="UTC"), NOW)
            actor = Actor(TEAM, ANA, NOW)
            client = add_client(session, actor, form=forms.ClientForm(name="Acme", am_id=ANA, currency="EUR"))
            for key, channel in (("ACME", ACME), ("SHUT", SHUT)):
                figures = forms.Figures(0, 0, None)
                form = forms.ProjectForm(
                    client_id=client.id, name=key, key=key, pm_id=PETE, channel_id=channel, figures=figures
                )
                add_project(session, actor, form=form)
        yield Host(slack, engine, database_url)


def said(findings: list[Finding], level: Level) -> str:
    return "\n".join(finding.text for finding in findings if finding.level is level)


async def test_each_installation_is_told_by_its_name(host: Host) -> None:
    findings = await host.check()
    wrong = said(findings, Level.WRONG)
    again = f"Install Handoff there again at {PUBLIC}/slack/install."
    assert f"Agency {TEAM} ({TEAM}): The bot is not in #shut (SHUT)" in wrong
    assert f"Agency T1 (T1): Slack refuses its token (invalid_auth). {again}" in wrong
    assert f"Agency T3 (T3): its token was dropped. {again}" in wrong
    assert f"Agency T4 (T4): HANDOFF_ENCRYPTION_KEY does not decrypt its token. {again}" in wrong
    assert "Agency T2 (T2): stopped on 2026-11-18 (app_uninstalled)" in said(findings, Level.NOTE)
    assert "xoxb" not in str(findings)
    await host.slack.invite_bot(SHUT)
    only = await host.check(TEAM)
    assert said(only, Level.WRONG) == ""
    expected = (
        f"Agency {TEAM} ({TEAM}): Slack knows its token, and the bot is in the channels of all projects (2)."
    )
    assert expected in said(only, Level.GOOD)
    assert "T1" not in str(only)
    # Looking stops nobody, not even whose token is dead.
    assert "Slack refuses its token" in said(await host.check("T1"), Level.WRONG)


@pytest.mark.only_on("sqlite")
async def test_scopes_and_settings_are_told_too(host: Host) -> None:
    host.slack.faults.missing_scopes.update({"commands", "dnd:read"})
    findings = await host.check(TEAM, slack_signing_secret=None, handoff_public_url=None)
    wrong, notes = said(findings, Level.WRONG), said(findings, Level.NOTE)
    assert f"Agency {TEAM} ({TEAM}): The bot lacks scopes it needs: commands." in wrong
    assert "SLACK_SIGNING_SECRET is not set" in wrong
    assert "HANDOFF_PUBLIC_URL is not set" in notes
    assert f"Agency {TEAM} ({TEAM}): Without the optional scope dnd:read" in notes
    assert "There is no workspace T77 here." in said(await host.check("T77"), Level.WRONG)


@pytest.mark.only_on("sqlite")
async def test_over_socket_mode_it_is_told_that_nobody_can_install_it(host: Host) -> None:
    settings = {"slack_app_token": SecretStr(host.slack.seed.app_token), "slack_signing_secret": None}
    findings = await host.check(TEAM, **settings)
    assert "nobody can install Handoff at /slack/install" in said(findings, Level.NOTE)
    assert "SLACK_SIGNING_SECRET" not in said(findings, Level.WRONG)


@pytest.mark.only_on("sqlite")
async def test_a_workspace_that_joined_an_organisation_is_told_of(host: Host) -> None:
    host.slack.workspace.seed = replace(host.slack.seed, enterprise_id="E0ORG")
    assert "has joined or left an organisation" in said(await host.check(TEAM), Level.NOTE)


@pytest.mark.only_on("sqlite")
async def test_a_digest_is_of_the_workspace_that_is_named(host: Host) -> None:
    with pytest.raises(Trouble, match="handoff workspace list"):
        await host.digest(None)
    with pytest.raises(Trouble, match="There is no workspace T77 here"):
        await host.digest("T77")
    for gone in ("T2", "T3"):
        with pytest.raises(Trouble, match=f"not installed in {gone} at present"):
            await host.digest(gone)
    with pytest.raises(Trouble, match="Slack could not be asked about acme"):
        await host.digest("T1")
    assert "Scope" in await host.digest(TEAM)
    assert host.slack.channel(ACME).roots == []
    assert await host.digest(TEAM, post=True) == "Posted to acme."
    assert len(host.slack.channel(ACME).roots) == 1


@pytest.mark.only_on("sqlite")
async def test_a_digest_that_cannot_be_posted_is_not_called_posted(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Scope" in await host.digest(TEAM, channel="shut")
    with pytest.raises(Trouble, match=r"Handoff is not in shut\. Type `/invite @Handoff` there"):
        await host.digest(TEAM, channel="shut", post=True)
    for post in (False, True):
        with pytest.raises(Trouble, match="Slack shows Handoff no channel C0NOPE99"):
            await host.digest(TEAM, channel="C0NOPE99", post=post)
    # Nothing was left behind that would come when nobody expects it.
    await host.slack.invite_bot(SHUT)
    assert await host.digest(TEAM, channel=SHUT, post=True) == f"Posted to {SHUT}."
    assert len(host.slack.channel(SHUT).roots) == 1
    monkeypatch.setattr(digest_by_hand, "PATIENCE", 0.0)
    for fault, why in (
        ("error:restricted_action", "Slack does not let Handoff post in acme"),
        ("error:no_text", "Nothing was posted in acme: Slack refused it"),
        ("error:missing_scope", "It is not posted yet: Slack does not take it"),
    ):
        host.slack.faults.add(Fault("chat.postMessage", fault))
        with pytest.raises(Trouble, match=why):
            await host.digest(TEAM, post=True)
    assert host.slack.channel(ACME).roots == []
    await host.slack.archive_channel(OTHER)
    with pytest.raises(Trouble, match=f"{OTHER} is archived: nobody can post there"):
        await host.digest(TEAM, channel=OTHER, post=True)


CSV = """client,am,currency,renewal_on,goodwill_hours,project,key,pm,channel,hours,budget,starts_on,due_on
Globex,ana@agency.example,EUR,,,App,GLX,pete@agency.example,other,,,,
"""


@pytest.mark.only_on("sqlite")
async def test_an_import_asks_the_slack_of_the_workspace_that_is_named(host: Host, tmp_path: Path) -> None:
    file = tmp_path / "agency.csv"
    file.write_text(CSV)
    with transaction(host.engine) as session:
        drop_tokens(session, ["T4"])
    with pytest.raises(Trouble, match="handoff workspace list"):
        await office.import_file(host.settings(), file, None)
    host.slack.faults.missing_scopes.add("users:read.email")
    with pytest.raises(Trouble, match=r"who ana@agency\.example is.*lacks the scope users:read\.email"):
        await office.import_file(host.settings(), file, TEAM)
    host.slack.faults.clear()
    assert "Projects: 1 added" in await office.import_file(host.settings(), file, TEAM)
    with reading(host.engine) as session:
        (project,) = [one for one in open_projects(session, workspace_id=TEAM) if one.key == "GLX"]
    assert (project.am_id, project.pm_id, project.channel_id) == (ANA, PETE, OTHER)
    # Where there is no token, nobody can be asked who has an address.
    with pytest.raises(Trouble, match=r"ana@agency\.example"):
        await office.import_file(host.settings(), file, "T2")
