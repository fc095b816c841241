"""Looking at a token, for `handoff check`: whose it is, what it may do, and what time it is at Slack."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TypeAlias

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.gateway.failures import named

PATIENCE_SECONDS = 10.0
# What a token is looked at through; nobody else needs to know whose class it is.
Client: TypeAlias = AsyncWebClient


@dataclass(frozen=True)
class TokenFacts:
    """What Slack says of a bot token; `scopes` and `server_time` are missing where its answer has no such header."""

    team: str
    bot_id: str
    # The organisation that the workspace is in; empty where it stands alone.
    enterprise_id: str
    scopes: frozenset[str] | None
    server_time: datetime | None


async def inspect_token(client: AsyncWebClient) -> TokenFacts:
    """Whose token the client has. Raises `GatewayError`."""
    async with named("auth.test"), asyncio.timeout(PATIENCE_SECONDS):
        answer = await client.auth_test()
    headers = {name.lower(): value for name, value in answer.headers.items()}
    listed, date = headers.get("x-oauth-scopes"), headers.get("date")
    scopes = None if listed is None else frozenset(part.strip() for part in listed.split(",") if part.strip())
    return TokenFacts(
        team=str(answer.get("team") or ""),
        bot_id=str(answer.get("bot_id") or ""),
        enterprise_id=str(answer.get("enterprise_id") or ""),
        scopes=scopes,
        server_time=None if date is None else parsedate_to_datetime(date),
    )


async def try_app_token(client: AsyncWebClient, token: str) -> None:
    """Ask for a Socket Mode connection, which nobody opens. Raises `GatewayError`."""
    async with named("apps.connections.open"), asyncio.timeout(PATIENCE_SECONDS):
        await client.apps_connections_open(app_token=token)
