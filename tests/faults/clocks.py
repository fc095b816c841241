"""The clock of the bench: one for Slack and for every process, and a wrong one for the processes on demand.

It is sixteen bytes in a file that all of them map: moving it takes effect everywhere at once.
"""

from __future__ import annotations

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.clock import Steadiness

_AHEAD, _SKEW = 0, 8
_NUMBER = struct.Struct("d")


class SharedClock:
    """Runs at the usual pace; `move_by` moves everybody's, `go_wrong` only that of Handoff's machine."""

    def __init__(self, path: Path, *, is_machine: bool = False) -> None:
        """Opens the clock, made if need be; `is_machine`: as Handoff's own machine reads it."""
        if not path.exists():
            path.write_bytes(bytes(16))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), 16)
        self._is_machine = is_machine
        self._steadiness = Steadiness(self._as_machine)

    def now(self) -> datetime:
        """The present instant of this clock, aware, in UTC."""
        ahead = self._read(_AHEAD) + (self._read(_SKEW) if self._is_machine else 0.0)
        return datetime.now(UTC) + timedelta(seconds=ahead)

    def is_steady(self) -> bool:
        """Whether the machine's clock has not gone wrong lately; where everybody's moves, time has passed."""
        return self._steadiness.is_steady()

    def move_to(self, when: datetime) -> None:
        """Puts everybody's clock to an instant."""
        self.move_by((when - datetime.now(UTC)).total_seconds() - self._read(_AHEAD))

    def move_by(self, seconds: float) -> None:
        """Lets time pass for everybody."""
        self._write(_AHEAD, self._read(_AHEAD) + seconds)

    def go_wrong(self, seconds: float) -> None:
        """Puts the clock of Handoff's machine so far beside Slack's; zero mends it."""
        self._write(_SKEW, seconds)

    def _as_machine(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self._read(_SKEW))

    def _read(self, at: int) -> float:
        number: float = _NUMBER.unpack_from(self._map, at)[0]
        return number

    def _write(self, at: int, number: float) -> None:
        _NUMBER.pack_into(self._map, at, number)
