"""The peer: a bare Bolt app that acks and opens a fixed modal, and acks and calls `chat.update`. It knows nothing else.

It is set up as Bolt's own documentation shows: `AsyncApp` with a token and a signing secret and otherwise its
defaults, over `AsyncSocketModeHandler` on aiohttp, or behind uvicorn through `AsyncSlackRequestHandler`. With
`tuned` it gets what Handoff uses itself: the answer leaves when the listener is done, one HTTP session, no waiting.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import uvicorn
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

Ack = Callable[..., Awaitable[Any]]
Body = dict[str, Any]


def build(options: argparse.Namespace, said: Body, session: aiohttp.ClientSession | None) -> AsyncApp:
    """The app: what it shows is fixed, and of the size that Handoff shows."""
    client = AsyncWebClient(token=options.bot_token, base_url=options.api_url, session=session)
    app = AsyncApp(
        client=client,
        token=options.bot_token,
        signing_secret=options.signing_secret,
        process_before_response=options.tuned,
    )

    @app.command("/ask")
    async def ask(ack: Ack, body: Body, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=said["ask_modal"])

    @app.action("accept")
    async def accept_pressed(ack: Ack, body: Body, client: AsyncWebClient) -> None:
        await ack()
        place = f"{body['container']['channel_id']}:{body['container']['message_ts']}"
        view = {**said["accept_modal"], "private_metadata": place}
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.view("accept")
    async def accepted(ack: Ack, body: Body, client: AsyncWebClient) -> None:
        await ack()
        channel, ts = body["view"]["private_metadata"].split(":")
        await client.chat_update(channel=channel, ts=ts, **said["card"])

    return app


async def serve(options: argparse.Namespace) -> None:
    """Run until killed."""
    said = json.loads(options.said.read_text(encoding="utf-8"))
    session = aiohttp.ClientSession() if options.tuned else None
    app = build(options, said, session)
    if options.port:
        web = AsyncSlackRequestHandler(app)
        config = uvicorn.Config(web, port=options.port, log_config=None, access_log=False)
        await uvicorn.Server(config).serve()
    else:
        await AsyncSocketModeHandler(app, options.app_token).start_async()  # type: ignore[no-untyped-call]


def main() -> None:
    """Read the options and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--api-url", "--bot-token", "--app-token", "--signing-secret"):
        parser.add_argument(name, required=True)
    parser.add_argument("--said", type=Path, required=True, help="JSON: ask_modal, accept_modal, card")
    parser.add_argument("--port", type=int, default=0, help="over HTTP on this port; 0: Socket Mode")
    parser.add_argument("--tuned", action="store_true")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
