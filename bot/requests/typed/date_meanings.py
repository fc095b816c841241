"""What each shape of a date phrase means, counted from a local day: pure calendar, no judgement."""

from __future__ import annotations

import re
from calendar import monthrange
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.requests.typed.date_words import MONTHS, WEEKDAYS

# A date without a year that lies so few days back is a slip, not next year's.
RECENTLY = 60
FURTHEST_YEARS = 10
_DAY = timedelta(days=1)


class Trust(StrEnum):
    """How much has to stand around a phrase before it is taken for a date."""

    ALONE = "alone"  # "tomorrow": may stand at the end without any introduction
    INTRODUCED = "introduced"  # "the 3rd", "27/11": needs "on" or "by"
    STRONGLY = "strongly"  # "March", "Q1", "Mon": needs "by", and nothing that it could belong to behind it


@dataclass(frozen=True)
class Said:
    """The day a phrase means; `before` is the last day that lies before it; `clock`: it names an hour as well."""

    day: date
    before: date
    trust: Trust = Trust.ALONE
    clock: bool = False


def on(day: date, trust: Trust = Trust.ALONE) -> Said:
    """A single day."""
    return Said(day, day - _DAY, trust)


def _monday(day: date) -> date:
    return day - _DAY * day.weekday()


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _months_on(day: date, months: int) -> tuple[int, int]:
    years, month = divmod(day.month - 1 + months, 12)
    return day.year + years, month + 1


def _year(text: str | None, today: date) -> int | None:
    if text is None:
        return None
    year = int(text.lstrip("'"))
    return year if year > 99 else today.year // 100 * 100 + year


def _without_year(today: date, month: int, day: int) -> date | None:
    """The nearest such day from today on, unless it has just gone by."""
    days = []
    for year in range(today.year - 1, today.year + 9):
        with suppress(ValueError):
            days.append(date(year, month, day))
    just_gone = [day for day in days if timedelta() < today - day <= RECENTLY * _DAY]
    return next(iter(just_gone or [day for day in days if day >= today]), None)


def _explicit(today: date, day: str, month: int, year: str | None, trust: Trust) -> Said | None:
    chosen = _year(year, today)
    if year is None or chosen is None:
        when = _without_year(today, month, int(day))
        return on(when, trust) if when is not None else None
    if len(year) < 4 and not -1 <= chosen - today.year <= FURTHEST_YEARS:
        return None  # "27 Nov 10 banners": no year
    return on(date(chosen, month, int(day)), trust)


def near_day(found: re.Match[str], today: date) -> Said:
    """Today, tomorrow and their neighbours."""
    word = found[0].removeprefix("the ")
    offsets = {"yesterday": -1, "gestern": -1, "tomorrow": 1, "tmrw": 1, "tmr": 1, "morgen": 1}
    offsets |= {"day after tomorrow": 2, "übermorgen": 2}
    return on(today + _DAY * offsets.get(word, 0))


def weekday(found: re.Match[str], today: date) -> Said:
    """Today's own name means a week from now, after "this" today; "next" is the week from the coming Monday."""
    number = WEEKDAYS[found["wd"]]
    if found[0].startswith("this ") or found[0].endswith("this week"):
        return on(today + _DAY * ((number - today.weekday()) % 7))
    if found["next"] or found["next2"]:
        return on(_monday(today) + _DAY * (7 + number))
    return on(today + _DAY * ((number - today.weekday() - 1) % 7 + 1))


def span_end(found: re.Match[str], today: date) -> Said:
    """A week ends on Friday, for those who work; the rest end on their last day."""
    ahead, unit = int(bool(found["next"])), found["unit"][0]
    if unit == "w":
        first = _monday(today) + _DAY * 7 * (ahead or today.weekday() > 4)
        last = first + 4 * _DAY
    elif unit == "m":
        year, month = _months_on(today, ahead)
        first, last = date(year, month, 1), _month_end(year, month)
    elif unit == "q":
        year, month = _months_on(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), 3 * ahead)
        first, last = date(year, month, 1), _month_end(year, month + 2)
    else:
        first, last = date(today.year + ahead, 1, 1), date(today.year + ahead, 12, 31)
    ends = "end" in found.groupdict() and bool(found["end"])
    return Said(last, last if ends else first - _DAY)


def short_span_end(found: re.Match[str], today: date) -> Said:
    """The abbreviations EOW, EOM, EOQ and EOY."""
    whole = re.fullmatch("(?P<end>eo)(?P<next>next )?(?P<unit>w|m|q|y)", found[0])
    assert whole is not None  # the rule's own shape
    return span_end(whole, today)


def weekend(_found: re.Match[str], today: date) -> Said:
    """The Friday before the weekend, or today if it has come."""
    friday = _monday(today) + 4 * _DAY
    day = max(friday, today)
    return Said(day, day, Trust.STRONGLY)


def quarter(found: re.Match[str], today: date) -> Said:
    """The last day of a quarter: without a year, of the next one that has not ended."""
    last = 3 * int(found[2])
    year = _year(found[3], today) or today.year + (_month_end(today.year, last) < today)
    end = _month_end(year, last)
    return Said(end, end if found[1] else date(year, last - 2, 1) - _DAY, Trust.STRONGLY)


def whole_month(found: re.Match[str], today: date) -> Said:
    """A month's last day, its 15th or its first, whichever part is named; the whole month ends on its last."""
    part, month = found[1] or "", MONTHS[found[2]]
    year = _year(found[3], today) or today.year + (_month_end(today.year, month) < today)
    if part.startswith(("mid", "mitte")):
        return on(date(year, month, 15))
    if part.startswith(("start", "beginning", "anfang")):
        return on(date(year, month, 1))
    end = _month_end(year, month)
    return Said(end, end, Trust.ALONE) if part else Said(end, date(year, month, 1) - _DAY, Trust.STRONGLY)


def start_of_next(found: re.Match[str], today: date) -> Said:
    """The first day of the next week or month."""
    if found[1][0] == "w":
        return on(_monday(today) + 7 * _DAY)
    return on(date(*_months_on(today, 1), 1))


def ordinal(found: re.Match[str], today: date) -> Said | None:
    """The next 3rd of a month that has one; in this month or the next if that is said."""
    number = int(found[1] or found[2])
    if found[3]:
        return on(date(*_months_on(today, int(found[3].startswith("next"))), number), Trust.INTRODUCED)
    for ahead in range(3):
        with suppress(ValueError):
            day = date(*_months_on(today, ahead), number)
            if day >= today:
                return on(day, Trust.INTRODUCED)
    return None


def iso_date(found: re.Match[str], _today: date) -> Said:
    """Year, month, day."""
    return on(date(int(found[1]), int(found[2]), int(found[3])))


def numeric(found: re.Match[str], today: date) -> Said | None:
    """Day first, unless that is impossible."""
    day, month, year = found[1], found[2], found[3]
    if int(month) > 12 and "." not in found[0]:
        day, month = month, day
    clear = len(found[1]) == len(found[2]) == 2 and (found[0].endswith(".") or int(day) > 12)
    trust = Trust.ALONE if year or (clear and found[0] != "16/10") else Trust.INTRODUCED
    return _explicit(today, day, int(month), year, trust) if 1 <= int(month) <= 12 else None


def day_month(found: re.Match[str], today: date) -> Said | None:
    """The 27th of November, of the nearest year if none is said."""
    return _explicit(today, found[1], MONTHS[found[2]], found[3], Trust.ALONE)


def month_day(found: re.Match[str], today: date) -> Said | None:
    """November 27th, of the nearest year if none is said."""
    return _explicit(today, found[2], MONTHS[found[1]], found[3], Trust.ALONE)


def year_end(found: re.Match[str], _today: date) -> Said:
    """The last day of a year."""
    end = date(int(found[1]), 12, 31)
    return Said(end, end)


def feast(found: re.Match[str], today: date) -> Said | None:
    """Christmas means the day before it, New Year the day before it: the last days on which it is of use."""
    day = 31 if found[0].startswith(("new", "neu", "sil")) else 24
    when = _without_year(today, 12, day)
    return Said(when, when, Trust.STRONGLY) if when is not None else None


def relative(found: re.Match[str], today: date) -> Said | None:
    """ "In two weeks": dateparser knows the numerals and the lengths of months, in English and German."""
    import dateparser  # 190 ms and 28 MB; see `dates.warm_up`

    noon = datetime(today.year, today.month, today.day, 12)  # noqa: DTZ001  dateparser wants naive local time
    when = dateparser.parse(
        "in " + found[1],
        languages=["en", "de"],
        settings={"RELATIVE_BASE": noon, "PREFER_DATES_FROM": "future", "PARSERS": ["relative-time"]},
    )
    return on(when.date()) if when is not None and when > noon else None


def bare_numeric(found: re.Match[str], today: date) -> Said | None:
    """ "27.11" without its last point could be a version or a price: only where a date is announced."""
    return _explicit(today, found[1], int(found[2]), None, Trust.STRONGLY)
