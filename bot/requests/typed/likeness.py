"""How much two titles ask for the same: pure, quick, and forgiving of word order and slips of the finger."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.requests.typed.misspellings import fold

# From here on two titles look like the same wish.
ALIKE = 0.6
# Two words are the same when so much of them is: "sign-up" and "signup", "logo" and "logos".
_SAME_WORD = 0.78
# Words that begin alike mean the same: "translate" and "translation".
_STEM = 6
_MOST_WORDS = 24
_FILLERS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "can",
        "could",
        "do",
        "for",
        "from",
        "get",
        "have",
        "i",
        "in",
        "into",
        "is",
        "it",
        "its",
        "let",
        "make",
        "me",
        "my",
        "need",
        "needs",
        "new",
        "of",
        "on",
        "or",
        "our",
        "out",
        "please",
        "should",
        "so",
        "some",
        "that",
        "the",
        "their",
        "them",
        "there",
        "this",
        "to",
        "too",
        "up",
        "us",
        "want",
        "wants",
        "we",
        "with",
        "would",
        "you",
        "your",
        "add",
        "adding",
        "change",
        "changing",
        "create",
        "put",
        "der",
        "die",
        "das",
        "den",
        "dem",
        "ein",
        "eine",
        "einen",
        "einer",
        "und",
        "oder",
        "für",
        "mit",
        "auf",
        "im",
        "in",
        "zu",
        "von",
        "bitte",
        "neu",
        "neue",
        "neuen",
        "neues",
        "hinzufügen",
    ]
)


def likeness(one: str, other: str) -> float:
    """How much of the words that matter two titles share, from 0 (nothing) to 1 (all of them)."""
    ours, theirs = words_of(one), words_of(other)
    whole = sum(map(len, ours)) + sum(map(len, theirs))
    if not ours or not theirs:
        return 0.0
    left = list(theirs)
    shared = 0
    for word in ours:
        found = next((candidate for candidate in left if _same(word, candidate)), None)
        if found is not None:
            left.remove(found)
            shared += len(word) + len(found)
    return shared / whole


@lru_cache(maxsize=4096)
def words_of(title: str) -> tuple[str, ...]:
    """The words of a title that say what is wanted, without case, accents and fillers."""
    # "sign-up" is one word as much as "signup" is.
    folded = fold(title[:200].replace("-", "")).split()[:_MOST_WORDS]
    return tuple(word for word in folded if word not in _FILLERS) or tuple(folded)


def _same(one: str, other: str) -> bool:
    if one == other or (len(one) >= _STEM and one[:_STEM] == other[:_STEM]):
        return True
    return OSA.normalized_similarity(one, other, score_cutoff=_SAME_WORD) > 0
