"""Reads hours and money as people type them. Pure; what can be read in two ways is refused, never guessed."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import get_currency_precision

from bot.portfolio.refusals import (
    AmbiguousFigure,
    NegativeFigure,
    OtherCurrency,
    TooManyDecimals,
    UnreadableFigure,
)

HOURS_A_DAY = 8
DAYS_A_WEEK = 5
LONGEST = 40

_UNITS = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 1),
    **dict.fromkeys(("", "h", "hr", "hrs", "hour", "hours"), 60),
    **dict.fromkeys(("d", "day", "days"), HOURS_A_DAY * 60),
    **dict.fromkeys(("w", "week", "weeks"), DAYS_A_WEEK * HOURS_A_DAY * 60),
}
# `about 3 h`, `~3h`, `ca. 3`: a rough figure is a figure.
_ABOUT = re.compile(r"^(?:~|≈|about|approx\.?|ca\.?|circa)\s*")
_NUMBER = r"(?:\d+(?:[.,' \u2019]\d+)*|[.,]\d+)"
_PART = re.compile(rf"({_NUMBER})\s*([a-z]*)\s*(?:,|and)?\s*")
_CLOCK = re.compile(r"(\d{1,5}):([0-5]\d)\s*h?")
_SHORT = re.compile(r"(\d{1,5})\s*h\s*([0-5]?\d)")

_DOLLARS = frozenset(
    {"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "UYU", "BRL", "JMD"}
)
_SIGNS = {
    "$": _DOLLARS,
    "€": {"EUR"},
    "£": {"GBP", "EGP", "GIP", "FKP", "SHP", "LBP", "SYP"},
    "¥": {"JPY", "CNY"},
    "₹": {"INR"},
    "₩": {"KRW", "KPW"},
    "₪": {"ILS"},
    "₺": {"TRY"},
    "₴": {"UAH"},
    "₫": {"VND"},
    "₦": {"NGN"},
}
_WORDS = {
    "kr": {"SEK", "NOK", "DKK", "ISK"},
    "zł": {"PLN"},
    "kč": {"CZK"},
    "ft": {"HUF"},
    "fr": {"CHF"},
    "lei": {"RON"},
}
_MONEY = re.compile(
    rf"(?P<before>(?:[^\d\s.,'-]|(?<=[a-z])\.)*)\s*(?P<number>{_NUMBER})\s*(?P<k>k(?![a-z]))?\s*(?P<after>[^\d\s,']*)"
)


# People type the same few figures; what cannot be read is not remembered.
@lru_cache(maxsize=256)
def parse_hours(typed: str) -> int:
    """Minutes from `1.5`, `1,5 h`, `90 min`, `1:30`, `1h30`, `2 h 30 min`, `2d` (a day is 8 hours), `1w` (5 days).

    A bare number is hours. Raises `UnreadableFigure`, `AmbiguousFigure`, `NegativeFigure`.
    """
    text = _ABOUT.sub("", _normal(typed))
    clock = _CLOCK.fullmatch(text) or _SHORT.fullmatch(text)
    if clock:
        return int(clock[1]) * 60 + int(clock[2])
    total, position = Decimal(0), 0
    while position < len(text):
        part = _PART.match(text, position)
        # A number without its unit stands alone: `3` is hours, `3 4` is a riddle.
        if part is None or part[2] not in _UNITS or (not part[2] and part[0] != text):
            raise UnreadableFigure(typed)
        total += _decimal(part[1], typed) * _UNITS[part[2]]
        position = part.end()
    # Not `quantize`, which refuses what has more digits than its precision.
    return int(total.to_integral_value(ROUND_HALF_UP))


@lru_cache(maxsize=256)
def parse_money(typed: str, currency: str) -> int:
    """Minor units of `currency` from `480`, `1,200.50`, `€1.200,50`, `14.4k`, `480 EUR`.

    Raises `UnreadableFigure`, `AmbiguousFigure`, `NegativeFigure`, `TooManyDecimals`, and `OtherCurrency` where
    the sign or the code is not the currency's.
    """
    found = _MONEY.fullmatch(_normal(typed))
    if found is None:
        raise UnreadableFigure(typed)
    for sign in (found["before"], found["after"]):
        _check_sign(sign, typed, currency)
    decimals: int = get_currency_precision(currency)
    amount = _decimal(found["number"], typed, whole_only=decimals == 0 and not found["k"])
    minor = (amount * 1000 if found["k"] else amount).scaleb(decimals)
    if minor != minor.to_integral_value():
        raise TooManyDecimals(typed, currency, decimals)
    return int(minor)


def parse_decimal(typed: str) -> Decimal:
    """A plain number, zero or more: `1.5`, `1,5`, `1 200`, `1.200,50`.

    Raises `UnreadableFigure`, `AmbiguousFigure`, `NegativeFigure`.
    """
    return _decimal(_normal(typed), typed)


def _normal(typed: str) -> str:
    if len(typed) > LONGEST:
        raise UnreadableFigure(typed)
    text = unicodedata.normalize("NFKC", typed).strip().lower().replace("\u2212", "-")
    if re.match(r"^\D{0,4}-\s*\D{0,4}\d", text):
        raise NegativeFigure
    if not any(char.isdigit() for char in text):
        raise UnreadableFigure(typed)
    return text


def _check_sign(sign: str, typed: str, currency: str) -> None:
    word = sign.strip(".").lower()
    if not word or word == currency.lower():
        return
    # `US$`, `A$`: the last sign counts, the letters before it only when they are a currency's own.
    known = _SIGNS.get(word[-1]) or _WORDS.get(word)
    if known is not None and currency in known:
        return
    if known is not None or re.fullmatch(r"[a-z]{3}", word):
        raise OtherCurrency(typed, currency)
    raise UnreadableFigure(typed)


def _decimal(number: str, typed: str, *, whole_only: bool = False) -> Decimal:
    number = re.sub(r"(?<=\d)['\u2019 ](?=\d{3}(?:\D|$))", "", number.strip())
    marks = [char for char in number if char in ".,"]
    if not re.fullmatch(r"\d+(?:[.,]\d+)*|[.,]\d+", number):
        raise UnreadableFigure(typed)
    if not marks:
        return Decimal(number)
    point = marks[-1]
    head, _, tail = number.rpartition(point)
    if len(marks) == 1:
        if _may_be_thousands(head, tail):
            if whole_only:
                return Decimal(head + tail)
            raise AmbiguousFigure(typed, head + tail, f"{head}.{tail}".rstrip("0").rstrip("."))
        return Decimal(f"{head or 0}.{tail}")
    if len(set(marks)) == 1:
        return Decimal(_ungrouped(number, point, typed))
    if point in head:
        raise UnreadableFigure(typed)
    return Decimal(f"{_ungrouped(head, '.' if point == ',' else ',', typed)}.{tail}")


def _may_be_thousands(head: str, tail: str) -> bool:
    return len(tail) == 3 and 1 <= len(head) <= 3 and not head.startswith("0")


def _ungrouped(number: str, mark: str, typed: str) -> str:
    first, *groups = number.split(mark)
    if not 1 <= len(first) <= 3 or any(len(group) != 3 for group in groups):
        raise UnreadableFigure(typed)
    return first + "".join(groups)
