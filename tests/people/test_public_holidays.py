"""Public holidays by country and part of it; every place on offer has a calendar."""

from __future__ import annotations

from datetime import date

import pytest

from bot.people.public_holidays import days_off, is_place, name_of, search


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("DE", date(2026, 10, 3)),
        ("DE-BY", date(2026, 1, 6)),
        ("ES", date(2026, 12, 8)),
        ("GB-SCT", date(2026, 11, 30)),
        ("US", date(2026, 11, 26)),
        ("GH", date(2026, 3, 6)),
    ],
)
def test_a_public_holiday_is_known(code: str, day: date) -> None:
    assert day in days_off(code, 2026)


def test_a_part_may_have_more_days_off_than_its_country() -> None:
    assert date(2026, 1, 6) not in days_off("DE", 2026)


@pytest.mark.parametrize("code", ["", "XX", "DE-XX", "de", "DE-BY; DROP", "Germany"])
def test_what_is_no_place_has_no_holidays(code: str) -> None:
    assert not is_place(code)
    assert days_off(code, 2026) == frozenset()


def test_a_place_is_found_by_its_name_or_its_code() -> None:
    assert search("germ", limit=2)[0].code == "DE"
    assert search("bayern", limit=5)[0].code == "DE-BY"
    assert search("gb-sct", limit=5)[0].name == "United Kingdom · Scotland"
    assert search("no such place", limit=5) == []
    assert len(search("", limit=100)) == 100
    assert name_of("DE-BY") == "Germany · Bayern"
    assert name_of("XX") == "XX"


def test_every_place_on_offer_has_a_calendar_and_fits_into_its_column() -> None:
    every = search("", limit=10_000)
    assert len(every) > 200
    for place in every:
        assert len(place.code) <= 32
        days_off(place.code, 2027)
