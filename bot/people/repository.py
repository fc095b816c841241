"""Every query about people."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Session

from bot.db.insertion import insert_or_update, insert_unless_there
from bot.db.records import record
from bot.people.models import Person

# SQLite takes 32,766 bound values a statement; a list of ids is asked for in pieces well below that.
PIECE = 1_000
KEYS = ("workspace_id", "id")
# Built once: whoever does anything is looked up first.
_PERSON = select(Person).where(
    Person.workspace_id == bindparam("the_workspace", type_=String),
    Person.id == bindparam("the_person", type_=String),
)


def person(session: Session, *, workspace_id: str, person_id: str) -> Person | None:
    """One known person, or nothing."""
    return session.scalar(_PERSON, {"the_workspace": workspace_id, "the_person": person_id})


def record_of(session: Session, *, workspace_id: str, person_id: str) -> Person | None:
    """The same for who only looks."""
    return record(session, _PERSON, {"the_workspace": workspace_id, "the_person": person_id})


def people(session: Session, *, workspace_id: str, ids: Collection[str]) -> dict[str, Person]:
    """Those of `ids` that are known, by id."""
    found: dict[str, Person] = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), PIECE):
        query = select(Person).where(
            Person.workspace_id == workspace_id, Person.id.in_(wanted[start : start + PIECE])
        )
        found |= {row.id: row for row in session.scalars(query)}
    return found


def names(session: Session, *, workspace_id: str, ids: Collection[str]) -> dict[str, str]:
    """The names of those of `ids` that are known, by id."""
    known = people(session, workspace_id=workspace_id, ids=ids)
    return {person_id: row.name for person_id, row in known.items()}


def name(session: Session, *, workspace_id: str, person_id: str) -> str:
    """What somebody is called; their id when nobody knows."""
    known = session.get(Person, (workspace_id, person_id))
    return known.name if known else person_id


def ids_by_email(session: Session, *, workspace_id: str) -> dict[str, str]:
    """Every known address in lower case, with the id of the person who has it."""
    query = select(Person.email, Person.id).where(Person.workspace_id == workspace_id, Person.email != "")
    return {email.lower(): person_id for email, person_id in session.execute(query)}


def put(session: Session, values: Mapping[str, Any], *, keep: Collection[str] = ()) -> None:
    """Write one person's row, new or known; columns named in `keep` stay as they are in a known row."""
    changing = [name for name in values if name not in {*KEYS, *keep}]
    insert_or_update(session, Person, values, keys=KEYS, update=changing)


def put_if_unknown(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the rows of people nobody knows yet; known ones stay as they are."""
    for values in rows:
        insert_unless_there(session, Person, values, keys=KEYS)
