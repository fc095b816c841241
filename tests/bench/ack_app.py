"""The peer of the acks: a bare Bolt app that acks and does no more, or writes one row first.

`/ask` and a modal sent off are acked; with a database each commits one INSERT before, as Bolt's own documentation
would have it done: SQLite through the driver on a worker thread (WAL, synchronous=FULL, one writer), PostgreSQL through
a small pool. A press on the card opens the modal that is sent off next. With `tuned` the answer leaves when the listener
is done, over one HTTP session, as Handoff's does; without, Bolt looks every ten milliseconds whether there is one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
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


class Nothing:
    """Writes nothing."""

    async def insert(self, body: Body) -> None:
        """Return at once."""


class OneRow:
    """Writes one row and commits it, on one thread: SQLite has one writer."""

    def __init__(self, path: str) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._thread.submit(self._open, path).result()

    def _open(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("CREATE TABLE asked (id INTEGER PRIMARY KEY, who TEXT, what TEXT)")

    async def insert(self, body: Body) -> None:
        """Return once the row is committed."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._insert, body)

    def _insert(self, body: Body) -> None:
        said = (body.get("user_id") or body["user"]["id"], json.dumps(body))
        self._connection.execute("INSERT INTO asked (who, what) VALUES (?, ?)", said)


def build(options: argparse.Namespace, said: Body, session: aiohttp.ClientSession | None) -> AsyncApp:
    """The app."""
    rows = OneRow(options.database) if options.database else Nothing()
    client = AsyncWebClient(token=options.bot_token, base_url=options.api_url, session=session)
    app = AsyncApp(
        client=client,
        token=options.bot_token,
        signing_secret=options.signing_secret,
        process_before_response=options.tuned,
    )

    @app.command("/ask")
    async def ask(ack: Ack, body: Body) -> None:
        await rows.insert(body)
        await ack()

    @app.action("accept")
    async def accept_pressed(ack: Ack, body: Body, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=said["accept_modal"])

    @app.view("accept")
    async def accepted(ack: Ack, body: Body) -> None:
        await rows.insert(body)
        await ack()

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
    parser.add_argument("--said", type=Path, required=True, help="JSON: accept_modal")
    parser.add_argument("--port", type=int, default=0, help="over HTTP on this port; 0: Socket Mode")
    parser.add_argument("--database", default="", help="a file for the one row")
    parser.add_argument("--tuned", action="store_true")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
