"""How urgent a typed line is: "urgent" or "!" at its beginning or its end, and nothing in between. Pure."""

from __future__ import annotations

import re

from bot.requests.models import Priority

# At the edge of the first line, as words of their own; "urgent:" and "!!" too. Elsewhere they are part of the wish.
_FIRST = re.compile(r"^(?:(?P<urgent>urgent|asap)\b\s*[:,!–—-]*|!+)(?=\s|$)\s*", re.IGNORECASE)
_LAST = re.compile(r"(?:^|(?<=\s))(?:(?:urgent|asap)[.!]*|!+)$", re.IGNORECASE)


def without_priority(typed: str) -> tuple[str, Priority]:
    """The typed text without the words that only say how urgent it is, and the priority; normal without any.

    A line that holds nothing else is left as it is: then the word is the wish.
    """
    head, newline, rest = typed.lstrip().partition("\n")
    bare = _LAST.sub("", _FIRST.sub("", head, count=1).rstrip(), count=1).strip(" \t,;–—-")
    if bare == head.strip(" \t,;–—-") or not bare:
        return typed, Priority.NORMAL
    return f"{bare}{newline}{rest}", Priority.URGENT
