"""Ids that sort by the time they were made (UUID version 7, RFC 9562)."""

from __future__ import annotations

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """A UUIDv7 that rises within this process, so that rows made in one millisecond keep their order.

    The 74 bits after the milliseconds hold a 42-bit counter seeded at random and 32 random bits.
    """
    global _last  # noqa: PLW0603 (one counter per process is the point)
    with _lock:
        stamp = time.time_ns() // 1_000_000 << 42
        _last = _last + 1 if _last >= stamp else stamp | (int.from_bytes(os.urandom(5)) >> 8)
        head = _last
    milliseconds, counter = head >> 42, head & ((1 << 42) - 1)
    bits = milliseconds << 80 | 7 << 76 | (counter >> 30) << 64
    bits |= 0b10 << 62 | (counter & ((1 << 30) - 1)) << 32 | int.from_bytes(os.urandom(4))
    return UUID(int=bits)


def made_at(made: UUID) -> int:
    """When an id was made, by the clock of the machine that made it (milliseconds since 1970)."""
    return made.int >> 80
