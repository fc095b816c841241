"""The demo's clock: held at each moment while the story is played, then running from now, and moved by the page."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.clock import MovableClock


class StoryClock(MovableClock):
    """Stands still while held; `move_to` lets it run again from there."""

    def __init__(self, held: datetime) -> None:
        super().__init__()
        self._held: datetime | None = held.astimezone(UTC)

    def now(self) -> datetime:
        """The instant it is held at, or the present instant of the running clock; aware, in UTC."""
        return self._held or super().now()

    def hold(self, at: datetime) -> None:
        """Stand still at an instant."""
        self._held = at.astimezone(UTC)

    def move_to(self, when: datetime) -> None:
        """Put the clock to `when` (aware); it runs on from there."""
        self._held = None
        super().move_to(when)
