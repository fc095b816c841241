"""What people type for hours and money, and what is read in it."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refusal
from bot.portfolio.figures import parse_decimal, parse_hours, parse_money
from bot.portfolio.refusals import (
    AmbiguousFigure,
    NegativeFigure,
    OtherCurrency,
    TooManyDecimals,
    UnreadableFigure,
)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("3", 180),
        ("1.5", 90),
        ("1,5 h", 90),
        (" 2H ", 120),
        ("90 min", 90),
        ("90m", 90),
        ("2d", 960),
        ("0.5 days", 240),
        ("1w", 2400),
        ("1:30", 90),
        ("1h30", 90),
        ("1 h 5", 65),
        ("2 h 30 min", 150),
        ("1 day and 2 hours", 600),
        ("1d, 30 min", 510),
        ("~3h", 180),
        ("about 3 h", 180),
        ("1 200", 72_000),
        ("1.33", 80),
        (".5", 30),
        ("0.125", 8),
        ("３", 180),
        ("0", 0),
    ],
)
def test_hours_are_read_as_people_type_them(typed: str, minutes: int) -> None:
    assert parse_hours(typed) == minutes


@pytest.mark.parametrize(
    "typed",
    ["", "soon", "3x", "h", "3 4", "1.2.3", "1..5", "3 h h", "1:75", "9" * 41, "1e5", "½", "3 lunar months"],
)
def test_what_is_no_figure_is_refused_with_what_was_typed(typed: str) -> None:
    with pytest.raises(UnreadableFigure) as error:
        parse_hours(typed)
    assert error.value.typed == typed


@pytest.mark.parametrize("typed", ["-1", "- 3 h", "−2", "~-3"])
def test_negative_hours_are_refused(typed: str) -> None:
    with pytest.raises(NegativeFigure):
        parse_hours(typed)


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("480", "EUR", 480_00),
        ("480.5", "EUR", 480_50),
        ("480,50", "EUR", 480_50),
        ("€480", "EUR", 480_00),
        ("480 €", "EUR", 480_00),
        ("€1.200,50", "EUR", 1_200_50),
        ("1,200.50", "EUR", 1_200_50),
        ("1 200,50 eur", "EUR", 1_200_50),
        ("1'200.50 CHF", "CHF", 1_200_50),
        ("Fr. 1’200", "CHF", 1_200_00),
        ("1.200.000", "EUR", 1_200_000_00),
        ("14k", "EUR", 14_000_00),
        ("14.4k EUR", "EUR", 14_400_00),
        ("$99", "CAD", 99_00),
        ("US$99", "USD", 99_00),
        ("12000.500", "KWD", 12_000_500),
        ("1,200", "JPY", 1_200),
        ("¥1.200", "JPY", 1_200),
        ("480.00", "JPY", 480),
        ("1200 kr", "SEK", 1_200_00),
        ("0", "EUR", 0),
    ],
)
def test_money_is_read_in_the_clients_currency(typed: str, currency: str, minor: int) -> None:
    assert parse_money(typed, currency) == minor


@pytest.mark.parametrize(
    ("typed", "currency", "why"),
    [
        ("1.200", "EUR", AmbiguousFigure("1.200", "1200", "1.2")),
        ("€1,250", "EUR", AmbiguousFigure("€1,250", "1250", "1.25")),
        ("1.200", "KWD", AmbiguousFigure("1.200", "1200", "1.2")),
        ("480.5555", "EUR", TooManyDecimals("480.5555", "EUR", 2)),
        ("480.5", "JPY", TooManyDecimals("480.5", "JPY", 0)),
        ("$480", "EUR", OtherCurrency("$480", "EUR")),
        ("480 USD", "EUR", OtherCurrency("480 USD", "EUR")),
        ("€480", "USD", OtherCurrency("€480", "USD")),
        ("-480", "EUR", NegativeFigure()),
        ("€-480", "EUR", NegativeFigure()),
        ("-€480", "EUR", NegativeFigure()),
        ("1.2.3,4", "EUR", UnreadableFigure("1.2.3,4")),
        ("1,20,300.00", "EUR", UnreadableFigure("1,20,300.00")),
        ("tbd", "EUR", UnreadableFigure("tbd")),
        ("", "EUR", UnreadableFigure("")),
        ("480 or so", "EUR", UnreadableFigure("480 or so")),
        ("=1+1", "EUR", UnreadableFigure("=1+1")),
        ("480?", "EUR", UnreadableFigure("480?")),
    ],
)
def test_money_that_cannot_be_taken_says_why(typed: str, currency: str, why: Refusal) -> None:
    with pytest.raises(type(why)) as error:
        parse_money(typed, currency)
    assert error.value == why


@given(st.text(max_size=45))
def test_nothing_anybody_types_breaks_the_reading(typed: str) -> None:
    for read in (parse_hours, parse_decimal, lambda text: parse_money(text, "EUR")):
        with contextlib.suppress(Refusal):
            assert read(typed) >= 0


@given(st.integers(0, 10**10))
def test_plain_minor_units_come_back_whatever_the_mark(minor: int) -> None:
    whole, cents = divmod(minor, 100)
    for typed in (f"{whole}.{cents:02}", f"{whole},{cents:02}", f"€{whole:,}.{cents:02}"):
        assert parse_money(typed, "EUR") == minor


def test_a_plain_number_keeps_its_decimals() -> None:
    assert parse_decimal("1.200,5") == Decimal("1200.5")
