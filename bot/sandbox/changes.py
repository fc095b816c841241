"""Tells whoever watches (the page's sockets) what has changed, person by person."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from bot.sandbox.wire import JsonObject


class Changes:
    """A small pub/sub: each watcher has a queue and sees what its person may see."""

    def __init__(self) -> None:
        self._watchers: dict[str, list[asyncio.Queue[JsonObject]]] = {}

    @contextmanager
    def watching(self, user: str) -> Iterator[asyncio.Queue[JsonObject]]:
        """Gives a queue of everything that changes for this person from now on."""
        queue: asyncio.Queue[JsonObject] = asyncio.Queue()
        self._watchers.setdefault(user, []).append(queue)
        try:
            yield queue
        finally:
            self._watchers[user].remove(queue)

    @property
    def is_watched(self) -> bool:
        """Tells whether anybody watches, so that nothing is drawn up for nobody."""
        return any(self._watchers.values())

    def tell(self, users: Iterable[str], change: JsonObject) -> None:
        """Tells these people of a change."""
        for user in users:
            for queue in self._watchers.get(user, ()):
                queue.put_nowait(change)

    def tell_everyone(self, change: JsonObject) -> None:
        """Tells every watcher of a change."""
        self.tell(list(self._watchers), change)
