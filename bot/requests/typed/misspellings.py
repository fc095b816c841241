"""Names compared as people mean them: without case and accents, and with the odd slip of the finger."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that somebody may have meant by a misspelt word; None if none is near enough."""
    folded = {fold(choice): choice for choice in choices}
    typed = fold(word)[:60]
    if typed in folded:
        return folded[typed]
    found = process.extractOne(
        typed, list(folded), scorer=OSA.normalized_similarity, score_cutoff=0.6 if len(typed) > 3 else 0.66
    )
    if found is None:
        starting = [choice for start, choice in folded.items() if len(typed) > 1 and start.startswith(typed)]
        return starting[0] if len(starting) == 1 else None
    return folded[found[0]]


def fold(text: str) -> str:
    """A name without case, accents and punctuation: "Müller & Söhne-Shop" is "muller sohne shop"."""
    return _folded(text[:200])  # clipped before it is remembered


@lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    plain = []
    for char in unicodedata.normalize("NFKD", text).casefold():
        if char.isalnum():
            plain.append(char)
        elif char in " -_/.\u00a0":
            plain.append(" ")
    return " ".join("".join(plain).split())
