"""Socket Mode: single-use tickets, up to ten connections, envelopes and their acks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from bot.sandbox.delivery.answers import ACK_SECONDS, Answer
from bot.sandbox.delivery.awake import awake_limit
from bot.sandbox.delivery.transport import Kind
from bot.sandbox.ids import Ids
from bot.sandbox.wire import JsonObject, dumps, loads

MOST_CONNECTIONS = 10
_TICKETS_KEPT = 100
_ENVELOPES_REMEMBERED = 2000
# How long Slack says a connection lives; the warning comes ten seconds before.
CONNECTION_SECONDS = 3600
DEBUG_SECONDS = 360
_WARNING_SECONDS = 10
_PING_SECONDS = 20.0


@dataclass(eq=False)
class _Connection:
    socket: web.WebSocketResponse
    is_open: bool = True
    waiting: set[str] = field(default_factory=set)


class SocketMode:
    """The app's WebSocket connections; a payload goes to any one of them."""

    def __init__(
        self, app_id: str, ids: Ids, report: Callable[[str, str], None], on_connected: Callable[[bool], None]
    ) -> None:
        self._app_id = app_id
        self._ids = ids
        self._report = report
        self._on_connected = on_connected
        self._connections: list[_Connection] = []
        self._tickets: list[str] = []
        self._pending: dict[str, asyncio.Future[Answer]] = {}
        self._done: dict[str, str] = {}
        self._connected = asyncio.Event()
        self.ack_seconds = ACK_SECONDS
        self.connection_seconds: float = CONNECTION_SECONDS

    @property
    def is_connected(self) -> bool:
        """Tells whether any connection takes payloads."""
        return any(connection.is_open for connection in self._connections)

    @property
    def connection_count(self) -> int:
        """Counts the connections that take payloads."""
        return sum(1 for connection in self._connections if connection.is_open)

    async def until_connected(self, seconds: float = 5.0) -> None:
        """Waits until the app has connected. Raises TimeoutError."""
        await asyncio.wait_for(self._connected.wait(), seconds)

    def issue_ticket(self) -> str:
        """Returns a ticket that opens one connection."""
        ticket = self._ids.secret(32)
        self._tickets.append(ticket)
        del self._tickets[:-_TICKETS_KEPT]
        return ticket

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Serves one connection until it ends."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401, text="invalid ticket")
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse(heartbeat=_PING_SECONDS)
        await socket.prepare(request)
        if self.connection_count >= MOST_CONNECTIONS:
            await socket.send_str(dumps(self._goodbye("too_many_websockets")))
            await socket.close()
            return socket
        connection = _Connection(socket)
        debug = request.query.get("debug_reconnects") == "true"
        await self._serve(connection, DEBUG_SECONDS if debug else self.connection_seconds)
        return socket

    async def _serve(self, connection: _Connection, seconds: float) -> None:
        self._connections.append(connection)
        timers = self._plan_the_end(connection, seconds)
        try:
            # Who is killed while being spoken to just goes.
            with suppress(ConnectionResetError):
                await connection.socket.send_str(dumps(self._hello(seconds)))
                self._note_connected()
                async for frame in connection.socket:
                    if frame.type is WSMsgType.TEXT:
                        self._read(frame.data, connection)
        finally:
            for timer in timers:
                timer.cancel()
            connection.is_open = False
            self._connections.remove(connection)
            self._fail_waiting(connection)
            self._note_connected()

    def _plan_the_end(self, connection: _Connection, seconds: float) -> list[asyncio.TimerHandle]:
        loop = asyncio.get_running_loop()
        running: set[asyncio.Task[None]] = set()

        def say(reason: str) -> None:
            task = loop.create_task(self._say_goodbye(connection, reason))
            running.add(task)
            task.add_done_callback(running.discard)

        return [
            loop.call_later(max(0.0, seconds - _WARNING_SECONDS), say, "warning"),
            loop.call_later(seconds, say, "refresh_requested"),
        ]

    async def disconnect(self, reason: str) -> None:
        """Sends "warning", "refresh_requested" or "link_disabled" to every connection."""
        for connection in list(self._connections):
            await self._say_goodbye(connection, reason)

    async def _say_goodbye(self, connection: _Connection, reason: str) -> None:
        if connection.socket.closed:
            return
        await connection.socket.send_str(dumps(self._goodbye(reason)))
        if reason == "warning":
            return
        # Nothing new is routed here; what is on its way may still be acked, so the app does the closing.
        connection.is_open = False
        self._note_connected()
        if reason == "link_disabled":
            await connection.socket.close()

    def _hello(self, seconds: float) -> JsonObject:
        return {
            "type": "hello",
            "num_connections": self.connection_count,
            "debug_info": {
                "host": "applink-local",
                "build_number": 1,
                "approximate_connection_time": int(seconds),
            },
            "connection_info": {"app_id": self._app_id},
        }

    def _goodbye(self, reason: str) -> JsonObject:
        return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-local"}}

    def _note_connected(self) -> None:
        connected = self.is_connected
        if connected != self._connected.is_set():
            if connected:
                self._connected.set()
            else:
                self._connected.clear()
            self._on_connected(connected)

    async def send(
        self, kind: Kind, payload: JsonObject, *, retry: int = 0, retry_reason: str = ""
    ) -> Answer:
        """Sends an envelope over any open connection and waits for its ack."""
        open_now = [connection for connection in self._connections if connection.is_open]
        if not open_now:
            return Answer(False, reason="connection_failed")
        connection = open_now[self._ids.pick(len(open_now))]
        envelope_id = self._ids.secret(20)
        envelope: JsonObject = {
            "envelope_id": envelope_id,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": _accepts_payload(kind, payload),
        }
        if kind == "events_api":
            envelope.update(retry_attempt=retry, retry_reason=retry_reason)
        return await self._exchange(connection, envelope_id, kind, dumps(envelope))

    async def _exchange(self, connection: _Connection, envelope_id: str, kind: Kind, frame: str) -> Answer:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        self._pending[envelope_id] = future
        connection.waiting.add(envelope_id)
        start = loop.time()
        try:
            await connection.socket.send_str(frame)
            async with awake_limit(self.ack_seconds):
                answer = await future
            outcome = "acked"
        except TimeoutError:
            answer, outcome = Answer(False, reason="timeout"), "late"
            self._report("no_ack", f"No ack within {self.ack_seconds:g} s for an envelope of type {kind}.")
        except ConnectionResetError:
            answer, outcome = Answer(False, reason="connection_failed"), "late"
        finally:
            self._pending.pop(envelope_id, None)
            connection.waiting.discard(envelope_id)
        self._remember(envelope_id, outcome)
        return Answer(answer.acked, answer.body, answer.reason, loop.time() - start)

    def _remember(self, envelope_id: str, outcome: str) -> None:
        self._done[envelope_id] = outcome
        if len(self._done) > _ENVELOPES_REMEMBERED:
            del self._done[next(iter(self._done))]

    def _read(self, data: str, connection: _Connection) -> None:
        try:
            frame = loads(data)
        except ValueError:
            self._report("bad_frame", "The app sent a frame that is not JSON.")
            return
        if not isinstance(frame, dict):
            self._report("bad_frame", "The app sent a frame that is not a JSON object.")
            return
        envelope_id = frame.get("envelope_id")
        future = self._pending.get(str(envelope_id))
        if future is not None and not future.done():
            connection.waiting.discard(str(envelope_id))
            future.set_result(Answer(True, frame.get("payload")))
        elif self._done.get(str(envelope_id)) == "late":
            self._report("late_ack", f"An ack came after more than {self.ack_seconds:g} s.")
        elif str(envelope_id) not in self._done:
            self._report("unknown_envelope", f"An ack for an unknown envelope: {envelope_id}.")

    def _fail_waiting(self, connection: _Connection) -> None:
        for envelope_id in connection.waiting:
            future = self._pending.get(envelope_id)
            if future is not None and not future.done():
                future.set_result(Answer(False, reason="connection_failed"))

    async def close(self) -> None:
        """Closes every connection."""
        for connection in list(self._connections):
            connection.is_open = False
            await connection.socket.close()


def _accepts_payload(kind: Kind, payload: JsonObject) -> bool:
    if kind == "slash_commands":
        return True
    return kind == "interactive" and payload.get("type") in ("view_submission", "block_suggestion")
