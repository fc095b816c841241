"""Why a client, a project or a figure is not taken as it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bot.errors import Refusal


@dataclass(unsafe_hash=True)
class Missing(Refusal):
    """Nothing was given where something is needed."""


@dataclass(unsafe_hash=True)
class TooLong(Refusal):
    """More characters than anybody could read."""

    length: int
    limit: int


@dataclass(unsafe_hash=True)
class UnknownLanguage(Refusal):
    """There are no words for clients in this language."""

    typed: str


@dataclass(unsafe_hash=True)
class UnknownClient(Refusal):
    """There is no such client in this workspace."""

    client_id: UUID


@dataclass(unsafe_hash=True)
class UnknownProject(Refusal):
    """There is no such project in this workspace."""

    project_id: UUID


@dataclass(unsafe_hash=True)
class NameTaken(Refusal):
    """Another client has this name, or one that differs in capitals only."""

    name: str


@dataclass(unsafe_hash=True)
class KeyTaken(Refusal):
    """Another project has this key."""

    key: str
    project: str


@dataclass(unsafe_hash=True)
class KeyShape(Refusal):
    """A key is 2 to 10 letters and digits and begins with a letter; `proposal` would do, where there is one."""

    key: str
    proposal: str


@dataclass(unsafe_hash=True)
class KeyInUse(Refusal):
    """Requests already carry this key (`ACME-12`), so it stays."""

    key: str
    requests: int


@dataclass(unsafe_hash=True)
class CurrencyInUse(Refusal):
    """Figures of this project are in the present currency, so it stays."""

    currency: str
    project: str


@dataclass(unsafe_hash=True)
class NegativeFigure(Refusal):
    """Hours and money are zero or more."""


@dataclass(unsafe_hash=True)
class FigureTooLarge(Refusal):
    """More than any project has: `limit` in hours, or in whole units of the currency."""

    limit: int


@dataclass(unsafe_hash=True)
class DueBeforeStart(Refusal):
    """The due date lies before the start."""

    starts_on: date
    due_on: date


@dataclass(unsafe_hash=True)
class NotYours(Refusal):
    """Only these people change it: `what` is the name of the client or the project."""

    what: str
    owners: tuple[str, ...]


@dataclass(unsafe_hash=True)
class FiguresApproved(Refusal):
    """Requests were approved on top of these figures, so that only a further approval changes them."""

    project: str


@dataclass(unsafe_hash=True)
class AlreadyClosed(Refusal):
    """The project is closed."""

    project: str


@dataclass(unsafe_hash=True)
class UnreadableFigure(Refusal):
    """No number can be read in this."""

    typed: str


@dataclass(unsafe_hash=True)
class AmbiguousFigure(Refusal):
    """`1.200` may be a thousand and two hundred, or one and a fifth: `whole` and `fraction` say it clearly."""

    typed: str
    whole: str
    fraction: str


@dataclass(unsafe_hash=True)
class TooManyDecimals(Refusal):
    """The currency has fewer decimals than were typed."""

    typed: str
    currency: str
    decimals: int


@dataclass(unsafe_hash=True)
class OtherCurrency(Refusal):
    """The figure names a currency that is not the client's."""

    typed: str
    currency: str


@dataclass(unsafe_hash=True)
class UnreadableDate(Refusal):
    """Not a date as `2026-11-27`."""

    typed: str
