"""Where in a typed line somebody says by when they need it; prose that only sounds like a date stays prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.requests.typed.date_grammar import read_date
from bot.requests.typed.date_meanings import Said, Trust

# Only so much of a line is searched, so that 40,000 characters cost no more than a thousand.
SEARCHED = 1000
_LONGEST = 8

_STRONG = re.compile(
    r"(?:(?:needed|required|wanted|due|deadline(?: is)?|fällig|gebraucht)[:,]?(?: (?:by|on|before|until|for|am|bis))?"
    r"|(?:no|not) later than|latest by|at the latest by|by|until|till|til|before"
    r"|spätestens(?: (?:am|bis))?|bis(?: spätestens)?(?: (?:zum|am))?|vor(?: dem)?)[ :]+",
    re.IGNORECASE,
)
_STRONG_WORDS = "needed required wanted due deadline fällig gebraucht no not latest at by until till til before spätestens bis vor"
_STRONG_FIRST = frozenset(_STRONG_WORDS.split())
_BEFORE = re.compile(r"\b(?:before|vor)\b", re.IGNORECASE)
_WEAK = re.compile(r"(?:on|am|for|für|fürs|zum)[ :]+", re.IGNORECASE)

# "Black Friday", "every Monday", "of this week" name something; they ask for nothing.
_NAMING_WORDS = (
    "black cyber good giving super easter ash holy casual blue bloody every each last past previous of from since to "
    "the a an and or than with until called about per between vs versus our their your this next in jeden jede letzten "
    "letzte vom seit und oder von"
)
_NAMING = frozenset(_NAMING_WORDS.split())
# Words that may follow a doubtful date ("by Mon if possible") without making it part of something else.
_FOLLOWING_WORDS = (
    "if please pls when with and or at latest incl including thanks bitte mit und oder wenn falls"
)
_LETTING_GO = frozenset(_FOLLOWING_WORDS.split())
_SHORT = frozenset({"may", "sat", "sun", "mon"})
_FRACTIONS = frozenset({"1/2", "1/3", "2/3", "1/4", "3/4", "1/5", "1/8", "1/10"})
_STOPS = ",;.!?:)]"


@dataclass(frozen=True)
class FoundDate:
    """A date in a line: which characters say it, the day, and whether the words must stay for what else they tell.

    `words` are the date's own, without what introduces it.
    """

    start: int
    end: int
    words: str
    day: date
    past: bool
    keep: bool


def warm_up() -> None:
    """Import and prime dateparser (0.4 s, 28 MB), so that the first person does not wait for it."""
    noon = datetime(2026, 11, 18, 12)  # noqa: DTZ001  a local time, any one
    for phrase in ("in two weeks", "in zwei wochen", "a month from now"):
        read_date(phrase, noon)


def announced_date(line: str, now: datetime) -> FoundDate | None:
    """The first date in a line that is introduced by "by", "until", "due" and their like; `now` is local."""
    words = list(re.finditer(r"\S+", line[:SEARCHED]))
    for at, word in enumerate(words):
        if word[0].lstrip("([").rstrip(":,").casefold() not in _STRONG_FIRST:
            continue
        for stop in range(min(len(words), at + _LONGEST), at + 1, -1):
            found = _read(line, words[at].start(), words[stop - 1].end(), now, (_STRONG,))
            if found is not None:
                return found
    return None


def closing_date(line: str, now: datetime) -> FoundDate | None:
    """The date a line ends with, introduced or not: "… on 27 Nov", "… tomorrow"; `now` is local."""
    end = len(line.rstrip())
    words = list(re.finditer(r"\S+", line[:end][-SEARCHED:]))[-_LONGEST:]
    shift = max(0, end - SEARCHED)
    for word in words:
        found = _read(line, word.start() + shift, end, now, (_STRONG, _WEAK, None))
        if found is not None:
            return found
    return None


def _read(
    line: str, start: int, end: int, now: datetime, intros: tuple[re.Pattern[str] | None, ...]
) -> FoundDate | None:
    """The date that exactly these characters say, brackets and stops aside."""
    raw = line[start:end]
    window = raw.lstrip("([")
    for intro in intros:
        lead = intro.match(window) if intro is not None else None
        if intro is not None and lead is None:
            continue
        typed = window[lead.end() :] if lead else window
        said = next(filter(None, (read_date(phrase, now) for phrase in _stripped(typed))), None)
        if said is None or not _believable(said, typed, line[:start], line[end:], intro):
            continue
        day = said.before if lead and _BEFORE.search(lead[0]) else said.day
        keep = said.clock or line[end:].lstrip()[:3].casefold() in {"or ", "ode"}
        return FoundDate(start, end, typed.rstrip(_STOPS), day, day < now.date(), keep)
    return None


def _stripped(typed: str) -> Iterator[str]:
    """The phrase with its last point, which may belong to the date ("27.11."), and without."""
    bare = typed.rstrip(_STOPS)
    if typed[len(bare) :].startswith(".") and bare[-1:].isdigit():
        yield bare + "."
    yield bare


def _believable(said: Said, typed: str, left: str, right: str, intro: re.Pattern[str] | None) -> bool:
    bare = typed.rstrip(_STOPS)
    if intro is None:
        last = re.search(r"(\S+)\s*$", left)
        named = last is not None and last[1].casefold().strip("([\"'“") in _NAMING
        return said.trust is Trust.ALONE and not named
    if bare in _FRACTIONS:
        return False
    following = right.split(maxsplit=1)
    ends = not following or typed != bare or following[0].casefold().strip(_STOPS) in _LETTING_GO
    if bare.casefold() in _SHORT:
        return ends and (
            bare[0].isupper() or (bare.casefold() != "may" and intro is _STRONG and not following)
        )
    if intro is _WEAK:
        return said.trust is not Trust.STRONGLY
    return ends or said.trust is Trust.ALONE
