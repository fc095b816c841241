"""What the words for a client are about, besides what the card says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Offered:
    """One option on the table, as the client may see it."""

    letter: str
    what: str
    minutes: int = 0
    fee_minor: int = 0
    due_on: date | None = None


@dataclass(frozen=True)
class WordsAbout:
    """What one step adds; everything in it is meant for the client, and no internal reason is."""

    # The day by which the client gets an answer; none where it is over.
    owed_on: date | None = None
    question: str = ""
    options: tuple[Offered, ...] = ()
    # Until when offers stand, or by when a condition has to be met.
    until: date | None = None
    condition: str = ""
    # What goes out for it, in a swap.
    out: tuple[str, ...] = ()


NOTHING_MORE = WordsAbout()
