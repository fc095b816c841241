"""Why somebody may not: who they are, or that nobody knows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from bot.errors import Refusal


@dataclass(unsafe_hash=True)
class UnknownPerson(Refusal):
    """Handoff has never met this Slack user, or they left."""

    person_id: str


@dataclass(unsafe_hash=True)
class ExternalPerson(Refusal):
    """A guest, or somebody from another company: may look where they already are, may not act."""

    person_id: str
    name: str


@dataclass(unsafe_hash=True)
class NotYourSettings(Refusal):
    """Only a Slack admin or the present director changes the workspace's settings."""

    director: str


@dataclass(unsafe_hash=True)
class NoWorkingDay(Refusal):
    """A week in which nobody works."""


@dataclass(unsafe_hash=True)
class EndsBeforeItBegins(Refusal):
    """A working day that is over before it starts."""

    start: time
    end: time


@dataclass(unsafe_hash=True)
class UnknownHolidays(Refusal):
    """Nobody knows the public holidays of this place."""

    code: str


@dataclass(unsafe_hash=True)
class NoTarget(Refusal):
    """Not a time in which an answer could be due; `most` in working minutes."""

    most: int


@dataclass(unsafe_hash=True)
class EndsBeforeStart(Refusal):
    """An absence that is over before it begins."""

    first_day: date
    last_day: date


@dataclass(unsafe_hash=True)
class AbsenceOver(Refusal):
    """All of its days are past."""

    last_day: date


@dataclass(unsafe_hash=True)
class AbsenceTooLong(Refusal):
    """More days than an absence has; `most` is the bound."""

    days: int
    most: int


@dataclass(unsafe_hash=True)
class AbsenceTooFar(Refusal):
    """It begins so far from today that the year is most likely wrong."""

    first_day: date


@dataclass(unsafe_hash=True)
class NoteTooLong(Refusal):
    """A note that nobody would read."""

    length: int
    limit: int


@dataclass(unsafe_hash=True)
class DelegateOneself(Refusal):
    """Nobody acts for themselves while they are away."""


@dataclass(unsafe_hash=True)
class AbsencesOverlap(Refusal):
    """On some of these days an absence is set already."""

    first_day: date
    last_day: date
    delegate: str


@dataclass(unsafe_hash=True)
class DelegatesInACircle(Refusal):
    """What is handed on would come back to who handed it on: the names, in order."""

    names: tuple[str, ...]


@dataclass(unsafe_hash=True)
class DelegatesInALongChain(Refusal):
    """It would be handed on more often than `most` times: the names, in order."""

    names: tuple[str, ...]
    most: int


@dataclass(unsafe_hash=True)
class NoSuchAbsence(Refusal):
    """This absence is over, was taken back, or never was."""


@dataclass(unsafe_hash=True)
class NotYourAbsence(Refusal):
    """Only who is away, the director and Slack admins change an absence."""

    name: str


@dataclass(unsafe_hash=True)
class NeedsDirector(Refusal):
    """Nobody could agree a second time: no director is named."""


@dataclass(unsafe_hash=True)
class LineOutOfBounds(Refusal):
    """Below zero, or more than anything plausible."""
