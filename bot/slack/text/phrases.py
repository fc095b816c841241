"""Small words that several messages share: counts, lists, names, working time, a request as a link to its card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from bot.digests.edition import CardLink
from bot.slack.text.markup import escape, link, link_to_message, one_line

NAME = 60
TITLE = 80
WORKING_DAY_MINUTES = 8 * 60
_WORDS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)

Links = Mapping[UUID, CardLink]


def number(count: int) -> str:
    """`two`, `17`: small numbers as words."""
    return _WORDS[count] if count < len(_WORDS) else str(count)


def counted(count: int, one: str, many: str | None = None) -> str:
    """`one ask`, `two asks`, `17 asks`."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def sentence(words: str) -> str:
    """The words with a capital in front; markup and names stay as they are."""
    return words[:1].upper() + words[1:]


def listed(items: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(items[:-1]), items[-1]])) if items else ""


def name_of(text: str) -> str:
    """A name as data, on one line, no longer than a line bears."""
    return escape(one_line(text), NAME)


def title_of(text: str) -> str:
    """What a request asks for, as data, on one line."""
    return escape(one_line(text), TITLE)


def reference(request_id: UUID, label: str, links: Links) -> str:
    """A request's reference, as a link to its card where that is known."""
    card = links.get(request_id)
    return escape(label) if card is None else link(link_to_message(card.channel_id, card.ts), label)


def working_time(minutes: int) -> str:
    """`2.1 working days`, `3 working hours`, `less than an hour`."""
    if minutes < 60:
        return "less than an hour"
    days, whole_hours = minutes / WORKING_DAY_MINUTES, round(minutes / 60)
    if days >= 1:
        figure = f"{days:.1f}".removesuffix(".0")
        return f"{figure} working day{'' if figure == '1' else 's'}"
    return f"{whole_hours} working hour{'' if whole_hours == 1 else 's'}"
