"""The page's live socket: pushes what changes for one person."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.sandbox.wire import JsonObject, dumps
from bot.sandbox.workspace import Workspace


class Live:
    """Every open page."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._sockets: set[web.WebSocketResponse] = set()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serves one page until it goes away."""
        try:
            member = self._workspace.member_named(request.query.get("as", ""))
        except LookupError:
            raise web.HTTPNotFound from None
        socket = web.WebSocketResponse(heartbeat=30.0)
        await socket.prepare(request)
        self._sockets.add(socket)
        with self._workspace.changes.watching(member.id) as queue:
            pushing = asyncio.get_running_loop().create_task(_push(socket, queue))
            try:
                async for _ in socket:
                    pass  # the page only listens
            finally:
                pushing.cancel()
                self._sockets.discard(socket)
        return socket

    async def close(self) -> None:
        """Closes every page's socket."""
        for socket in list(self._sockets):
            await socket.close()


async def _push(socket: web.WebSocketResponse, queue: asyncio.Queue[JsonObject]) -> None:
    while True:
        change = await queue.get()
        if socket.closed:
            return
        await socket.send_str(dumps(change))
