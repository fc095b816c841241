"""The bridge from a "no" to a later yes: what may be said, kept beside the decision, read for cards and lists."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import String, Uuid, bindparam, select, update
from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.db.insertion import insert_row
from bot.errors import Refusal, WrongField
from bot.people.models import Actor
from bot.requests.afterwards.bridge_models import BridgeKind, DecisionBridge
from bot.requests.models import Decision
from bot.requests.refusals import Missing
from bot.requests.typed.typed_text import without_controls


@dataclass(frozen=True)
class Bridge:
    """What goes on instead: `text` in words the client may read, and the day on which it comes back (or none)."""

    kind: BridgeKind
    text: str = ""
    returns_on: date | None = None
    # As kept: its day came; it was asked again or let go.
    is_back: bool = False
    is_settled: bool = False

    @property
    def is_opportunity(self) -> bool:
        """Whether it may still become a yes: what the agreement rules out may not, unless a day was named."""
        return not self.is_settled and (self.kind is not BridgeKind.CLAUSE or self.returns_on is not None)

    @property
    def may_be_asked_again(self) -> bool:
        """Whether its time has come, or none was named."""
        return self.is_opportunity and (self.is_back or self.returns_on is None)


@dataclass
class NotAhead(Refusal):
    """The day on which something is to come back is today or over."""

    day: date


@dataclass
class NoRenewalAhead(Refusal):
    """The client has no renewal ahead to which something could be deferred."""

    client: str


@dataclass
class NotYet(Refusal):
    """The day on which it comes back has not come; until then its decider may re-open it."""

    reference: str
    day: date
    decider: str


@dataclass
class NoBridge(Refusal):
    """Nothing was said that could make it a yes, or it was let go."""

    reference: str


def tidied(bridge: Bridge) -> Bridge:
    """The same without characters that no database, file or message should hold."""
    return replace(bridge, text=without_controls(bridge.text).strip())


def wrong_bridge(bridge: Bridge, today: date) -> list[WrongField]:
    """What is missing (bridge_text, returns_on), or not ahead of `today` (returns_on)."""
    wrong: list[WrongField] = []
    if not bridge.text and not bridge.kind.is_said_by_its_date:
        wrong.append(WrongField("bridge_text", Missing()))
    if bridge.returns_on is None and bridge.kind.is_said_by_its_date:
        wrong.append(WrongField("returns_on", Missing()))
    if bridge.returns_on is not None and bridge.returns_on <= today:
        wrong.append(WrongField("returns_on", NotAhead(bridge.returns_on)))
    return wrong


def keep(session: Session, decision: Decision, bridge: Bridge) -> None:
    """Write the bridge beside its decision."""
    session.flush()  # it refers to the decision's row
    insert_row(
        session,
        DecisionBridge,
        {
            "workspace_id": decision.workspace_id,
            "id": new_id(),
            "request_id": decision.request_id,
            "decision_id": decision.id,
            "kind": bridge.kind,
            "text": bridge.text,
            "returns_on": bridge.returns_on,
        },
    )


def bridge_of(session: Session, *, workspace_id: str, decision_id: UUID) -> Bridge | None:
    """Where a decision leads to; none where it leads nowhere."""
    row = session.execute(
        _BRIDGE_OF, {"workspace_id": workspace_id, "decision_id": decision_id}
    ).one_or_none()
    if row is None:
        return None
    return Bridge(
        row.kind,
        row.text,
        row.returns_on,
        is_back=row.came_back_at is not None,
        is_settled=row.settled_at is not None,
    )


def came_back(session: Session, actor: Actor, *, bridge_id: UUID) -> None:
    """Its day is here."""
    session.execute(
        update(DecisionBridge)
        .where(DecisionBridge.workspace_id == actor.workspace_id, DecisionBridge.id == bridge_id)
        .values(came_back_at=actor.now)
    )


def settle(session: Session, actor: Actor, *, decision_id: UUID) -> None:
    """What was asked again, let go or decided anew comes back no more."""
    session.execute(
        update(DecisionBridge)
        .where(
            DecisionBridge.workspace_id == actor.workspace_id,
            DecisionBridge.decision_id == decision_id,
            DecisionBridge.settled_at.is_(None),
        )
        .values(settled_at=actor.now)
    )


def as_facts(bridge: Bridge) -> dict[str, str | None]:
    """The bridge as the history keeps it."""
    return {
        "bridge": str(bridge.kind),
        "bridge_text": bridge.text,
        "returns_on": bridge.returns_on.isoformat() if bridge.returns_on else None,
    }


_BRIDGE_OF = select(
    DecisionBridge.kind,
    DecisionBridge.text,
    DecisionBridge.returns_on,
    DecisionBridge.came_back_at,
    DecisionBridge.settled_at,
).where(
    DecisionBridge.workspace_id == bindparam("workspace_id", type_=String),
    DecisionBridge.decision_id == bindparam("decision_id", type_=Uuid),
)
