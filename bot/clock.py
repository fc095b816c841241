"""The one place that asks what time it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

# A clock that is set right in small steps is steady; one that moves further at once has jumped.
MOST_SLIP = timedelta(seconds=2)
# What was under way when it jumped is over by then.
STEADY_AGAIN = timedelta(seconds=30)


class Clock(Protocol):
    """Whatever tells the time: the system's clock, or one that a demo or a test moves."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    def is_steady(self) -> bool:
        """Whether it has not jumped lately, as far as it was asked: else what is over by it may go on."""
        ...


class Steadiness:
    """Whether a clock goes like one that cannot be set."""

    def __init__(self, now: Callable[[], datetime], *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._seconds = seconds
        self._zero = self._at_zero()
        self._jumped_at: float | None = None

    def is_steady(self) -> bool:
        """Whether it has gone evenly for half a minute, at every time it was asked."""
        zero = self._at_zero()
        if abs(zero - self._zero) > MOST_SLIP:
            self._jumped_at = self._seconds()
        self._zero = zero
        return self._jumped_at is None or self._seconds() - self._jumped_at >= STEADY_AGAIN.total_seconds()

    def _at_zero(self) -> datetime:
        # The instant at which the other clock stood at nothing: it is the same for ever, unless this one is set.
        return self._now() - timedelta(seconds=self._seconds())


class SystemClock:
    """The machine's own clock."""

    def __init__(self) -> None:
        self._steadiness = Steadiness(self.now)

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)

    def is_steady(self) -> bool:
        """Whether nobody has set it within the last half minute."""
        return self._steadiness.is_steady()


class MovableClock:
    """A clock that runs at the usual pace from wherever it was last put: the demo's."""

    def __init__(self, start: datetime | None = None) -> None:
        self._ahead = timedelta()
        if start is not None:
            self.move_to(start)

    def now(self) -> datetime:
        """The present instant of this clock, aware, in UTC."""
        return datetime.now(UTC) + self._ahead

    def is_steady(self) -> bool:
        """It is moved on purpose: time has passed, then."""
        return True

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

    def is_steady(self) -> bool:
        """It is moved on purpose: time has passed, then."""
        return True

    def move_to(self, when: datetime) -> None:
        """Put the clock to `when` (aware)."""
        self._now = when.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move the clock on by a span."""
        self._now += by
