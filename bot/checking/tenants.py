"""Many workspaces: each installation's token, scopes and channels, one after the other; nothing is changed by looking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.bootstrap import NO_INSTALL_PAGE, plain_secret, sealer_of, slack_clients
from bot.checking.channels import check_channels, home_channels
from bot.checking.findings import Finding, Level, good, note, wrong
from bot.checking.tokens import check_app_token, check_clock, look_at_token
from bot.clock import Clock
from bot.db.engine import build_engine
from bot.db.runner import Runner
from bot.settings import Settings
from bot.slack.gateway import Clients, FixedLine, Gateway, Tenant
from bot.workspaces import installations
from bot.workspaces.installation_models import Installation
from bot.workspaces.models import Workspace
from bot.workspaces.sealing import Sealer, UnreadableToken


async def check_tenants(settings: Settings, clock: Clock, only: str | None) -> list[Finding]:
    """Look at every installation, or at one; good ones are one line each."""
    findings = list(_ways_in(settings))
    runner = Runner(build_engine(settings.database_url))
    try:
        async with slack_clients(settings) as client:
            app_token = plain_secret(settings.slack_app_token)
            if app_token:
                findings.append(await check_app_token(client(""), app_token))
            known = await runner.read(installations.installations)
            chosen = [(space, row) for space, row in known if only in {None, space.id}]
            if only is not None and not chosen:
                return [
                    *findings,
                    wrong(f"There is no workspace {only} here. `handoff workspace list` shows them."),
                ]
            if not chosen:
                findings.append(
                    note(f"No workspace has installed Handoff yet: that is done at {_address(settings)}.")
                )
            look = _Looking(settings, runner, client, sealer_of(settings), clock)
            for space, row in chosen:
                findings += await look.at(space, row)
    finally:
        runner.close()
    return findings


def _ways_in(settings: Settings) -> Iterable[Finding]:
    if plain_secret(settings.slack_app_token):
        yield note(NO_INSTALL_PAGE)
    elif not plain_secret(settings.slack_signing_secret):
        yield wrong("SLACK_SIGNING_SECRET is not set: nobody can tell whether a request comes from Slack.")
    if not settings.handoff_public_url:
        yield note(
            "HANDOFF_PUBLIC_URL is not set: Slack sends people back to the first address of your app's page."
        )


class _Looking:
    def __init__(
        self, settings: Settings, runner: Runner, client: Clients, sealer: Sealer, clock: Clock
    ) -> None:
        self._settings = settings
        self._runner = runner
        self._client = client
        self._sealer = sealer
        self._clock = clock
        self._has_told_clock = False

    async def at(self, space: Workspace, row: Installation | None) -> list[Finding]:
        """One workspace; each sentence begins with its name."""
        name = f"{space.name} ({space.id})"
        if row is None:
            return [note(f"{name}: was served by SLACK_BOT_TOKEN, which is not used now. {self._back}")]
        if row.stopped_at is not None:
            return [
                note(
                    f"{name}: stopped on {row.stopped_at:%Y-%m-%d} ({row.stopped_why}); its data is deleted "
                    f"{self._settings.handoff_keep_days} days later. {self._back}"
                )
            ]
        if row.token is None:
            return [wrong(f"{name}: its token was dropped. {self._back}")]
        try:
            token = self._sealer.open(row.token, workspace_id=space.id)
        except UnreadableToken:
            return [wrong(f"{name}: HANDOFF_ENCRYPTION_KEY does not decrypt its token. {self._back}")]
        found = await self._with_token(token, space.id, row.enterprise_id)
        return [replace(finding, text=f"{name}: {finding.text}") for finding in found]

    async def _with_token(self, token: str, workspace_id: str, enterprise_id: str) -> list[Finding]:
        client = self._client(token)
        facts, findings = await look_at_token(client, "its token", mend=self._back)
        if facts is None:
            return findings
        if not self._has_told_clock:
            # One machine, one clock.
            self._has_told_clock = True
            findings += check_clock(facts, self._clock.now())
        if facts.enterprise_id != enterprise_id:
            findings.append(
                note(
                    "the workspace has joined or left an organisation. Nothing to do: Handoff learns of it with the next "
                    "event from Slack, and within half a day it looks up again whom it knows from other workspaces."
                )
            )
        # Not the gateway of the courier, which stops a workspace whose token is dead: this only looks.
        gateway = Gateway(FixedLine(client, Tenant(workspace_id, enterprise_id)))
        homes = await self._runner.read(home_channels, workspace_id=workspace_id)
        channels = await check_channels(gateway, homes)
        said = [finding for finding in [*findings, *channels] if finding.level is not Level.GOOD]
        if all(finding.is_good for finding in said):
            where = (
                f"the bot is in the channels of all projects ({len(homes)})"
                if homes
                else "it has no project yet"
            )
            said.insert(0, good(f"Slack knows its token, and {where}."))
        return said

    @property
    def _back(self) -> str:
        return f"Install Handoff there again at {_address(self._settings)}."


def _address(settings: Settings) -> str:
    return f"{(settings.handoff_public_url or '').rstrip('/')}/slack/install"
