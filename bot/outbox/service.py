"""Announcing: what a use case writes, in its own transaction, so that it will be said in Slack."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, update
from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.db.insertion import insert_if_new
from bot.outbox.models import Notice, NoticeState, Posting
from bot.outbox.taking import claim_postings, tell_claims

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
    insert_if_new(session, Notice, values, keys=("workspace_id", "dedupe_key"))
    tell_claims(session)


def refresh(session: Session, *, workspace_id: str, subject_id: UUID, now: datetime) -> None:
    """Let every message that mirrors this row be rendered anew; many changes become one update."""
    # What is on its way right now was drawn before this change: it is drawn again as soon as it has arrived.
    # Notices first: should one arrive while we wait for its row, its posting is there to be seen afterwards.
    session.execute(
        update(Notice)
        .where(
            Notice.workspace_id == workspace_id,
            Notice.subject_id == subject_id,
            Notice.state.in_([NoticeState.SENDING, NoticeState.UNCLEAR]),
        )
        .values(is_outdated=True)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Posting)
        .where(Posting.workspace_id == workspace_id, Posting.subject_id == subject_id, ~Posting.is_gone)
        .values(wanted=Posting.wanted + 1, is_stale=True, next_attempt_at=now, attempts=0)
        .execution_options(synchronize_session=False)
    )
    claim_postings(session, workspace_id=workspace_id, subject_id=subject_id, now=now)


def refresh_soon(session: Session, *, workspace_id: str, subjects: Select[UUID], now: datetime) -> None:
    """Let what mirrors these rows be rendered anew a little later, so that several changes become one update.

    For what shows a figure of something else that changed: nobody waits for it.
    """
    session.execute(
        update(Posting)
        .where(
            Posting.workspace_id == workspace_id,
            Posting.subject_id.in_(subjects),
            ~Posting.is_gone,
        )
        .values(
            wanted=Posting.wanted + 1,
            is_stale=True,
            # What is to be refreshed sooner anyway stays so.
            next_attempt_at=case((Posting.is_stale, Posting.next_attempt_at), else_=now + SOON),
        )
        .execution_options(synchronize_session=False)
    )
