"""What the rules of bargaining refuse: counter-offers, conditions, swaps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.errors import Refusal


@dataclass
class OfferGone(Refusal):
    """The options that were pressed on are not on the table any more."""

    reference: str


@dataclass
class OfferOver(Refusal):
    """The option could be taken until a day that is over."""

    reference: str
    option: str
    valid_until: date
    by: str


@dataclass
class NotAnOption(Refusal):
    """An offer cannot be paid by a swap: what goes out instead has to be named first."""


@dataclass
class TooEarly(Refusal):
    """The day lies before the one on which the project is due anyway."""

    due_on: date
