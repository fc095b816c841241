"""An app of plain functions behind the real slack_sdk Socket Mode client: enough to talk back to the workspace."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import LocalWorkspace

Payload = dict[str, Any]
Listener = Callable[[Payload], Awaitable[Any]]


class LittleApp:
    """Acks what comes with what its listener returns; a listener that returns `silent` sends no ack."""

    silent = object()

    def __init__(self, slack: LocalWorkspace) -> None:
        self.slack = slack
        self.requests: list[SocketModeRequest] = []
        self.listener: Listener | None = None

    async def __aenter__(self) -> LittleApp:
        self._session = aiohttp.ClientSession()
        self.web = AsyncWebClient(
            token=self.slack.seed.bot_token,
            base_url=self.slack.api_url,
            session=self._session,
            retry_handlers=[],
        )
        self.socket = SocketModeClient(
            self.slack.seed.app_token,
            web_client=AsyncWebClient(base_url=self.slack.api_url),
            trace_enabled=False,
        )
        self.socket.socket_mode_request_listeners.append(self._receive)
        await self.socket.connect()
        await self.slack.connected()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()
        await self._session.close()

    async def _receive(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.requests.append(request)
        answer = None if self.listener is None else await self.listener(request.payload)
        if answer is self.silent:
            return
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, answer))

    def payloads(self, kind: str) -> list[Payload]:
        """Lists what came of a kind: a type of payload, an event type, or "command"."""
        return [request.payload for request in self.requests if kind in _kinds(request)]


def _kinds(request: SocketModeRequest) -> tuple[str, ...]:
    if request.type == "slash_commands":
        return ("command",)
    if request.type == "events_api":
        return (request.payload["event"]["type"], request.payload["event"].get("subtype", ""))
    return (request.payload["type"],)
