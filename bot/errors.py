"""What can be refused, in general: a refusal carries facts, and `slack/text` finds the words."""

from __future__ import annotations

from collections.abc import Sequence


class Refusal(Exception):
    """An expected "no": somebody asked for what cannot be, and is told why and what to do instead.

    Subclasses are dataclasses that hold facts, never prose; they stand beside the rules that raise them.
    """


class WrongField(Refusal):
    """A value somebody typed cannot be taken: `field` names the input, `why` is the refusal behind it."""

    def __init__(self, field: str, why: Refusal) -> None:
        super().__init__(field, why)
        self.field = field
        self.why = why


class WrongFields(Refusal):
    """Several values cannot be taken: every one of them is marked at once."""

    def __init__(self, fields: Sequence[WrongField]) -> None:
        super().__init__(*fields)
        self.fields = tuple(fields)
