"""Socket Mode: Slack speaks to us over connections that we open, so no address of ours need be public."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.slack.payloads import is_our_own
from bot.slack.shapes import is_readable
from bot.telemetry.work import arrived

log = logging.getLogger(__name__)

# Slack closes a connection every few hours; with two, one is always open.
CONNECTIONS = 2


class _Handler(AsyncSocketModeHandler):
    """Bolt's handler, which does not bother Bolt with the echo of our own messages."""

    def __init__(self, app: AsyncApp, app_token: str, bot_id: str) -> None:
        super().__init__(app, app_token, proxy=app.client.proxy)
        self._bot_id = bot_id

    async def handle(  # type: ignore[override]  # Bolt narrows it just so
        self, client: SocketModeClient, req: SocketModeRequest
    ) -> None:
        arrived()
        if not is_readable(req.payload):
            # Bolt would stumble over it, and Slack would send it again: it is taken, and that is all.
            log.warning("a delivery of no known shape was put aside: %s", req.type)
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
            return
        if req.type == "events_api" and is_our_own(req.payload, self._bot_id):
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
            return
        await super().handle(client, req)


@asynccontextmanager
async def connected(
    app: AsyncApp, app_token: str, *, bot_id: str = "", connections: int = CONNECTIONS
) -> AsyncIterator[Callable[[], int]]:
    """Stay connected for as long as the block runs; what `bot_id` itself wrote is acknowledged and no more.

    Gives a function that tells how many connections are open right now.
    """
    handlers = [_Handler(app, app_token, bot_id) for _ in range(connections)]
    try:
        for handler in handlers:
            await handler.connect_async()  # type: ignore[no-untyped-call]
        yield lambda: sum(_is_open(handler.client) for handler in handlers)
    finally:
        closing = [handler.close_async() for handler in handlers]  # type: ignore[no-untyped-call]
        await asyncio.gather(*closing, return_exceptions=True)


def _is_open(client: SocketModeClient) -> bool:
    session = client.current_session
    return not client.closed and session is not None and not session.closed
