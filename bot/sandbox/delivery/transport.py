"""What both ways to the app have in common."""

from __future__ import annotations

from typing import Literal, Protocol

from bot.sandbox.delivery.answers import Answer
from bot.sandbox.wire import JsonObject

Kind = Literal["events_api", "interactive", "slash_commands"]


class Transport(Protocol):
    """A way to the app: Socket Mode or signed HTTP."""

    async def send(
        self, kind: Kind, payload: JsonObject, *, retry: int = 0, retry_reason: str = ""
    ) -> Answer:
        """Sends one payload and waits for the answer, three seconds at most."""
        ...

    @property
    def is_connected(self) -> bool:
        """Tells whether there is anybody to send to."""
        ...

    async def close(self) -> None:
        """Ends it."""
        ...
