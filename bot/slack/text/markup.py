"""Slack's markup, figures and dates as people read them. User text goes through `escape`, always."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time
from functools import lru_cache

from babel.numbers import get_currency_precision, get_currency_symbol

from bot.slack.limits import clip

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# Slack formats only marks at the edge of a word (`*so*`, not `snake_case`): an invisible joiner takes the edge away.
_WORD_JOINER = "\u2060"
_EDGE_MARK = re.compile(r"(?<![^\W_])[*_~`]|[*_~`](?![^\W_])")
# Characters that turn the direction of what follows, so that text after user text could be read backwards.
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# First-strong isolate … pop: right-to-left text keeps its own direction and leaves its surroundings alone.
_ISOLATE, _POP = "\u2068", "\u2069"


# Keeps a figure and its unit, or a day and its month, on one line.
NO_BREAK = "\u00a0"


def unbroken(words: str) -> str:
    """The same words, never parted at the end of a line."""
    return words.replace(" ", NO_BREAK)


def clean(text: str) -> str:
    """User text without control and direction-turning characters; newlines and tabs stay."""
    if text.isprintable():
        # As most is: there is nothing to take away, and no need to look at each character.
        return text
    return "".join(
        ch
        for ch in text
        if ch in "\n\t" or (unicodedata.category(ch) not in {"Cc", "Cs"} and ch not in _DIRECTION_MARKS)
    )


# A card and what is said of it tell the same names, titles and times several times over.
@lru_cache(maxsize=512)
def escape(text: str, limit: int | None = None) -> str:
    """User text as data in mrkdwn: it cannot ping, link or format; clipped to `limit` characters as sent."""
    cleaned = clean(text)
    if limit is not None:
        cleaned = clip(cleaned, limit)
    escaped = _without_markup(cleaned)
    while limit is not None and len(escaped) > limit:
        cleaned = clip(cleaned, max(1, len(cleaned) - (len(escaped) - limit)))
        escaped = _without_markup(cleaned)
    if not cleaned.isascii() and any(unicodedata.bidirectional(ch) in {"R", "AL"} for ch in cleaned):
        return f"{_ISOLATE}{escaped}{_POP}"
    return escaped


def _without_markup(text: str) -> str:
    return _EDGE_MARK.sub(lambda mark: f"{_WORD_JOINER}{mark[0]}{_WORD_JOINER}", text.translate(_ESCAPES))


def shield(text: str) -> str:
    """A sentence of ours with somebody's words in it: our marks stay, but nothing in it can ping or link."""
    return text.translate(_ESCAPES)


def one_line(text: str) -> str:
    """The same words on one line."""
    return " ".join(text.split())


def quoted(text: str) -> str:
    """Escaped user text as a quote block; each line is marked, so none escapes it."""
    return "\n".join(f">{line}" for line in text.splitlines()) or ">"


def mention(user_id: str) -> str:
    """A mention that notifies its person: only for whom the message is for."""
    return f"<@{user_id}>"


def channel(channel_id: str) -> str:
    """A channel's name as a link."""
    return f"<#{channel_id}>"


def link(url: str, label: str) -> str:
    """A link; the label is escaped, and nothing in it can end the link."""
    return f"<{url.replace('|', '%7C').replace('>', '%3E').replace('<', '%3C')}|{escape(label).replace('|', '¦')}>"


def link_to_message(channel_id: str, ts: str) -> str:
    """The address of a message; Slack's client opens it in place."""
    return f"https://slack.com/archives/{channel_id}/p{ts.replace('.', '')}"


def day(value: date) -> str:
    """`Fri 27 Nov`: a calendar date, which is the same in every zone."""
    return unbroken(f"{value:%a} {value.day} {value:%b}")


def dated(value: date, today: date) -> str:
    """A date as near as it is: `today`, `tomorrow`, `Fri 27 Nov`, with the year when it is not this one."""
    if value == today:
        return "today"
    return day(value) if value.year == today.year else unbroken(f"{day(value)} {value.year}")


def instant_token(value: datetime, pattern: str = "{time}, {date_short_pretty}", *, before: str = "") -> str:
    """An instant that Slack shows in the reader's own zone, with a fallback in UTC.

    The time comes first: a token that begins with the day is written with a capital ("by Pete, Today at 14:10").
    `before` are words of the pattern that the fallback needs as well.
    """
    return _instant_token(int(value.timestamp()), pattern, before)


# By its seconds: on the night on which the clocks go back, two times of one zone that are an hour apart are equal.
@lru_cache(maxsize=512)
def _instant_token(seconds: int, pattern: str, before: str) -> str:
    value = datetime.fromtimestamp(seconds, UTC)
    return f"<!date^{seconds}^{pattern}|{before}{value:%a} {value.day} {value:%b %H:%M} UTC>"


def due_token(value: datetime) -> str:
    """`by tomorrow at 09:38`, `by Friday … at 09:38`: until when, in the reader's own zone, with a fallback in UTC.

    "by" stands within the token: a day at its very beginning would be written with a capital.
    """
    return instant_token(value, "by {date_long_pretty} at {time}", before="by ")


def date_token(value: date) -> str:
    """A calendar date with its weekday; no zone can shift it, since it is not an instant."""
    return day(value)


def hours(minutes: int) -> str:
    """`4 h`, `2.5 h`, `20 min`: minutes as people say them."""
    if abs(minutes) < 60 and minutes % 30:
        return unbroken(f"{minutes} min")
    return unbroken(f"{hours_figure(minutes)} h")


def hours_figure(minutes: int) -> str:
    """Hours as a bare figure, for a field that already says hours."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


@lru_cache(maxsize=4096)
def money(minor: int, currency: str) -> str:
    """`€480`, `$1,200.50`: minor units with their currency; no decimals where they are zero."""
    precision, symbol = _currency(currency)
    whole, rest = divmod(abs(minor), 10**precision)
    figure = f"{whole:,}.{rest:0{precision}d}" if rest else f"{whole:,}"
    return f"{'-' if minor < 0 else ''}{symbol}{figure}"


@lru_cache(maxsize=256)
def _currency(code: str) -> tuple[int, str]:
    """How many digits follow its point, and its symbol."""
    return get_currency_precision(code), get_currency_symbol(code, locale="en_US")


def money_figure(minor: int, currency: str) -> str:
    """An amount as a bare figure, for a field that already says its currency."""
    precision = get_currency_precision(currency)
    whole, rest = divmod(minor, 10**precision)
    return f"{whole}.{rest:0{precision}d}" if rest else str(whole)


def percent(part: int, whole: int) -> str | None:
    """`12 %`; none where there is nothing to compare with."""
    return None if whole == 0 else unbroken(f"{part * 100 / whole:.0f} %")


def clock_time(value: time) -> str:
    """`09:00`."""
    return f"{value:%H:%M}"
