"""Everything that is checked, in the order in which it has to be mended."""

from __future__ import annotations

from bot.bootstrap import SetupError, handoff, plain_secret, require_way_in, slack_clients
from bot.checking.channels import check_channels, home_channels
from bot.checking.databases import check_database
from bot.checking.findings import Finding, wrong
from bot.checking.tokens import check_app_token, check_bot_token, check_kinds
from bot.clock import Clock, SystemClock
from bot.settings import Settings


async def check(
    settings: Settings, *, clock: Clock | None = None, workspace: str | None = None
) -> list[Finding]:
    """Look at the settings, the database, Slack and the channels of all projects; of many workspaces, each or one."""
    clock = clock or SystemClock()
    findings = check_database(settings.database_url)
    has_database = all(finding.is_good for finding in findings)
    try:
        require_way_in(settings)
    except SetupError as error:
        return [*findings, wrong(str(error))]
    if settings.serves_many:
        # Encryption is loaded only where there is something to encrypt.
        from bot.checking.tenants import check_tenants

        return [*findings, *(await check_tenants(settings, clock, workspace) if has_database else ())]
    findings += await _one_workspace(settings, clock)
    if has_database and all(finding.is_good for finding in findings):
        findings += await _running(settings, clock)
    return findings


async def _one_workspace(settings: Settings, clock: Clock) -> list[Finding]:
    findings = list(check_kinds(settings))
    if any("TOKEN is" in finding.text or "swapped" in finding.text for finding in findings):
        return findings
    async with slack_clients(settings) as client:
        findings += await check_bot_token(client(plain_secret(settings.slack_bot_token)), clock.now())
        app_token = plain_secret(settings.slack_app_token)
        if app_token:
            findings.append(await check_app_token(client(""), app_token))
    return findings


async def _running(settings: Settings, clock: Clock) -> list[Finding]:
    try:
        async with handoff(settings, clock=clock) as running:
            workspace_id = running.workspace.id
            homes = await running.bot.read(home_channels, workspace_id=workspace_id)
            return await check_channels(running.bot.gateway(workspace_id), homes)
    except SetupError as error:
        return [wrong(str(error))]
