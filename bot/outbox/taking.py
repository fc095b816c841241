"""Taking what is due, so that one process alone works on it. Each function is one short transaction, or part of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Update
from sqlalchemy.orm import Session

from bot.outbox import statements
from bot.outbox.due import LEASE, DueNotice, DuePosting

_CLAIMS = "outbox_claims"


@dataclass(frozen=True)
class Taken:
    """What was taken; `next_due_at` is known where nothing was."""

    notices: list[DueNotice]
    postings: list[DuePosting]
    next_due_at: datetime | None = None


@dataclass
class Claims:
    """What a use case changed and announced, for the courier of its own process."""

    lease: str
    postings: list[DuePosting] = field(default_factory=list)
    has_news: bool = False


def take(session: Session, *, now: datetime, lease: str, notices: int, postings: int) -> Taken:
    """Take up to so many of each that are due; where there are none, say when there will be."""
    # Notices before postings: the order in which a use case touches them, so that nobody waits in a circle.
    due_notices = take_notices(session, now=now, lease=lease, limit=notices) if notices > 0 else []
    due_postings = take_postings(session, now=now, lease=lease, limit=postings) if postings > 0 else []
    later = None if due_notices or due_postings else next_due_at(session, now=now)
    return Taken(due_notices, due_postings, later)


def take_notices(session: Session, *, now: datetime, lease: str, limit: int) -> list[DueNotice]:
    """Take what may be said now: the oldest undelivered notice of each destination, so that order is kept.

    A notice whose lease ran out was on its way when its process died: it comes back as unclear.
    """
    connection = session.connection()
    connection.execute(statements.EXPIRE, {"the_now": now})
    rows = connection.execute(statements.DUE_NOTICES, {"the_now": now, "the_limit": limit}).all()
    _lease_all(connection, statements.LEASE_NOTICE, rows, lease=lease, now=now)
    return [DueNotice.taken(row, lease=lease, now=now) for row in rows]


def take_postings(session: Session, *, now: datetime, lease: str, limit: int) -> list[DuePosting]:
    """Take messages that no longer show their row."""
    connection = session.connection()
    rows = connection.execute(statements.DUE_POSTINGS, {"the_now": now, "the_limit": limit}).all()
    _lease_all(connection, statements.LEASE_POSTING, rows, lease=lease, now=now)
    return [DuePosting.taken(row, lease=lease) for row in rows]


def open_claims(session: Session, *, lease: str) -> Claims:
    """From here on, what this transaction changes is claimed under `lease` as it is written."""
    claims = session.info[_CLAIMS] = Claims(lease)
    return claims


def tell_claims(session: Session) -> None:
    """Something was announced in this transaction."""
    claims = open_claims_of(session)
    if claims is not None:
        claims.has_news = True


def open_claims_of(session: Session) -> Claims | None:
    """The claims that this transaction collects, if it does."""
    claims: Claims | None = session.info.get(_CLAIMS)
    return claims


def next_due_at(session: Session, *, now: datetime) -> datetime | None:
    """When there will be something to take (now or earlier: there is); none when nothing waits.

    What waits behind an earlier notice is not due before that one is settled.
    """
    found = session.connection().execute(statements.NEXT_DUE, {"the_now": now}).one()
    return min((at for at in found if at is not None), default=None)


def _lease_all(
    connection: Connection, statement: Update, rows: Sequence[Any], *, lease: str, now: datetime
) -> None:
    if not rows:
        return
    terms = {"the_lease": lease, "the_until": now + LEASE}
    if statement is statements.LEASE_NOTICE:
        terms["the_now"] = now
    connection.execute(
        statement, [{"the_workspace": row.workspace_id, "the_id": row.id, **terms} for row in rows]
    )
