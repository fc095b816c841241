"""Socket Mode: Slack speaks to us over connections that we open, so no address of ours need be public."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import WSMessage
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.slack.delivery.rush import Rush
from bot.slack.echoes import PeopleFirst
from bot.slack.payloads import is_our_own
from bot.slack.shapes import is_readable
from bot.telemetry.work import arrived

log = logging.getLogger(__name__)

# Slack closes a connection every few hours; with two, one is always open.
CONNECTIONS = 2
# What is under way when we are told to stop has so long to be answered: Slack does not wait longer.
ANSWER_SECONDS = 3.0
# A dead peer answers no goodbye.
CLOSE_SECONDS = 1.0
# The client pings this often; a peer that does not answer half as long is taken for dead, and replaced.
PING_SECONDS = 10.0
# Beside it stands a watchdog: whatever the client believes, who is closed for two looks is connected anew.
WATCH_SECONDS = 10.0
_REASONS = {
    "link_disabled": "Slack has switched Socket Mode off for this app: switch it on again on the app's page.",
    "too_many_websockets": "Slack allows ten Socket Mode connections for an app: run fewer processes, or use HTTP.",
}


class _Handler(AsyncSocketModeHandler):
    """Bolt's handler, which does not bother Bolt with the echo of our own messages."""

    def __init__(self, app: AsyncApp, app_token: str, bot_id: str, rush: Rush) -> None:
        super().__init__(app, app_token, proxy=app.client.proxy, ping_interval=PING_SECONDS)
        self._bot_id = bot_id
        self.client.message_queue = PeopleFirst(rush, bot_id)
        self._under_way: set[asyncio.Task[Any]] = set()
        self.client.on_message_listeners.append(_note_goodbye)

    async def answered(self) -> None:
        """Wait until what has come in is answered, as long as Slack waits for it."""
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=ANSWER_SECONDS)

    async def end(self) -> None:
        """Close the connection, whether anybody answers or not."""
        async with asyncio.timeout(CLOSE_SECONDS):
            await self.close_async()  # type: ignore[no-untyped-call]

    async def reconnect(self) -> None:
        """Open a connection in place of one that is gone."""
        async with asyncio.timeout(PING_SECONDS * 2):
            await self.client.connect_to_new_endpoint(force=True)

    async def handle(  # type: ignore[override]  # Bolt narrows it just so
        self, client: SocketModeClient, req: SocketModeRequest
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        arrived()
        # The echo first: there is one for every card that is redrawn, with all of its blocks.
        is_echo = req.type == "events_api" and is_our_own(req.payload, self._bot_id)
        if is_echo or not is_readable(req.payload):
            if not is_echo:
                # Bolt would stumble over it, and Slack would send it again: it is taken, and that is all.
                log.warning("a delivery of no known shape was put aside: %s", req.type)
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
            return
        try:
            await super().handle(client, req)
        except ConnectionError as error:
            # We were told to stop, or Slack hung up: what was done stands, and Slack delivers again what it has to.
            log.warning("an answer came after its connection had ended (%s): %s", req.type, error)


@asynccontextmanager
async def connected(
    app: AsyncApp, app_token: str, *, rush: Rush, bot_id: str = "", connections: int = CONNECTIONS
) -> AsyncIterator[Callable[[], int]]:
    """Stay connected for as long as the block runs; what `bot_id` itself wrote is acknowledged, after a `rush`, and no more.

    Gives a function that tells how many connections are open right now.
    """
    watch: asyncio.Task[None] | None = None
    handlers = [_Handler(app, app_token, bot_id, rush) for _ in range(connections)]
    try:
        for handler in handlers:
            await handler.connect_async()  # type: ignore[no-untyped-call]
        watch = asyncio.create_task(_watch(handlers))
        yield lambda: sum(_is_open(handler.client) for handler in handlers)
    finally:
        if watch is not None:
            watch.cancel()
        # The answers first: they leave by the connection that the question came by.
        await asyncio.gather(*(handler.answered() for handler in handlers))
        await asyncio.gather(*(handler.end() for handler in handlers), return_exceptions=True)


async def _watch(handlers: Sequence[_Handler]) -> None:
    """Say when a connection is lost or back, and replace what its client does not replace."""
    closed: set[_Handler] = set()
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        still = {handler for handler in handlers if not _is_open(handler.client)}
        if len(still) != len(closed):
            level = logging.ERROR if len(still) == len(handlers) else logging.WARNING
            log.log(
                level if still else logging.INFO,
                "Socket Mode: %d of %d connections are open",
                len(handlers) - len(still),
                len(handlers),
            )
        for handler in still & closed:
            try:
                await handler.reconnect()
            except Exception as error:
                log.warning("Socket Mode: a connection could not be replaced: %s", type(error).__name__)
        closed = still


async def _note_goodbye(frame: WSMessage) -> None:
    """Say why Slack ends a connection, where somebody has to do something about it."""
    if '"disconnect"' not in str(frame.data)[:200]:
        return
    for reason, sentence in _REASONS.items():
        if f'"{reason}"' in frame.data:
            log.error("%s", sentence)


def _is_open(client: SocketModeClient) -> bool:
    session = client.current_session
    return not client.closed and session is not None and not session.closed
