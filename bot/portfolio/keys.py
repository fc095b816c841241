"""A project's key: what shape it has, and which one suits a name. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from itertools import count

SHORTEST, LONGEST = 2, 10
PROPOSED = 6
SHAPE = re.compile(r"[A-Z][A-Z0-9]{1,9}")
VOWELS = frozenset("AEIOU")


def normal_key(typed: str) -> str:
    """A key as it is stored: capitals, no spaces around it."""
    return typed.strip().upper()


def is_key(key: str) -> bool:
    """Whether this can be a key: 2 to 10 of A-Z and 0-9, a letter first."""
    return SHAPE.fullmatch(key) is not None


def propose_key(name: str, taken: Collection[str]) -> str:
    """A free key that reminds of the name: `Acme Website` → `ACME`, then `AW`, then `ACME2`, and so on."""
    candidates = [candidate for candidate in _candidates(_words(name)) if is_key(candidate)] or ["PROJECT"]
    for candidate in candidates:
        if candidate not in taken:
            return candidate
    for number in count(2):
        candidate = f"{candidates[0][: LONGEST - len(str(number))]}{number}"
        if candidate not in taken:
            return candidate
    raise AssertionError("unreachable: numbers do not end")


def _words(name: str) -> list[str]:
    # "Müller & Söhne" → MULLER, SOHNE: letters lose their marks; what no Latin letter can say is left out.
    plain = unicodedata.normalize("NFKD", name).upper()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    # An apostrophe joins ("Joe's" → JOES); everything else between letters parts words.
    return re.findall(r"[A-Z0-9]+", re.sub(r"['’]", "", plain))


def _candidates(words: list[str]) -> list[str]:
    words = [word.lstrip("0123456789") if index == 0 else word for index, word in enumerate(words)]
    words = [word for word in words if word]
    if not words:
        return []
    first = words[0]
    short = first if len(first) <= PROPOSED else first[0] + "".join(c for c in first[1:] if c not in VOWELS)
    initials = "".join(word[0] for word in words)[:LONGEST]
    return [short[:PROPOSED], initials, (short[:4] + "".join(word[0] for word in words[1:]))[:LONGEST]]
