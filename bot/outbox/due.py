"""What a courier has taken from the outbox, as values that outlive the transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from bot.outbox.models import NoticeState

# Longer than the longest way a post can take (its channel's turn, one look at the channel, the post itself).
LEASE = timedelta(seconds=60)
# What nobody waits for any more may still be done: a post is looked for, and a card is drawn once more, when it is done
# or never will be.
LATE_ARRIVAL = timedelta(seconds=30)


@dataclass(frozen=True)
class DueNotice:
    """A notice that this process has taken: to be said now, or looked up first when `is_unclear`."""

    workspace_id: str
    id: UUID
    lease: str
    leased_until: datetime
    kind: str
    subject_id: UUID
    facts: dict[str, Any]
    destination: str
    dedupe_key: str
    thread_of: str | None
    attempts: int
    is_unclear: bool
    # When the first post of it may have left.
    first_sent_at: datetime
    created_at: datetime
    # So many changes of who can read the place had been heard of, by any process.
    readerships: int

    @classmethod
    def taken(cls, row: Row[*tuple[Any, ...]], *, lease: str, now: datetime) -> DueNotice:
        """What a row that is leased now holds; `row` is as it was before."""
        return cls(
            workspace_id=row.workspace_id,
            id=row.id,
            lease=lease,
            leased_until=now + LEASE,
            kind=row.kind,
            subject_id=row.subject_id,
            facts=row.facts,
            destination=row.destination,
            dedupe_key=row.dedupe_key,
            thread_of=row.thread_of,
            attempts=row.attempts,
            is_unclear=row.state is NoticeState.UNCLEAR,
            first_sent_at=row.first_sent_at or now,
            created_at=row.created_at,
            readerships=row.readerships,
        )


@dataclass(frozen=True)
class DuePosting:
    """A posted message that no longer shows its row, taken by this process."""

    workspace_id: str
    id: UUID
    lease: str
    kind: str
    subject_id: UUID
    facts: dict[str, Any]
    destination: str
    channel_id: str
    ts: str
    attempts: int
    # So many changes of the row it is to show, when it was taken.
    wanted: int
    # Nothing of what it shows may stand: who can read it has changed, so who they are is asked anew.
    has_new_readers: bool
    # So many changes of who can read it had been heard of, by any process.
    readerships: int

    @classmethod
    def taken(cls, row: Row[*tuple[Any, ...]], *, lease: str = "") -> DuePosting:
        """What a row that was leased holds: under its own lease, or under the one it gets now."""
        return cls(
            workspace_id=row.workspace_id,
            id=row.id,
            lease=lease or row.lease,
            kind=row.kind,
            subject_id=row.subject_id,
            facts=row.facts,
            destination=row.destination,
            channel_id=row.channel_id,
            ts=row.ts,
            attempts=row.attempts,
            wanted=row.wanted,
            has_new_readers=row.shown == 0,
            readerships=row.readerships,
        )


@dataclass(frozen=True)
class Place:
    """Where a notice was said; `state` tells whether it was."""

    state: NoticeState
    channel_id: str | None
    ts: str | None
