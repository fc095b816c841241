"""What a check found."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Level(enum.StrEnum):
    """How bad it is."""

    GOOD = "ok"
    # It works, and something of it does not.
    NOTE = "note"
    WRONG = "FAIL"


@dataclass(frozen=True)
class Finding:
    """One thing that was checked, in a sentence that says how to mend it."""

    level: Level
    text: str

    @property
    def is_good(self) -> bool:
        """Whether Handoff can work with it."""
        return self.level is not Level.WRONG


def good(text: str) -> Finding:
    """All is well."""
    return Finding(Level.GOOD, text)


def note(text: str) -> Finding:
    """Worth knowing."""
    return Finding(Level.NOTE, text)


def wrong(text: str) -> Finding:
    """It has to be mended."""
    return Finding(Level.WRONG, text)
