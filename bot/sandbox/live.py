"""The page's live socket: pushes what changes for one person."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox.wire import JsonObject, dumps
from bot.sandbox.workspace import Workspace

_OWN_NAMES = frozenset({"127.0.0.1", "localhost"})


def demand_local_name(request: web.Request) -> None:
    """Refuses a foreign name for this address, so that no web site can talk to the workspace through DNS."""
    if urlsplit(f"//{request.host}").hostname not in _OWN_NAMES:
        raise web.HTTPForbidden


class Live:
    """Every open page."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._sockets: set[web.WebSocketResponse] = set()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serves one page until it goes away; pages of other origins are refused."""
        demand_local_name(request)
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden
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
