"""Understanding what an account manager types after `/ask`: project, title, details, date, effort; nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from bot.requests.typed.dates import FoundDate, announced_date, closing_date, warm_up
from bot.requests.typed.durations import FoundEffort, closing_effort, marked_effort
from bot.requests.typed.misspellings import nearest
from bot.requests.typed.project_names import KnownNames, NamedProject, ProjectMatch, match_project
from bot.requests.typed.typed_text import unescape_slack, without_controls

__all__ = [
    "AskDraft",
    "AskWarning",
    "KnownNames",
    "NamedProject",
    "ProjectMatch",
    "WarningKind",
    "match_project",
    "nearest",
    "parse_ask",
    "warm_up",
]

LONGEST_TITLE = 120
_LONGEST_LAST_LINE = 80
_EDGES = " \t,;:–—-"
_EMPTY_BRACKETS = re.compile(r"\(\s*[,;]?\s*\)|\[\s*\]")


class WarningKind(StrEnum):
    """What somebody should look at before they submit."""

    PAST_DATE = "past_date"
    UNKNOWN_PROJECT = "unknown_project"
    AMBIGUOUS_PROJECT = "ambiguous_project"
    TEXT_LONG = "text_long"


@dataclass(frozen=True)
class AskWarning:
    """One doubt and its facts: the words it is about, and the day if it is about one."""

    kind: WarningKind
    words: str = ""
    day: date | None = None


@dataclass(frozen=True)
class AskDraft:
    """A request as far as it could be understood; `recognised` are the typed words that are neither title nor details."""

    project_id: UUID | None
    project_guesses: tuple[UUID, ...]
    title: str
    details: str
    needed_by: date | None
    minutes: int | None
    warnings: tuple[AskWarning, ...]
    recognised: tuple[str, ...] = ()

    def warning(self, kind: WarningKind) -> AskWarning | None:
        """The warning of a kind, if there is one."""
        return next((warning for warning in self.warnings if warning.kind is kind), None)


@dataclass
class _Reading:
    """What has been understood so far, while recognised words leave the line."""

    now: datetime
    needed_by: date | None = None
    minutes: int | None = None
    dated: bool = False
    warnings: list[AskWarning] = field(default_factory=list)
    recognised: list[str] = field(default_factory=list)


def parse_ask(
    text: str,
    *,
    projects: Sequence[NamedProject] | KnownNames,
    now: datetime,
    zone: ZoneInfo,
    home_project: UUID | None = None,
) -> AskDraft:
    """What Slack's raw command text asks for, seen from the person's own day; `now` is aware (ValueError if not)."""
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    reading = _Reading(now.astimezone(zone))
    typed = without_controls(unescape_slack(text)).strip()
    typed = _without_leading_effort(typed, reading)
    match = match_project(typed, projects, home_project=home_project)
    _note_project(match, reading)
    lines = match.rest.split("\n")
    head = _without_dates_and_effort(lines[0].strip(), reading)
    if len(lines) > 1:
        lines = _without_closing_line(lines, reading)
    title, beyond = _title(head)
    if beyond:
        reading.warnings.append(AskWarning(WarningKind.TEXT_LONG))
    details = "\n".join([*([beyond] if beyond else []), *lines[1:]]).strip("\n ")
    if not title and details:
        title, details = _title_from_details(details, reading)
    return AskDraft(
        project_id=match.project_id,
        project_guesses=match.guesses,
        title=title,
        details=details,
        needed_by=reading.needed_by,
        minutes=reading.minutes,
        warnings=tuple(reading.warnings),
        recognised=tuple(reading.recognised),
    )


def _note_project(match: ProjectMatch, reading: _Reading) -> None:
    if match.named:
        reading.recognised.append(match.named)
    if match.unknown:
        reading.warnings.append(AskWarning(WarningKind.UNKNOWN_PROJECT, match.unknown))
    if match.project_id is None and len(match.guesses) > 1 and not match.unknown:
        reading.warnings.append(AskWarning(WarningKind.AMBIGUOUS_PROJECT, match.named))


def _without_leading_effort(typed: str, reading: _Reading) -> str:
    """ "~3h acme new hero": the effort would hide the project's name."""
    if not typed.startswith(("~", "≈")):
        return typed
    first, newline, others = typed.partition("\n")
    effort = marked_effort(first)
    if effort is None or effort.start:
        return typed
    return _taken_effort(first, effort, reading) + newline + others


def _without_dates_and_effort(line: str, reading: _Reading) -> str:
    """The line without the date and the effort it names; words that say more than that stay."""
    line, tail = _taken_date(line, announced_date(line, reading.now), reading)
    while True:
        if reading.minutes is None and (effort := marked_effort(line) or closing_effort(line)) is not None:
            line = _taken_effort(line, effort, reading)
        elif not reading.dated and (found := closing_date(line, reading.now)) is not None:
            line, more = _taken_date(line, found, reading)
            tail = f"{more} {tail}".strip()
        else:
            return f"{line} {tail}".strip()


def _taken_date(line: str, found: FoundDate | None, reading: _Reading) -> tuple[str, str]:
    """The line without the date's words, and the words at its end that must be put back there."""
    if found is None or reading.dated:
        return line, ""
    reading.dated = True
    words = line[found.start : found.end]
    if found.past:
        reading.warnings.append(AskWarning(WarningKind.PAST_DATE, found.words, found.day))
    else:
        reading.needed_by = found.day
    if not found.past and not found.keep:
        reading.recognised.append(words)
        return _cut(line, found.start, found.end), ""
    if line[found.end :].strip():
        return line, ""
    return line[: found.start].rstrip(), words


def _taken_effort(line: str, effort: FoundEffort, reading: _Reading) -> str:
    reading.minutes = effort.minutes
    reading.recognised.append(line[effort.start : effort.end])
    return _cut(line, effort.start, effort.end)


def _cut(line: str, start: int, end: int) -> str:
    """The line without some of its characters, nor the commas and brackets that held them."""
    left, right = line[:start].rstrip(), line[end:].lstrip()
    opened = line[start:end].count("(") - line[start:end].count(")")
    if opened > 0 and ")" in right:
        left += " ("
    elif opened < 0 and "(" in left:
        right = ") " + right
    if not right or right[0] in ",;.:!?)":
        left = left.rstrip(_EDGES)
    joined = left + ("" if not left or right[:1] in {",", ";", ".", "!", "?", ")"} else " ") + right
    return _EMPTY_BRACKETS.sub("", joined).strip(_EDGES)


def _without_closing_line(lines: list[str], reading: _Reading) -> list[str]:
    """Several lines without their last, if that says nothing but a date and an effort."""
    last = lines[-1].strip()
    if len(last) > _LONGEST_LAST_LINE:
        return lines
    trial = _Reading(reading.now, reading.needed_by, reading.minutes, reading.dated)
    if _without_dates_and_effort(last, trial).strip(".!") or not trial.recognised:
        return lines
    reading.needed_by, reading.minutes, reading.dated = trial.needed_by, trial.minutes, trial.dated
    reading.recognised.extend(trial.recognised)
    return lines[:-1]


def _title_from_details(details: str, reading: _Reading) -> tuple[str, str]:
    """The first line of what follows a line that held nothing but the project, a date or an effort."""
    first, _, others = details.partition("\n")
    title, beyond = _title(_without_dates_and_effort(first.strip(), reading))
    return title, "\n".join(filter(None, (beyond, others))).strip("\n ")


def _title(line: str) -> tuple[str, str]:
    """A line as a title of at most 120 characters, cut at a word, and all that lies beyond."""
    line = " ".join(line.split())
    if len(line) <= LONGEST_TITLE:
        return _capital(line), ""
    cut = line.rfind(" ", 0, LONGEST_TITLE + 1)
    if cut < LONGEST_TITLE // 3:  # an address, or a script without spaces: kept whole in the details
        return _capital(line[:LONGEST_TITLE]), line
    return _capital(line[:cut].rstrip()), line[cut + 1 :]


def _capital(line: str) -> str:
    """The line with a capital at its beginning, unless its first word has its own ways ("iPhone")."""
    first, word = line[:1], line.partition(" ")[0]
    if not word.islower() or "://" in word or first.upper().lower() != first:
        return line
    return first.upper() + line[1:]
