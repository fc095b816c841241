"""The one call that needs no token: it brings one (`oauth.v2.access`)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.slack.gateway.failures import Refused, named
from bot.slack.gateway.lines import Clients, FixedLine

EXCHANGE_SECONDS = 10.0


@dataclass(frozen=True)
class Grant:
    """What Slack gives for a code. The token is in here: never log it."""

    token: str
    app_id: str
    scopes: str
    installed_by: str

    def __repr__(self) -> str:
        return f"Grant({self.app_id})"


async def exchange(
    clients: Clients, code: str, *, client_id: str, client_secret: str, redirect_uri: str | None
) -> Grant:
    """Exchange the code with which somebody came back for a bot token; raises `GatewayError`."""
    said_with = {"client_id": client_id, "client_secret": client_secret, "code": code}
    if redirect_uri:
        said_with["redirect_uri"] = redirect_uri
    async with named("oauth.v2.access"), asyncio.timeout(EXCHANGE_SECONDS):
        answer = await clients("").api_call("oauth.v2.access", data=said_with)
    said = answer.data if isinstance(answer.data, dict) else {}
    token = str(said.get("access_token") or "")
    if not token:
        raise Refused("oauth.v2.access", "no_bot_token")
    return Grant(
        token=token,
        app_id=str(said.get("app_id") or ""),
        scopes=str(said.get("scope") or ""),
        installed_by=str((said.get("authed_user") or {}).get("id") or ""),
    )


def line_of(clients: Clients, token: str) -> FixedLine:
    """A line under a token that was just given."""
    return FixedLine(clients(token))
