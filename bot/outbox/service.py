"""Announcing: what a use case writes, in its own transaction, so that it will be said in Slack."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, Table, Update, bindparam, case, update
from sqlalchemy.orm import Session

from bot.db.asking import one_of, tell
from bot.db.base import UtcDateTime
from bot.db.ids import new_id
from bot.db.insertion import insert_unless_there
from bot.outbox import statements
from bot.outbox.due import LATE_ARRIVAL, LEASE, DuePosting
from bot.outbox.models import WAITING, Notice, NoticeState, Posting
from bot.outbox.taking import open_claims_of, tell_claims

# How long a refresh that nobody waits for may wait for others like it.
SOON = timedelta(seconds=5)


def announce(
    session: Session,
    *,
    workspace_id: str,
    kind: str,
    subject_id: UUID,
    destination: str,
    dedupe_key: str,
    now: datetime,
    facts: dict[str, Any] | None = None,
    thread_of: str | None = None,
) -> None:
    """Write down that something is to be said once, in the channel or to the person `destination`.

    With `thread_of`, the key of another notice, it is said in the thread of that one, once that is posted.

    The same `dedupe_key` again changes nothing. `facts` holds ids and small values, no words: the message is
    rendered from the rows when it is sent.
    """
    values = {
        "workspace_id": workspace_id,
        "id": new_id(),
        "kind": kind,
        "subject_id": subject_id,
        "facts": facts or {},
        "destination": destination,
        "dedupe_key": dedupe_key,
        "thread_of": thread_of,
        "is_outdated": False,
        "state": NoticeState.PENDING,
        "attempts": 0,
        "next_attempt_at": now,
        "last_error": "",
        "created_at": now,
    }
    insert_unless_there(session, Notice, values, keys=("workspace_id", "dedupe_key"))
    tell_claims(session)


def said_otherwise(session: Session, *, workspace_id: str, dedupe_key: str, now: datetime) -> None:
    """What was announced has been said in another way: it is not said any more, unless it is on its way just now."""
    session.execute(
        update(Notice)
        .where(
            Notice.workspace_id == workspace_id,
            Notice.dedupe_key == dedupe_key,
            one_of(Notice.state, WAITING),
        )
        .values(state=NoticeState.SENT, sent_at=now)
        .execution_options(synchronize_session=False)
    )


def refresh(session: Session, *, workspace_id: str, subject_id: UUID, now: datetime) -> None:
    """Let every message that mirrors this row be rendered anew; many changes become one update."""
    # Notices first: should one arrive while we wait for its row, its posting is there to be seen afterwards.
    this = {"the_workspace": workspace_id, "the_subject": subject_id}
    tell(session, statements.OUTDATE, this)
    claims = open_claims_of(session)
    if claims is None:
        tell(session, statements.REFRESH, {**this, "the_now": now})
        return
    lease = {"the_lease": claims.lease, "the_until": now + LEASE, "the_late": now + LATE_ARRIVAL}
    rows = tell(session, statements.REFRESH_AND_CLAIM, {**this, **lease, "the_now": now})
    claims.postings += [DuePosting.taken(row) for row in rows if row.lease == claims.lease]


def refresh_soon(
    session: Session,
    *,
    workspace_id: str,
    subjects: Select[UUID],
    parameters: Mapping[str, Any],
    now: datetime,
) -> None:
    """Let what mirrors these rows be rendered anew a little later, so that several changes become one update.

    For what shows a figure of something else that changed: nobody waits for it. `subjects` selects the rows' ids; it
    is the same object at every call, with its `parameters` apart.
    """
    parameters = {**parameters, "the_workspace": workspace_id, "the_time": now + SOON}
    tell(session, _refresh_of(subjects), parameters)


@lru_cache
def _refresh_of(subjects: Select[UUID]) -> Update:
    postings = Posting.__table__
    assert isinstance(postings, Table)
    time = bindparam("the_time", type_=UtcDateTime())
    return (
        update(postings)
        .where(
            postings.c.workspace_id == bindparam("the_workspace", type_=String),
            postings.c.subject_id.in_(subjects),
            ~postings.c.is_gone,
        )
        .values(
            wanted=postings.c.wanted + 1,
            is_stale=True,
            # What is to be refreshed sooner anyway stays so.
            next_attempt_at=case((postings.c.is_stale, postings.c.next_attempt_at), else_=time),
        )
    )
