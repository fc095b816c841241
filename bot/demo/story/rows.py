"""What a row of the story is: somebody asks, somebody decides, people talk.

A `day` counts working days back from the last day of the story (0 is that day); `after` counts working days on from
the ask. A time is local to whoever acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.ledger.models import Funding
from bot.requests.afterwards.bridge_models import BridgeKind
from bot.requests.models import Promise, Reason

When = tuple[int, str]
# Who says what in a thread, so many working days after the ask.
Reply = tuple[str, int, str, str]


@dataclass(frozen=True)
class Accepted:
    """Yes: `hours` and `fee` (whole units), `paid` by one source or by a split in hours; `told` is when the client heard."""

    after: int
    at: str
    hours: float
    fee: int = 0
    paid: Funding | Mapping[Funding, float] = Funding.CHANGE_ORDER
    delay: int = 0
    told: When | None = None


@dataclass(frozen=True)
class Declined:
    """No, why, and what could be done instead."""

    after: int
    at: str
    why: str
    bridge: tuple[BridgeKind, str]
    told: When | None = None


@dataclass(frozen=True)
class Withdrawn:
    """Taken back before anybody decided."""

    after: int
    at: str
    why: str


@dataclass(frozen=True)
class Questioned:
    """Asked back, and not answered yet."""

    after: int
    at: str
    question: str


@dataclass(frozen=True)
class Choice:
    """One option of a counter-offer: `hours` and `fee` (whole units), and who pays."""

    what: str
    hours: float
    fee: int = 0
    paid: Funding = Funding.CHANGE_ORDER


@dataclass(frozen=True)
class Offered:
    """Options are on the table until `valid` working days after the ask."""

    after: int
    at: str
    valid: int
    options: tuple[Choice, ...]


@dataclass(frozen=True)
class Deferred:
    """Not now: it comes back with the client's renewal."""

    after: int
    at: str
    why: str


@dataclass(frozen=True)
class Conditional:
    """Yes, if something holds by so many working days after the ask; who logged it confirms it."""

    after: int
    at: str
    condition: str
    by: int
    hours: float
    fee: int = 0


Outcome = Accepted | Declined | Withdrawn | Questioned | Offered | Deferred | Conditional


@dataclass(frozen=True)
class Asked:
    """What a client asked for, and what became of it; nothing yet where `then` is none."""

    project: str
    day: int
    at: str
    title: str
    details: str = ""
    then: Outcome | None = None
    hours: float | None = None
    # Working days after the ask.
    needed: int | None = None
    reason: Reason = Reason.CLIENT_REQUEST
    promise: Promise = Promise.NOTHING_SAID
    # Who logged it; the client's account manager unless it says otherwise.
    by: str = ""
    # The remark (by its name) in which the client said it.
    source: str = ""
    talk: tuple[Reply, ...] = ()


@dataclass(frozen=True)
class Remark:
    """Something said in a channel, with replies under it (`after` in working days)."""

    channel: str
    day: int
    at: str
    who: str
    words: str
    talk: tuple[Reply, ...] = ()
    # For `Asked.source`.
    name: str = ""


CHANGE_ORDER, RETAINER, CONTINGENCY = Funding.CHANGE_ORDER, Funding.RETAINER, Funding.CONTINGENCY
GOODWILL, SWAP, OUR_ERROR = Funding.GOODWILL, Funding.SWAP, Funding.AGENCY_ERROR
ALTERNATIVE, CLAUSE = BridgeKind.ALTERNATIVE, BridgeKind.CLAUSE
BUDGET, PHASE, CAPACITY = BridgeKind.BUDGET, BridgeKind.PHASE, BridgeKind.CAPACITY
HOLDING, PROMISED = Promise.HOLDING_REPLY, Promise.PROMISED
