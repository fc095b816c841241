"""The history of a request: append-only, each event chained to the one before by its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.db.base import canonical_json
from bot.db.insertion import insert_row
from bot.db.records import new_record
from bot.people.models import Actor
from bot.requests.models import ChangeRequest, Event, EventKind


@dataclass(frozen=True)
class Broken:
    """Where a chain does not hold: the position of the first event that is not what was written."""

    reference: str
    position: int
    what: str


def record(session: Session, actor: Actor, request: ChangeRequest, kind: EventKind, /, **facts: Any) -> Event:
    """Append one event to a request whose row is there; the event is not followed by the session."""
    values = chained(actor, request, kind, facts)
    insert_row(session, Event, values)
    return new_record(Event, **values)


def chained(actor: Actor, request: ChangeRequest, kind: EventKind, facts: dict[str, Any]) -> dict[str, Any]:
    """The columns of a request's next event.

    The request's row holds the newest hash from here on, so that a cut-off tail is seen too.
    """
    event: dict[str, Any] = {
        "workspace_id": request.workspace_id,
        "request_id": request.id,
        "position": request.event_count + 1,
        "kind": kind,
        "actor_id": actor.person_id,
        "at": actor.now,
        "facts": facts,
        "previous_hash": request.event_head,
    }
    event["hash"] = _digest(**event)
    request.event_count = event["position"]
    request.event_head = event["hash"]
    return event


def digest_of(event: Event) -> str:
    """SHA-256 over everything an event says and the hash before it, as lower-case hex."""
    return _digest(
        workspace_id=event.workspace_id,
        request_id=event.request_id,
        position=event.position,
        kind=event.kind,
        actor_id=event.actor_id,
        at=event.at,
        facts=event.facts,
        previous_hash=event.previous_hash,
    )


def _digest(
    *,
    workspace_id: str,
    request_id: UUID,
    position: int,
    kind: EventKind,
    actor_id: str,
    at: datetime,
    facts: dict[str, Any],
    previous_hash: str,
) -> str:
    said = {
        "workspace": workspace_id,
        "request": str(request_id),
        "position": position,
        "kind": str(kind),
        "actor": actor_id,
        "at": _instant(at),
        "facts": facts,
        "previous": previous_hash,
    }
    return hashlib.sha256(canonical_json(said).encode()).hexdigest()


def first_break(request: ChangeRequest, events: Iterable[Event]) -> Broken | None:
    """The first place where the events (in order) are not what was once written; none when all hold."""
    previous, count = "", 0
    for event in events:
        count += 1
        if event.position != count:
            return Broken(request.reference, count, "missing")
        if event.previous_hash != previous or event.hash != digest_of(event):
            return Broken(request.reference, count, "changed")
        previous = event.hash
    if count != request.event_count or previous != request.event_head:
        return Broken(request.reference, count + 1, "missing")
    return None


def _instant(at: datetime) -> str:
    # Both databases keep microseconds; the form must not depend on how a driver gives them back.
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
