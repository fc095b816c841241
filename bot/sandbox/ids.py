"""Identifiers as Slack shapes them: a letter or two, then capitals and digits."""

from __future__ import annotations

import random
import string

_ALPHABET = string.ascii_uppercase + string.digits


class Ids:
    """Makes identifiers that do not repeat; the order of a run repeats for the same seed."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)
        self._count = 0

    def fresh(self, prefix: str, length: int = 10) -> str:
        """Returns a new identifier with this prefix."""
        self._count += 1
        tail = _base36(self._count)
        head = self._letters(max(1, length - len(tail)))
        return f"{prefix}{head}{tail}"

    def secret(self, length: int = 24) -> str:
        """Returns letters and digits hard to guess twice; not for cryptography."""
        return self._letters(length).lower() + _base36(self.next_number()).lower()

    def next_number(self) -> int:
        """Returns a number larger than every one before."""
        self._count += 1
        return self._count

    def pick(self, count: int) -> int:
        """Returns some number below count."""
        return self._random.randrange(count)

    def _letters(self, length: int) -> str:
        return "".join(self._random.choices(_ALPHABET, k=length))


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _ALPHABET[rest] + digits
    return digits or _ALPHABET[0]
