"""Carries everything Slack sends to the app: acks, retries of events, and the faults of deliveries."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from bot.sandbox.clock import Clock
from bot.sandbox.delivery.answers import NOT_SENT, Answer
from bot.sandbox.delivery.transport import Kind, Transport
from bot.sandbox.faults import DeliveryFaults
from bot.sandbox.timetable import Timetable
from bot.sandbox.wire import JsonObject

# After the first try: at once, a minute later, five minutes later.
_RETRY_AFTER = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
_FAULT_NAMES: dict[Kind, str] = {
    "events_api": "event",
    "slash_commands": "command",
    "interactive": "interactive",
}


class Courier:
    """One for a workspace; events run in the background, commands and clicks are waited for."""

    def __init__(
        self, transport: Transport, clock: Clock, timetable: Timetable, faults: DeliveryFaults
    ) -> None:
        self.transport = transport
        self._clock = clock
        self._timetable = timetable
        self._faults = faults
        self._tasks: set[asyncio.Task[Any]] = set()
        self._held: dict[Kind, list[asyncio.Future[None]]] = {}
        self.in_flight = 0
        self.on_sent: Callable[[Kind, JsonObject], None] | None = None

    async def ask(self, kind: Kind, payload: JsonObject) -> Answer:
        """Sends a command or an interaction and returns the answer; Slack never repeats these."""
        return await self._deliver(kind, payload, retry=0, retry_reason="")

    def announce(self, payload: JsonObject) -> asyncio.Task[None]:
        """Sends an event in the background; the task ends with the answer to the first tries."""
        return self.in_background(self._event(payload, 0, ""))

    def in_background(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Runs work that must not get lost; settled() waits for it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    @property
    def is_idle(self) -> bool:
        """Tells whether nothing is on its way to the app."""
        return not self._tasks and self.in_flight == 0

    async def _event(self, payload: JsonObject, retry: int, reason: str) -> None:
        answer = await self._deliver("events_api", payload, retry=retry, retry_reason=reason)
        if answer.acked or answer.no_retry or retry >= len(_RETRY_AFTER):
            return
        wait = _RETRY_AFTER[retry]
        if not wait:
            await self._event(payload, retry + 1, answer.reason)
            return

        async def again() -> None:
            await self._event(payload, retry + 1, answer.reason)

        self._timetable.at(self._clock.now() + wait, again)

    async def _deliver(self, kind: Kind, payload: JsonObject, *, retry: int, retry_reason: str) -> Answer:
        self.in_flight += 1
        try:
            fault = self._faults.take(_FAULT_NAMES[kind])
            if fault is None:
                answer = await self._send(kind, payload, retry, retry_reason)
                self._release(kind)
                return answer
            if fault.action == "drop":
                return NOT_SENT
            if fault.action == "delay":
                await asyncio.sleep(fault.seconds)
            elif fault.action == "duplicate":
                self.in_background(self._send_unheard(kind, payload))
            elif fault.action == "reorder":
                await self._hold(kind)
            return await self._send(kind, payload, retry, retry_reason)
        finally:
            self.in_flight -= 1

    async def _send(self, kind: Kind, payload: JsonObject, retry: int, retry_reason: str) -> Answer:
        if self.on_sent is not None:
            self.on_sent(kind, payload)
        return await self.transport.send(kind, payload, retry=retry, retry_reason=retry_reason)

    async def _send_unheard(self, kind: Kind, payload: JsonObject) -> None:
        await self._send(kind, payload, 0, "")

    async def _hold(self, kind: Kind) -> None:
        """Waits until a later delivery of the same kind has been made."""
        held: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._held.setdefault(kind, []).append(held)
        await held

    def _release(self, kind: Kind) -> None:
        for held in self._held.pop(kind, ()):
            if not held.done():
                held.set_result(None)

    async def close(self) -> None:
        """Stops everything that is on its way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.transport.close()
