"""Dates in words, as typed on Wednesday 18 November 2026 at 14:30 in New York."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.requests.typed.dates import announced_date, closing_date

NOW = datetime(2026, 11, 18, 14, 30)  # noqa: DTZ001  local time

PHRASES = {
    "by today": "2026-11-18",
    "today": "2026-11-18",
    "tonight": "2026-11-18",
    "by tomorrow": "2026-11-19",
    "tomorrow": "2026-11-19",
    "the day after tomorrow": "2026-11-20",
    "by Friday": "2026-11-20",
    "by fri.": "2026-11-20",
    "on Friday": "2026-11-20",
    "for Friday": "2026-11-20",
    "friday": "2026-11-20",
    "this friday": "2026-11-20",
    "next friday": "2026-11-27",
    "friday next week": "2026-11-27",
    "next week friday": "2026-11-27",
    "by Monday": "2026-11-23",
    "by Mon": "2026-11-23",
    "due Monday": "2026-11-23",
    "by Wednesday": "2026-11-25",
    "this wednesday": "2026-11-18",
    "eod": "2026-11-18",
    "by EOD Friday": "2026-11-20",
    "eod tomorrow": "2026-11-19",
    "by tomorrow EOD": "2026-11-19",
    "by COB": "2026-11-18",
    "by close of business on Friday": "2026-11-20",
    "by the end of the day": "2026-11-18",
    "eow": "2026-11-20",
    "end of week": "2026-11-20",
    "by the end of this week": "2026-11-20",
    "end of next week": "2026-11-27",
    "next week": "2026-11-27",
    "by the start of next week": "2026-11-23",
    "before next week": "2026-11-22",
    "by the weekend": "2026-11-20",
    "eom": "2026-11-30",
    "end of month": "2026-11-30",
    "by the end of next month": "2026-12-31",
    "by month end": "2026-11-30",
    "end of quarter": "2026-12-31",
    "by the end of next quarter": "2027-03-31",
    "by end of year": "2026-12-31",
    "by end of 2027": "2027-12-31",
    "by Q1 2027": "2027-03-31",
    "by the end of Q2": "2027-06-30",
    "before Q1": "2026-12-31",
    "by March": "2027-03-31",
    "before March": "2027-02-28",
    "by May": "2027-05-31",
    "by mid-December": "2026-12-15",
    "by the beginning of December": "2026-12-01",
    "by end of January": "2027-01-31",
    "a week from monday": "2026-11-30",
    "two weeks from Friday": "2026-12-04",
    "in 10 days": "2026-11-28",
    "in two weeks": "2026-12-02",
    "within a month": "2026-12-18",
    "two weeks from now": "2026-12-02",
    "2 weeks from today": "2026-12-02",
    "by the 3rd": "2026-12-03",
    "on the 25th": "2026-11-25",
    "by the 3rd of next month": "2026-12-03",
    "by the 31st": "2026-12-31",
    "2026-11-27": "2026-11-27",
    "by 2026-11-27": "2026-11-27",
    "27 Nov": "2026-11-27",
    "by 27 Nov.": "2026-11-27",
    "by the 27th of November": "2026-11-27",
    "by Nov 27th, 2026": "2026-11-27",
    "on Friday, 27 November": "2026-11-27",
    "by Fri, Nov 27": "2026-11-27",
    "by 5 January": "2027-01-05",
    "27.11.": "2026-11-27",
    "by 27.11.": "2026-11-27",
    "by 27.11": "2026-11-27",
    "27.11.2026": "2026-11-27",
    "by 1.12.26": "2026-12-01",
    "by 27/11": "2026-11-27",
    "27/11": "2026-11-27",
    "by 11/27": "2026-11-27",
    "by 5/12": "2026-12-05",
    "by 1/12/26": "2026-12-01",
    "before Friday": "2026-11-19",
    "before EOD Friday": "2026-11-20",
    "until friday": "2026-11-20",
    "till tomorrow": "2026-11-19",
    "needed by Friday": "2026-11-20",
    "deadline: 27 Nov": "2026-11-27",
    "no later than Friday": "2026-11-20",
    "(by Friday)": "2026-11-20",
    "by Christmas": "2026-12-24",
    "bis Freitag": "2026-11-20",
    "bis morgen": "2026-11-19",
    "übermorgen": "2026-11-20",
    "am 27. November": "2026-11-27",
    "bis zum 3.12.": "2026-12-03",
    "bis Ende nächster Woche": "2026-11-27",
    "bis Monatsende": "2026-11-30",
    "bis Ende März": "2027-03-31",
    "in zwei Wochen": "2026-12-02",
    "spätestens am Montag": "2026-11-23",
}
HOURS = {
    "by 5pm": "2026-11-18",
    "by 9am": "2026-11-19",
    "by noon tomorrow": "2026-11-19",
    "by Friday 5pm": "2026-11-20",
    "tomorrow at 9am": "2026-11-19",
    "by 17:00 on Friday": "2026-11-20",
    "by Monday morning": "2026-11-23",
    "bis morgen 17 Uhr": "2026-11-19",
}
PROSE = [
    "we may want a banner",
    "the page of May",
    "designed by may",
    "written by May Jones",
    "made by April Jones",
    "the sat nav",
    "fun in the sun",
    "focus on sun protection",
    "on sun",
    "mon ami",
    "by mon ami",
    "by sun protection",
    "by the 3rd party",
    "part the 3rd",
    "move it on monday.com",
    "put it on Friday's page",
    "banner for black friday",
    "by Black Friday",
    "Cyber Monday",
    "meeting every monday",
    "the best of this week",
    "as we said last friday",
    "support 24/7",
    "ratio 16/9",
    "ratio 16/10",
    "increase by 1.5",
    "reduce by 1/3",
    "grow by 10",
    "grow by 50%",
    "version 2.3.",
    "budget Q1 2027",
    "report for March",
    "by the new team",
    "a year in review",
    "by 31/02",
    "by 2026-13-01",
    "by 99/99/9999",
    "due to rain",
    "until further notice",
    "within 24h",
    "in 3 steps",
    'the "by friday" label',
    "not",
    "by",
    "",
    "the morning",
    "in 99999 days",
]


@pytest.mark.parametrize(("phrase", "day"), PHRASES.items())
def test_a_phrase_at_the_end_names_its_day(phrase: str, day: str) -> None:
    line = f"add a hero {phrase}"
    found = announced_date(line, NOW) or closing_date(line, NOW)
    assert found is not None
    assert (found.day, found.keep, found.past) == (date.fromisoformat(day), False, False)
    assert line[: found.start].strip() == "add a hero"
    assert found.end == len(line)


@pytest.mark.parametrize(("phrase", "day"), HOURS.items())
def test_a_phrase_with_an_hour_names_its_day_and_must_stay(phrase: str, day: str) -> None:
    line = f"add a hero {phrase}"
    found = announced_date(line, NOW) or closing_date(line, NOW)
    assert found is not None
    assert (found.day, found.keep) == (date.fromisoformat(day), True)


@pytest.mark.parametrize("line", PROSE)
def test_prose_stays_prose(line: str) -> None:
    assert announced_date(line, NOW) is None
    assert closing_date(line, NOW) is None


@pytest.mark.parametrize(
    "line",
    [
        "add it by Friday with a video",
        "by Friday add it",
        "add it, due 27 Nov, in red",
        "add by Mon if possible",
    ],
)
def test_an_announced_date_is_found_in_the_middle(line: str) -> None:
    assert announced_date(line, NOW) is not None


@pytest.mark.parametrize(
    "line",
    [
        "a popup shown Monday is off",
        "the 27/11 banner is off",
        "they called on Monday about it",
        "for today the logo",
    ],
)
def test_a_date_in_the_middle_that_nobody_announced_is_prose(line: str) -> None:
    assert announced_date(line, NOW) is None
    assert closing_date(line, NOW) is None


@pytest.mark.parametrize(
    ("line", "words", "day"),
    [
        ("fix by 16/11", "16/11", "2026-11-16"),
        ("fix by 16 Nov", "16 Nov", "2026-11-16"),
        ("fix by 2026-01-05", "2026-01-05", "2026-01-05"),
        ("fix by yesterday", "yesterday", "2026-11-17"),
        ("fix before today", "today", "2026-11-17"),
    ],
)
def test_a_date_that_has_gone_by_is_called_past(line: str, words: str, day: str) -> None:
    found = announced_date(line, NOW)
    assert found is not None
    assert (found.past, found.words, found.day) == (True, words, date.fromisoformat(day))


@pytest.mark.parametrize(
    ("now", "phrase", "day"),
    [
        ("2026-12-31", "by 2 Jan", "2027-01-02"),
        ("2026-12-31", "by eom", "2026-12-31"),
        ("2027-05-31", "by end of quarter", "2027-06-30"),
        ("2027-01-31", "in a month", "2027-02-28"),
        ("2027-01-31", "by the 30th", "2027-03-30"),
        ("2027-03-01", "by 29 Feb", "2028-02-29"),
        ("2026-11-21", "end of week", "2026-11-27"),
        ("2026-11-22", "by next week", "2026-11-27"),
        ("2026-11-22", "next monday", "2026-11-23"),
        ("2026-11-20", "by friday", "2026-11-27"),
    ],
)
def test_the_calendar_turns_with_the_day_it_is_asked_on(now: str, phrase: str, day: str) -> None:
    line = f"hero {phrase}"
    at = datetime.fromisoformat(now + "T10:00")
    found = announced_date(line, at) or closing_date(line, at)
    assert found is not None
    assert found.day == date.fromisoformat(day)


PIECES = st.sampled_from(
    [*PHRASES, *HOURS, *PROSE, ",", ".", "(", "~3h", "\u202e", "🎉", "٣", "by", "<@U1|ana>"]
)


@given(
    st.lists(PIECES | st.text(max_size=12), max_size=8),
    st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001
)
def test_whatever_is_typed_on_whatever_day_can_be_read(pieces: list[str], now: datetime) -> None:
    line = " ".join(" ".join(pieces).split())
    for found in (announced_date(line, now), closing_date(line, now)):
        assert found is None or (
            0 <= found.start < found.end <= len(line) and found.past == (found.day < now.date())
        )
