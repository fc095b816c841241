"""The one place that asks what time it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Whatever tells the time: the system's clock, or one that a demo or a test moves."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


class MovableClock:
    """A clock that runs at the usual pace from wherever it was last put: the demo's."""

    def __init__(self, start: datetime | None = None) -> None:
        self._ahead = timedelta()
        if start is not None:
            self.move_to(start)

    def now(self) -> datetime:
        """The present instant of this clock, aware, in UTC."""
        return datetime.now(UTC) + self._ahead

    def move_to(self, when: datetime) -> None:
        """Put the clock to `when` (aware); it goes on running from there."""
        self._ahead = when.astimezone(UTC) - datetime.now(UTC)


class FrozenClock:
    """A clock that stands still until it is moved: for tests and for replaying a history."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """The instant this clock was last put to, aware, in UTC."""
        return self._now

    def move_to(self, when: datetime) -> None:
        """Put the clock to `when` (aware)."""
        self._now = when.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move the clock on by a span."""
        self._now += by
