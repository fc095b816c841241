"""Why somebody may not: who they are, or that nobody knows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

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
