"""Delegations one after another: whether a new one would close a circle, or make a chain that is too long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.errors import Refusal
from bot.people.refusals import DelegatesInACircle, DelegatesInALongChain
from bot.people.standing_in import LONGEST_CHAIN

Days = tuple[date, date]


@dataclass(frozen=True)
class Link:
    """Between two days, one person acts for another."""

    person_id: str
    delegate_id: str
    days: Days


@dataclass(frozen=True)
class Trouble:
    """The people through whom it would be handed on, in order."""

    people: tuple[str, ...]

    def refusal(self, names: Mapping[str, str]) -> Refusal:
        """What is refused, with their names."""
        called = tuple(names.get(person_id, person_id) for person_id in self.people)
        if self.people[0] == self.people[-1]:
            return DelegatesInACircle(called)
        return DelegatesInALongChain(called, LONGEST_CHAIN)


def common(one: Days, other: Days) -> Days | None:
    """The days that two stretches have in common."""
    first, last = max(one[0], other[0]), min(one[1], other[1])
    return (first, last) if first <= last else None


def trouble(known: Sequence[Link], new: Link) -> Trouble | None:
    """Why a new delegation cannot be taken beside those that are known; none where it can.

    Only days that all links of a chain have in common count.
    """
    for before, days in _paths_to(known, new.person_id, new.days):
        for after, _ in _paths_from(known, new.delegate_id, days):
            chain = (*before, *after)
            if len(set(chain)) < len(chain):
                start = chain.index(chain[-1])
                return Trouble(chain[start:])
            if len(chain) - 1 > LONGEST_CHAIN:
                return Trouble(chain)
    return None


def _paths_from(known: Sequence[Link], person_id: str, days: Days) -> Iterator[tuple[tuple[str, ...], Days]]:
    """Every way on from a person, the shortest first; one that comes back to where it was goes no further."""
    waiting: list[tuple[tuple[str, ...], Days]] = [((person_id,), days)]
    while waiting:
        path, left = waiting.pop(0)
        yield path, left
        if len(set(path)) < len(path):
            continue
        for link in known:
            shared = common(left, link.days)
            if link.person_id == path[-1] and shared:
                waiting.append(((*path, link.delegate_id), shared))


def _paths_to(known: Sequence[Link], person_id: str, days: Days) -> Iterator[tuple[tuple[str, ...], Days]]:
    """The same backwards: every way that leads to a person."""
    backwards = [Link(link.delegate_id, link.person_id, link.days) for link in known]
    for path, left in _paths_from(backwards, person_id, days):
        yield path[::-1], left
