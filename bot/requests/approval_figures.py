"""The figures an acceptance rests on, and which of them cannot be taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.errors import Refusal, WrongField
from bot.ledger.models import Funding
from bot.ledger.service import SplitMismatch, value_of
from bot.requests.refusals import NobodyBilled, TooMuch

MOST_MINUTES = 100_000 * 60
MOST_MINOR = 10**12
MOST_DELAY_DAYS = 3_650


@dataclass(frozen=True)
class Figures:
    """What an acceptance rests on: minutes, the fee in minor units, days of delay, and who pays for how much."""

    minutes: int
    fee_minor: int
    delay_days: int
    split: Mapping[Funding, int]


def wrong_figures(figures: Figures, *, rate_minor: int, due_on: date | None) -> list[WrongField]:
    """Every figure that cannot be taken on a project with this hourly rate and due date, whoever accepts."""
    wrong: list[WrongField] = []

    def refuse(field: str, why: Refusal) -> None:
        wrong.append(WrongField(field, why))

    most_minutes = _most_minutes(rate_minor)
    if not 0 <= figures.minutes <= most_minutes:
        refuse("hours", TooMuch(most=most_minutes // 60))
    if not 0 <= figures.fee_minor <= MOST_MINOR:
        refuse("fee", TooMuch(most=MOST_MINOR))
    elif figures.fee_minor and not any(funding.is_billable for funding in figures.split):
        refuse("fee", NobodyBilled())
    most_days = MOST_DELAY_DAYS if due_on is None else min(MOST_DELAY_DAYS, (date.max - due_on).days)
    if not 0 <= figures.delay_days <= most_days:
        refuse("delay", TooMuch(most=most_days))
    parts = figures.split.values()
    if sum(parts) != figures.minutes or any(part < 0 for part in parts):
        refuse("funding", SplitMismatch(figures.minutes, sum(parts)))
    return wrong


def _most_minutes(rate_minor: int) -> int:
    # What the hours are worth has to fit its column as well.
    if value_of(MOST_MINUTES, rate_minor) <= MOST_MINOR:
        return MOST_MINUTES
    return MOST_MINOR * 60 // rate_minor
