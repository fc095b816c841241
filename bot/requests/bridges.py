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
from bot.requests.bridge_models import BridgeKind, DecisionBridge
from bot.requests.models import Decision
from bot.requests.refusals import Missing
from bot.requests.typed_text import without_controls


@dataclass(frozen=True)
class Bridge:
    """What goes on instead: `text` in words the client may read, and the day on which it comes back (or none)."""

    kind: BridgeKind
    text: str = ""
    returns_on: date | None = None


@dataclass
class NotAhead(Refusal):
    """The day on which something is to come back is today or over."""

    day: date


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
    return None if row is None else Bridge(row.kind, row.text, row.returns_on)


def settle(session: Session, actor: Actor, *, request_id: UUID) -> None:
    """What was asked again or let go comes back no more."""
    session.execute(
        update(DecisionBridge)
        .where(
            DecisionBridge.workspace_id == actor.workspace_id,
            DecisionBridge.request_id == request_id,
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


_BRIDGE_OF = select(DecisionBridge.kind, DecisionBridge.text, DecisionBridge.returns_on).where(
    DecisionBridge.workspace_id == bindparam("workspace_id", type_=String),
    DecisionBridge.decision_id == bindparam("decision_id", type_=Uuid),
)
