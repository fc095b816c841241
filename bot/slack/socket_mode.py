"""Socket Mode: Slack speaks to us over connections that we open, so no address of ours need be public."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

# Slack closes a connection every few hours; with two, one is always open.
CONNECTIONS = 2


@asynccontextmanager
async def connected(app: AsyncApp, app_token: str, *, connections: int = CONNECTIONS) -> AsyncIterator[None]:
    """Stay connected for as long as the block runs."""
    handlers = [AsyncSocketModeHandler(app, app_token, proxy=app.client.proxy) for _ in range(connections)]
    try:
        for handler in handlers:
            await handler.connect_async()  # type: ignore[no-untyped-call]
        yield
    finally:
        closing = [handler.close_async() for handler in handlers]  # type: ignore[no-untyped-call]
        await asyncio.gather(*closing, return_exceptions=True)
