"""Learns who somebody is, and refuses those who may not act."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from bot.people import repository
from bot.people.models import Actor, Person
from bot.people.refusals import ExternalPerson, UnknownPerson
from bot.workspaces.zones import is_zone

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class PersonFacts:
    """What Slack says of one user; `zone` is an IANA name, an unknown one is taken as UTC."""

    id: str
    name: str
    zone: str = "UTC"
    email: str = ""
    is_external: bool = False
    is_admin: bool = False
    is_active: bool = True


def remember(session: Session, workspace_id: str, facts: PersonFacts, now: datetime) -> Person:
    """Write down who somebody is, or what changed about them since.

    An address that Slack does not tell this time (an optional scope) is not forgotten.
    """
    values = {
        "workspace_id": workspace_id,
        "id": facts.id,
        "name": facts.name or facts.id,
        "email": facts.email,
        "zone": facts.zone if is_zone(facts.zone) else "UTC",
        "is_external": facts.is_external,
        "is_admin": facts.is_admin,
        "is_active": facts.is_active,
        "refreshed_at": now,
    }
    repository.put(session, values, keep=() if facts.email else ("email",))
    # The statement went past the session: what it already held of this person is old.
    return session.get_one(Person, (workspace_id, facts.id), populate_existing=True)


def meet(session: Session, *, workspace_id: str, ids: Collection[str], zone: str) -> None:
    """Make room for people known by id only (a file named them); their names come when Slack is asked."""
    known = repository.people(session, workspace_id=workspace_id, ids=ids)
    rows = [
        {
            "workspace_id": workspace_id,
            "id": person_id,
            "name": person_id,
            "email": "",
            "zone": zone,
            "is_external": False,
            "is_admin": False,
            "is_active": True,
            "refreshed_at": NEVER,
        }
        for person_id in sorted(set(ids) - known.keys())
    ]
    repository.put_if_unknown(session, rows)


def require_internal(session: Session, actor: Actor) -> Person:
    """The person who acts; raises `UnknownPerson` or `ExternalPerson`."""
    return require_owner(session, workspace_id=actor.workspace_id, person_id=actor.person_id)


def require_owner(session: Session, *, workspace_id: str, person_id: str) -> Person:
    """Somebody who may own or decide things: known, active and of this company; to look at, not to change.

    Raises `UnknownPerson` or `ExternalPerson`.
    """
    person = repository.record_of(session, workspace_id=workspace_id, person_id=person_id)
    if person is None or not person.is_active:
        raise UnknownPerson(person_id)
    if person.is_external:
        raise ExternalPerson(person_id, person.name)
    return person
