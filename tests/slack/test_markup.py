"""Figures and dates as people read them: exact, and never parted at the end of a line."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.slack.text import markup

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def as_sent(spaces_that_look_alike: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "NO_BREAK", "\u00a0")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (markup.hours(480), "8 h"),
        (markup.hours(150), "2.5 h"),
        (markup.hours(20), "20 min"),
        (markup.hours(90_000), "1500 h"),
        (markup.hours(72_000), "1200 h"),
        (markup.day(date(2026, 11, 24)), "Tue 24 Nov"),
        (markup.dated(date(2027, 1, 5), TODAY), "Tue 5 Jan 2027"),
        (markup.dated(TODAY, TODAY), "today"),
        (markup.percent(1, 8), "12 %"),
        (markup.money(140_000, "EUR"), "€1,400"),
        (markup.money(-120_050, "USD"), "-$1,200.50"),
        (markup.money(0, "CHF"), "CHF0"),
        (markup.money(1_440_000, "JPY"), "¥1,440,000"),
        (markup.money(9_007_199_254_740_993, "EUR"), "€90,071,992,547,409.93"),
        (markup.money(12_005, "KWD"), "KWD12.005"),
    ],
)
def test_a_figure_is_not_parted_from_its_unit(said: str, words: str) -> None:
    assert said.replace(markup.NO_BREAK, " ") == words


def test_spaces_in_figures_do_not_break() -> None:
    figures = [markup.hours(480), markup.day(TODAY), str(markup.percent(1, 2)), markup.money(140_000, "EUR")]
    assert not any(" " in figure for figure in figures)


def test_two_instants_of_the_night_on_which_clocks_go_back_are_told_apart() -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Madrid"))
    second = first.replace(fold=1)
    assert first == second, "Python compares the hands of the clock"
    assert "00:30 UTC" in markup.instant_token(first)
    assert "01:30 UTC" in markup.instant_token(second)
