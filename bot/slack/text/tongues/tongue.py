"""What a language has to bring: a text for each step, the sentences these are made of, and how it writes figures."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, get_currency_precision

from bot.requests.client_words.words_models import Step


class Phrase(enum.Enum):
    """A sentence that Handoff puts together itself, since it depends on what was decided."""

    OUR_ERROR = enum.auto()
    THEIR_INPUT = enum.auto()
    GOOD_NEWS = enum.auto()
    NOT_NOW = enum.auto()
    SPOKE_TOO_SOON = enum.auto()
    # What it costs: {work} and {fee}.
    COST_FEE = enum.auto()
    COST_FEE_ONLY = enum.auto()
    COST_PARTLY = enum.auto()
    COST_RETAINER = enum.auto()
    COST_SWAP = enum.auto()
    COST_GOODWILL = enum.auto()
    COST_INCLUDED = enum.auto()
    # When it is delivered: {days} and {date}.
    DELIVERY_MOVES = enum.auto()
    DELIVERY_MOVES_TO = enum.auto()
    DELIVERY_STAYS = enum.auto()
    # What comes next.
    GO_AHEAD = enum.auto()
    CONFIRM_FEE = enum.auto()
    WILL_TELL = enum.auto()
    # What goes out in a swap: {items}; behind a colon, and by itself.
    IN_EXCHANGE = enum.auto()
    LEFT_OUT = enum.auto()
    AGREED = enum.auto()
    # By when a condition has to be met: {date}.
    CONDITION_BY = enum.auto()
    # What stands beside a no: {text}, {date}.
    OTHER_WAY = enum.auto()
    ALTERNATIVE = enum.auto()
    CLAUSE = enum.auto()
    YES_FROM = enum.auto()
    YES_LATER = enum.auto()
    YES_WITH_BUDGET = enum.auto()
    YES_NEXT_PHASE = enum.auto()
    YES_WITH_CAPACITY = enum.auto()
    YES_ONCE = enum.auto()
    YES_IN_EXCHANGE = enum.auto()
    # When a deferred request comes up again: {date}.
    AGAIN_ON = enum.auto()
    AGAIN_AT_RENEWAL = enum.auto()
    AGAIN_LATER = enum.auto()
    # One option on the table has a day of its own: {date}.
    OPTION_DUE = enum.auto()


@dataclass(frozen=True)
class Tongue:
    """One language."""

    locale: str
    templates: Mapping[Step, str]
    phrases: Mapping[Phrase, str]
    # "no" to "nine", before a feminine or neuter noun such as an hour.
    small: tuple[str, ...]
    minutes_word: str
    hour: str
    hours_word: str
    # "one day", as what a delivery moves by.
    one_day: str
    days_word: str
    day_pattern: str
    near_pattern: str
    far_pattern: str
    money_pattern: str
    # Around a title, and between the last two of several.
    quote: str
    and_word: str
    # What a preview shows.
    sample_title: str
    sample_question: str
    sample_condition: str

    def hours(self, minutes: int) -> str:
        """`four hours`, `2.5 hours`, `20 minutes`."""
        if minutes < 60 and minutes % 30:
            return f"{minutes} {self.minutes_word}"
        count, rest = divmod(minutes, 60)
        if rest:
            figure = format_decimal(minutes / 60, format="#,##0.##", locale=self.locale)
            return f"{figure} {self.hours_word}"
        if count == 1:
            return self.hour
        word = self.small[count] if count < len(self.small) else format_decimal(count, locale=self.locale)
        return f"{word} {self.hours_word}"

    def days(self, count: int) -> str:
        """`one day`, `12 days`."""
        if count == 1:
            return self.one_day
        word = self.small[count] if count < len(self.small) else str(count)
        return f"{word} {self.days_word}"

    def money(self, minor: int, currency: str) -> str:
        """`€480`, `1.200,50 €`: no decimals where they are zero."""
        precision = get_currency_precision(currency)
        digits = precision if minor % 10**precision else 0
        pattern = self.money_pattern.replace("0", "0" + ("." + "0" * digits if digits else ""), 1)
        return format_currency(
            minor / 10**precision, currency, format=pattern, locale=self.locale, currency_digits=False
        )

    def day(self, value: date) -> str:
        """`4 December`."""
        return format_date(value, self.day_pattern, locale=self.locale)

    def far(self, value: date) -> str:
        """`15 January 2027`: far enough ahead that the year matters."""
        return format_date(value, self.far_pattern, locale=self.locale)

    def near(self, value: date) -> str:
        """`Thursday 26 November`: a day close enough to be known by its name."""
        return format_date(value, self.near_pattern, locale=self.locale)

    def say(self, phrase: Phrase, **facts: str) -> str:
        """A sentence with its figures."""
        return self.phrases[phrase].format(**facts)
