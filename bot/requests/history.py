"""The history of a request: append-only, each event chained to the one before by its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.db.base import canonical_json
from bot.db.insertion import insert_object
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
    event = chained(actor, request, kind, facts)
    insert_object(session, event)
    return event


def chained(actor: Actor, request: ChangeRequest, kind: EventKind, facts: dict[str, Any]) -> Event:
    """The next event of a request; its row holds the newest hash from here on, so that a cut-off tail is seen too."""
    event = Event(
        workspace_id=request.workspace_id,
        request_id=request.id,
        position=request.event_count + 1,
        kind=kind,
        actor_id=actor.person_id,
        at=actor.now,
        facts=facts,
        previous_hash=request.event_head,
        hash="",
    )
    event.hash = digest_of(event)
    request.event_count = event.position
    request.event_head = event.hash
    return event


def digest_of(event: Event) -> str:
    """SHA-256 over everything an event says and the hash before it, as lower-case hex."""
    said = {
        "workspace": event.workspace_id,
        "request": str(event.request_id),
        "position": event.position,
        "kind": str(event.kind),
        "actor": event.actor_id,
        "at": _instant(event.at),
        "facts": event.facts,
        "previous": event.previous_hash,
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
