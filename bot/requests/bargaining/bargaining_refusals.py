"""What the rules of bargaining refuse: counter-offers, conditions, swaps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.errors import Refusal
from bot.requests.bargaining.condition_models import ConditionOutcome


@dataclass
class OfferGone(Refusal):
    """The options that were pressed on are not on the table any more."""

    reference: str


@dataclass
class OwnOffer(Refusal):
    """Nobody takes what they offered, or could decide: not even in the place of who logged it."""

    reference: str
    requester: str


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


@dataclass
class ConditionGone(Refusal):
    """The condition that was pressed on is not what the request depends on any more."""

    reference: str


@dataclass
class ConditionOver(Refusal):
    """The condition could be confirmed until a day that is over."""

    reference: str
    due_on: date


@dataclass
class ConditionSettled(Refusal):
    """Somebody said already how it ended."""

    reference: str
    outcome: ConditionOutcome
    by: str
    at: datetime


@dataclass
class NotTheConfirmer(Refusal):
    """Only one person says whether a condition is met, or who decides the request."""

    reference: str
    confirmer: str


@dataclass
class NothingGoesOut(Refusal):
    """A swap needs something that goes out."""


@dataclass
class NotSwappable(Refusal):
    """What was chosen cannot go out (any more): it is not accepted, or has begun."""

    what: str


@dataclass
class SwapTooLarge(Refusal):
    """More would go out than comes in (minutes)."""

    into: int
    out: int
