"""The clock the local workspace lives by: given from outside, so that a test or the demo can move it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol, runtime_checkable


class Clock(Protocol):
    """Tells the time, aware and in UTC."""

    def now(self) -> datetime: ...


@runtime_checkable
class Movable(Protocol):
    """A clock that can be put to another time; the page then shows its clock bar."""

    def move_to(self, when: datetime) -> None: ...


class WallClock:
    """The machine's own clock, for a workspace that runs in its own process."""

    def now(self) -> datetime:
        """Returns the present moment in UTC."""
        return datetime.now(UTC)
