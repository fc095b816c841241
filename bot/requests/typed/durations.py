"""Where in a typed line somebody guesses the effort ("~3h", "about 2 days"); other lengths of time stay prose."""

from __future__ import annotations

import re
from dataclasses import dataclass

MINUTES_OF_A_DAY = 8 * 60  # a day of work
MOST_MINUTES = 2_000 * 60  # beyond a person's year it is no guess of effort
_SEARCHED = 1000
_LONGEST = 6

_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "one ein eine einen einer",
            "two zwei",
            "three drei",
            "four vier",
            "five fünf",
            "six sechs",
            "seven sieben",
            "eight acht",
            "nine neun",
            "ten zehn",
        ),
        start=1,
    )
    for word in words.split()
}
_NO = r"(?:\d{1,4}(?:[.,]\d{1,2})?½?|½|" + "|".join(_NUMBERS) + "|an?)"
_HOURS, _DAYS = (
    r"(?:h|hr|hrs|hours?|std|stunden?)",
    r"(?:d|(?:man|person)?[ -]?days?|(?:personen)?tagen?|(?:personen)?tag)",
)
_MINUTES = r"(?:min|mins|minutes?|minuten?)"
_PLAIN = re.compile(rf"(?:{_NO} ?(?:-|–|to|bis) ?)?({_NO}) ?-?(?:({_HOURS})|({_DAYS})|({_MINUTES}|m))\.?")
_HOURS_AND_MINUTES = re.compile(rf"(\d{{1,3}}) ?{_HOURS} ?(?:and |und )?(\d{{1,2}}) ?(?:m|{_MINUTES})?\.?")
_HALF = re.compile(
    r"(?:half an? |a half |eine halbe |einen halben |halbe |halber |halben |1/2 )(?:(hour|stunde)|(day|tag))"
)
_AND_A_HALF = re.compile(r"(?:an?|one) (?:(hour)|(day)) and a half")

_TILDE = re.compile(
    r"(?:(?:for|takes?|needs?|est\.?|estimate:?|effort:?|aufwand:?|dauert) )?[~≈] ?", re.IGNORECASE
)
_MARK = re.compile(
    r"(?:about|approx\.?|approximately|around|roughly|circa|ca\.?|etwa|ungefähr|rund"
    r"|est\.?|estimated?(?: at)?:?|effort:?|aufwand:?)[ :]*",
    re.IGNORECASE,
)
# What stands before a length of time that is no effort: "within 24 hours", "every 2 days", "for 3 days".
_OTHER_TIME_WORDS = (
    "in within every after for last next past first to of than under over from per each between by until before since at "
    "a the only open is are lasts take takes alle nach seit für binnen innerhalb von pro jede jeden auf um vor"
)
_OTHER_TIMES = frozenset(_OTHER_TIME_WORDS.split())
_LOOKS_DIFFERENT = {"24h", "24 h", "24 hours", "2D", "3D", "3d", "3-d", "4D", "4d"}


@dataclass(frozen=True)
class FoundEffort:
    """An effort in a line: which characters say it, and its working minutes."""

    start: int
    end: int
    minutes: int


def read_effort(phrase: str) -> int | None:
    """The working minutes that a whole phrase names ("1,5h", "half a day", "2-3 hours": the larger); None if it is none."""
    phrase = " ".join(phrase.casefold().split())
    if (found := _HALF.fullmatch(phrase)) is not None:
        return 30 if found[1] else MINUTES_OF_A_DAY // 2
    if (found := _AND_A_HALF.fullmatch(phrase)) is not None:
        return 90 if found[1] else MINUTES_OF_A_DAY * 3 // 2
    if (found := _HOURS_AND_MINUTES.fullmatch(phrase)) is not None:
        minutes = float(int(found[1]) * 60 + int(found[2]))
    elif (found := _PLAIN.fullmatch(phrase)) is not None:
        minutes = _number(found[1]) * (60 if found[2] else MINUTES_OF_A_DAY if found[3] else 1)
    else:
        return None
    return round(minutes) if 1 <= minutes <= MOST_MINUTES else None


def marked_effort(line: str) -> FoundEffort | None:
    """The first effort in a line that is marked with a tilde, wherever it stands."""
    words = list(re.finditer(r"\S+", line[:_SEARCHED]))
    for at, word in enumerate(words):
        if "~" not in word[0] and "≈" not in word[0] and not _before_tilde(line, word.end()):
            continue
        for stop in range(min(len(words), at + _LONGEST), at, -1):
            window = line[word.start() : words[stop - 1].end()].lstrip("([")
            tilde = _TILDE.match(window)
            minutes = read_effort(window[tilde.end() :].rstrip(",;:!?)].")) if tilde else None
            if minutes is not None:
                return FoundEffort(word.start(), words[stop - 1].end(), minutes)
    return None


def closing_effort(line: str) -> FoundEffort | None:
    """The effort a line ends with: "… about 3 hours", "… 2d"; not "… within 24 hours"."""
    end = len(line.rstrip())
    words = list(re.finditer(r"\S+", line[:end][-_SEARCHED:]))[-_LONGEST:]
    shift = max(0, end - _SEARCHED)
    for word in words:
        start = word.start() + shift
        window = line[start:end].lstrip("([").rstrip(",;:!?)]")
        mark = _MARK.match(window)
        phrase = window[mark.end() :] if mark else window
        minutes = read_effort(phrase)
        if minutes is not None and (mark or _effort_alone(phrase, line[:start])):
            return FoundEffort(start, end, minutes)
    return None


def _before_tilde(line: str, end: int) -> bool:
    return line[end : end + 3].lstrip()[:1] in {"~", "≈"}


def _effort_alone(phrase: str, left: str) -> bool:
    """Whether a length of time without any mark can be nothing but a guess of effort."""
    if left.rstrip().endswith((",", ";", ":", "–", "-", "—")):
        return True
    if phrase in _LOOKS_DIFFERENT or re.match(r"(?:an?|one|ein\w*) \w+$|\d+ ?m$", phrase, re.IGNORECASE):
        return False
    last = re.search(r"(\S+)\s*$", left)
    return last is None or last[1].casefold().strip("([\"'“") not in _OTHER_TIMES


def _number(text: str) -> float:
    if text in {"a", "an"}:
        return 1
    if text in _NUMBERS:
        return _NUMBERS[text]
    half = 0.5 if text.endswith("½") else 0.0
    return float(text.rstrip("½").replace(",", ".") or 0) + half
