"""Text as people typed it, made safe to keep: Slack's three entities undone, control characters gone."""

from __future__ import annotations

import re

_ENTITY = re.compile(r"&(amp|lt|gt);")
_CHARACTERS = {"amp": "&", "lt": "<", "gt": ">"}
_LINE_ENDS = re.compile(r"\r\n?|[\n\x0b\x0c\x85\u2028\u2029]")
# Control characters, the marks that turn the reading direction of what follows, and halves of characters,
# which neither UTF-8 nor PostgreSQL can hold. Joiners stay: emoji and Persian need them.
_UNSAFE = re.compile(r"[\x00-\x09\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def unescape_slack(text: str) -> str:
    """Undo `&amp;`, `&lt;` and `&gt;`, exactly once; every other entity is what somebody typed."""
    return _ENTITY.sub(lambda found: _CHARACTERS[found[1]], text)


def without_controls(text: str) -> str:
    """The text with `\\n` as its only line end and without characters that nobody can see but machines obey."""
    return _UNSAFE.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " "))
