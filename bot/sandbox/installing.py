"""Installing the app and taking it out again: the consent page, the codes it gives, what the app is told at the end."""

from __future__ import annotations

from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox import events
from bot.sandbox.workspace import Workspace


def authorize(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """Answers /oauth/v2/authorize as somebody who agrees at once would have it; `deny=1` is somebody who does not."""
    asked = request.query
    if asked.get("client_id") != workspace.seed.client_id:
        return web.Response(status=400, text="invalid_client_id")
    back = asked.get("redirect_uri") or _first_redirect(workspace)
    if not back:
        return web.Response(status=400, text="bad_redirect_uri")
    said = {"state": asked.get("state", "")}
    if asked.get("deny"):
        said["error"] = "access_denied"
    else:
        said["code"] = workspace.ids.secret()
        workspace.install_codes.add(said["code"])
    return web.Response(status=302, headers={"Location": f"{back}?{urlencode(said)}"})


def install(workspace: Workspace) -> None:
    """The app is in the workspace; after it was taken out, under a new token."""
    if not workspace.is_installed:
        workspace.bot_token = f"{workspace.seed.bot_token}-{workspace.ids.next_number()}"
        workspace.is_installed = True


def uninstall(workspace: Workspace) -> events.Deliveries:
    """The app is out, its tokens are dead; returns the events on their way that tell it so."""
    if not workspace.is_installed:
        return []
    tokens = {"oauth": [], "bot": [workspace.seed.bot_user_id]}
    sent = events.simple(workspace, "tokens_revoked", None, tokens=tokens)
    sent += events.simple(workspace, "app_uninstalled", None)
    workspace.is_installed = False
    return sent


def _first_redirect(workspace: Workspace) -> str:
    """Where the app's web server is: the first of its redirect addresses, beside its request address."""
    address = workspace.seed.request_url or ""
    return address.replace("/slack/events", "/slack/oauth_redirect")
