"""One page of a list that may be long: nobody counts to the end of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
S = TypeVar("S")

# Beyond so many a count says no more than "many", and would cost more the more there are.
COUNTED = 100


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items of a list, in its order; `number` counts from one."""

    items: Sequence[T] = ()
    number: int = 1
    has_more: bool = False

    def each(self, draw: Callable[[T], S]) -> Page[S]:
        """The same page of what is made of each item."""
        return Page(tuple(draw(item) for item in self.items), self.number, self.has_more)


def page_of(number: int, size: int, load: Callable[[int, int], Sequence[T]]) -> Page[T]:
    """A page of what `load(offset, limit)` finds; the first one where that page is empty (by now)."""
    number = max(1, min(number, COUNTED // size + 1))
    items = load((number - 1) * size, size + 1)
    if not items and number > 1:
        return page_of(1, size, load)
    return Page(tuple(items[:size]), number, len(items) > size)
