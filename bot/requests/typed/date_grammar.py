"""What a phrase such as "end of next week" or "27.11." means on a given local day; whether to believe it is `dates`' affair."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.requests.typed.date_meanings import (
    FURTHEST_YEARS,
    Said,
    Trust,
    bare_numeric,
    day_month,
    feast,
    iso_date,
    month_day,
    near_day,
    numeric,
    on,
    ordinal,
    quarter,
    relative,
    short_span_end,
    span_end,
    start_of_next,
    weekday,
    weekend,
    whole_month,
    year_end,
)
from bot.requests.typed.date_words import (
    CLOCK,
    DAY_END,
    MONTH,
    NEXT,
    NUMBER,
    NUMBERS,
    PART_OF_DAY,
    SPAN,
    THIS,
    WEEKDAY,
    YEAR,
)

_CLOCK_BEHIND = re.compile(rf"(.*?) ?(?:{CLOCK}|{PART_OF_DAY})")
_CLOCK_BEFORE = re.compile(rf"{CLOCK}(?: on| am)? (.+)")
_NOT_A_CLOCK = re.compile(PART_OF_DAY)
_TWELVE = re.compile(r"(\d{1,2})(?:[:.](\d{2}))? ?(am|pm)?")
_END_OF_DAY_FIRST = re.compile(rf"{DAY_END}(?: (?:on |of |am )?(.+))?")
_END_OF_DAY_LAST = re.compile(rf"(.+) {DAY_END}")
_ABBREVIATED = re.compile(r"(?<=[^\W\d])\.")
_OPEN_TO_DOUBT = {"may", "sat", "sun", "mon"}


def read_date(phrase: str, now: datetime) -> Said | None:
    """What a whole phrase says about a day, for somebody whose local time is `now`; None if it says nothing else but."""
    phrase = _ABBREVIATED.sub("", phrase.casefold().replace("’", "'").replace(",", " "))
    phrase = " ".join(phrase.split())
    if not phrase or len(phrase) > 60:
        return None
    with suppress(ValueError, OverflowError):  # 31 February is no date
        said = _end_of_day(phrase, now) or _plain(phrase, now.date()) or _with_clock(phrase, now)
        if said is not None and said.day.year <= now.year + FURTHEST_YEARS:
            return said
    return None


def _end_of_day(phrase: str, now: datetime) -> Said | None:
    found = _END_OF_DAY_FIRST.fullmatch(phrase) or _END_OF_DAY_LAST.fullmatch(phrase)
    if found is None:
        return None
    said = _plain(found[1], now.date()) if found[1] else on(now.date())
    return said and replace(said, before=said.day)


def _with_clock(phrase: str, now: datetime) -> Said | None:
    """A day with an hour, or an hour alone: the next time the clock shows it."""
    found = _CLOCK_BEFORE.fullmatch(phrase) or _CLOCK_BEHIND.fullmatch(phrase)
    if found is None or (_NOT_A_CLOCK.fullmatch(phrase) and not found[1] and "noon" not in phrase):
        return None
    if found[1]:
        said = _plain(found[1].removesuffix(" at"), now.date())
        return said and replace(said, before=said.day, clock=True)
    day = now.date()
    if (hour := _TWELVE.search(phrase)) is not None:
        at = int(hour[1]) % 12 + 12 * (hour[3] == "pm") if hour[3] else int(hour[1])
        day += timedelta(days=int(at <= now.hour))
    return Said(day, day, Trust.STRONGLY, clock=True)


def _plain(phrase: str, today: date) -> Said | None:
    for pattern, meaning in _RULES:
        if (found := pattern.fullmatch(phrase)) is not None:
            said = meaning(found, today)
            if said is not None and phrase in _OPEN_TO_DOUBT:
                return replace(said, trust=Trust.STRONGLY)
            return said
    return None


# ---- the rules, each a shape and its meaning

Rule = Callable[[re.Match[str], date], Said | None]


def _weeks_from(found: re.Match[str], today: date) -> Said | None:
    base = _plain(found[3], today) if found[3] != "now" else on(today)
    count = NUMBERS.get(found[1]) or int(found[1])
    days = 7 if found[2].startswith(("week", "woche")) else 1
    return base and on(base.day + timedelta(days=days * count))


_LONG = r"(?:days?|weeks?|fortnights?|months?|tag|tagen?|wochen?|monat|monate[n]?)"
_RULES: list[tuple[re.Pattern[str], Rule]] = [
    (re.compile(shape), meaning)
    for shape, meaning in (
        (
            r"today|tonight|heute|tomorrow|tmrw|tmr|morgen|(?:the )?day after tomorrow|übermorgen|yesterday|gestern",
            near_day,
        ),
        (
            rf"(?:{THIS}|(?P<next>{NEXT}))?(?P<wd>{WEEKDAY})(?: (?:this week|(?P<next2>(?:of )?next week|nächste woche)))?",
            weekday,
        ),
        (rf"(?P<next>next week|nächste woche)(?: on| am)? (?P<wd>{WEEKDAY})(?P<next2>)", weekday),
        (rf"({NUMBER}) (weeks?|days?|wochen?|tage?n?) (?:from|after|nach|ab) (.+)", _weeks_from),
        (rf"(?P<end>(?:the )?end of |ende )(?:{THIS}|(?P<next>{NEXT}))?(?P<unit>{SPAN})", span_end),
        (r"(?P<end>)(?P<next>)(?P<unit>month|quarter|year|monats|quartals|jahres)[ -]?end(?:e)?", span_end),
        (rf"(?:{THIS}|(?P<next>{NEXT}))(?P<unit>{SPAN})", span_end),
        (r"eo[wmqy]", short_span_end),
        (r"(?:the |this |zum )?(?:weekend|wochenende)", weekend),
        (rf"(?:the )?(end of |ende )?q([1-4]){YEAR}", quarter),
        (
            rf"(?:the )?(?:start of |beginning of |anfang )(?:{NEXT})(week|month|woche|monats?)",
            start_of_next,
        ),
        (rf"(?:{WEEKDAY} )?({MONTH}) (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?{YEAR}", month_day),
        (
            rf"(?:the )?((?:end|start|beginning|middle)(?: of)? |mid[ -]?|mitte |anfang |ende )?({MONTH}){YEAR}",
            whole_month,
        ),
        (r"(?:the )?(?:end of |ende )(\d{4})", year_end),
        (
            r"(?:(?:the |den |dem |der |zum )?(\d{1,2})(?:st|nd|rd|th)|(?:den|dem|der|zum) (\d{1,2})\.)"
            r"(?: of (?:the )?((?:this|next) month))?",
            ordinal,
        ),
        (r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", iso_date),
        (rf"(?:{WEEKDAY} )?(\d{{1,2}})/(\d{{1,2}})(?:/(\d{{4}}|\d{{2}}))?", numeric),
        (rf"(?:{WEEKDAY} )?(?:den |dem )?(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}}|\d{{2}})?", numeric),
        (rf"(?:{WEEKDAY} )?(\d{{2}})\.(0[1-9]|1[0-2])", bare_numeric),
        (rf"(?:{WEEKDAY} )?(\d{{1,2}})-(\d{{1,2}})-(\d{{4}})", numeric),
        (
            rf"(?:{WEEKDAY} )?(?:the |den |dem )?(\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)? ?({MONTH}){YEAR}",
            day_month,
        ),
        (r"(?:christmas|xmas|weihnachten|new years?|new year's(?: eve)?|silvester)", feast),
        (rf"(?:in|within|innerhalb von) ({NUMBER} {_LONG})(?: time)?", relative),
        (rf"({NUMBER} {_LONG}) from (?:now|today)", relative),
    )
]
