"""auth.*, apps.*, oauth.v2.access."""

from __future__ import annotations

from bot.sandbox.installing import install, uninstall
from bot.sandbox.organisation import enterprise_of, installed_team
from bot.sandbox.rate_limits import HUNDREDS, TIER_1, TIER_2, TIER_3, TIER_4
from bot.sandbox.web_api.answers import Arguments, Refused
from bot.sandbox.web_api.paging import page_of
from bot.sandbox.web_api.registry import method
from bot.sandbox.wire import JsonObject
from bot.sandbox.workspace import Workspace

# The one code that this workspace hands out: an installation here needs no consent page.
INSTALL_CODE = "local-install-code"


@method("auth.test", per_minute=HUNDREDS)
def test(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Tells whose token this is."""
    seed = workspace.seed
    return {
        "ok": True,
        "url": f"{workspace.url}/",
        "team": seed.team_name,
        "user": workspace.bot.name,
        "team_id": installed_team(seed),
        "user_id": seed.bot_user_id,
        "bot_id": seed.bot_id,
        "is_enterprise_install": seed.is_org_install,
        **({"enterprise_id": seed.enterprise_id} if seed.enterprise_id else {}),
    }


@method("auth.teams.list", per_minute=TIER_2)
def teams(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Lists the workspaces that the token reaches."""
    seed = workspace.seed
    reached = seed.teams if seed.is_org_install else (seed.team_id,)
    page, cursor = page_of(list(reached), arguments, default=100, most=1000)
    return {
        "ok": True,
        "teams": [{"id": team, "name": team} for team in page],
        "response_metadata": {"next_cursor": cursor},
    }


@method("api.test", token="none", per_minute=TIER_4)
def api_test(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Says back what was said."""
    if arguments.text("error"):
        raise Refused(arguments.text("error"), args=dict(arguments.values))
    return {"ok": True, "args": dict(arguments.values)}


@method("apps.connections.open", token="app", per_minute=TIER_1)
def open_connection(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Hands out the address of one Socket Mode connection."""
    if workspace.seed.request_url:
        raise Refused("forbidden_team")
    ticket = workspace.socket_mode.issue_ticket()
    address = workspace.url.replace("http://", "ws://", 1)
    return {"ok": True, "url": f"{address}/link/?ticket={ticket}&app_id={workspace.seed.app_id}"}


@method("oauth.v2.access", token="none", per_minute=TIER_4)
def oauth_access(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Exchanges a code for the bot token: the one of the seed, or one that the consent page gave, once."""
    code, seed = arguments.text("code"), workspace.seed
    if code in workspace.install_codes:
        if arguments.text("client_id") != seed.client_id:
            raise Refused("invalid_client_id")
        if arguments.text("client_secret") != seed.client_secret:
            raise Refused("bad_client_secret")
        workspace.install_codes.remove(code)
        install(workspace)
    elif code != INSTALL_CODE:
        raise Refused("invalid_code")
    return {
        "ok": True,
        "access_token": workspace.bot_token,
        "token_type": "bot",
        "scope": ",".join(seed.app.bot_scopes),
        "bot_user_id": seed.bot_user_id,
        "app_id": seed.app_id,
        "team": None if seed.is_org_install else {"id": seed.team_id, "name": seed.team_name},
        "enterprise": enterprise_of(seed),
        "is_enterprise_install": seed.is_org_install,
        "authed_user": {"id": next((person.id for person in seed.people), None)},
    }


@method("auth.revoke", per_minute=TIER_3)
def revoke(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Lets the token die."""
    if not arguments.flag("test"):
        uninstall(workspace)
    return {"ok": True, "revoked": not arguments.flag("test")}


@method("apps.uninstall", per_minute=TIER_3)
def uninstall_app(workspace: Workspace, arguments: Arguments) -> JsonObject:
    """Takes the app out of the workspace, for who knows its secret."""
    seed = workspace.seed
    if arguments.text("client_id") != seed.client_id:
        raise Refused("invalid_client_id")
    if arguments.text("client_secret") != seed.client_secret:
        raise Refused("bad_client_secret")
    uninstall(workspace)
    return {"ok": True}
