"""The three fields for the lines above which the director has to agree too: in the settings, and for one client."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from bot.errors import Refusal, WrongField, WrongFields
from bot.portfolio.figures import parse_hours, parse_money
from bot.slack.message import Block
from bot.slack.names import Field
from bot.slack.text import authority as say
from bot.slack.text.markup import hours_figure, money_figure
from bot.slack.views.elements import context, text_input
from bot.workspaces.lines import Lines

T = TypeVar("T")
Values = Mapping[str, str | list[str] | None]


def line_inputs(lines: Lines, currency: str, *, explanation: str) -> list[Block]:
    """The lines as they are, under what they mean."""
    fee = lines.fee_minor
    return [
        context(explanation),
        _input(Field.SECOND_HOURS, say.SECOND_HOURS, _figure(lines.minutes)),
        _input(
            Field.SECOND_MONEY,
            say.second_money(currency),
            None if fee is None else money_figure(fee, currency),
        ),
        _input(Field.SECOND_GOODWILL, say.SECOND_GOODWILL, _figure(lines.goodwill_minutes)),
    ]


def read_lines(values: Values, currency: str) -> Lines:
    """What the three fields say; raises `WrongFields` (second_hours, second_money, second_goodwill)."""
    wrong: list[WrongField] = []

    def read(name: Field, parse: Callable[[str], int]) -> int | None:
        typed = values.get(name)
        if not isinstance(typed, str) or not typed.strip():
            return None
        try:
            return parse(typed.strip())
        except Refusal as why:
            wrong.append(WrongField(name, why))
            return None

    lines = Lines(
        read(Field.SECOND_HOURS, parse_hours),
        read(Field.SECOND_MONEY, lambda typed: parse_money(typed, currency)),
        read(Field.SECOND_GOODWILL, parse_hours),
    )
    if wrong:
        raise WrongFields(wrong)
    return lines


def _input(name: Field, label: str, initial: str | None) -> Block:
    return text_input(name, label, initial=initial, optional=True)


def _figure(minutes: int | None) -> str | None:
    return None if minutes is None else hours_figure(minutes)
