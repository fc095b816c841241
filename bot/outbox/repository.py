"""Taking what is due, and writing down what became of it. Each function is one short transaction of the courier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.db.ids import new_id
from bot.outbox.models import ACTIVE, Notice, NoticeState, Posting

# Longer than a post can take (10 s) with the wait for its channel's turn before it.
LEASE = timedelta(seconds=60)
HELD_RETRY = timedelta(minutes=15)


@dataclass(frozen=True)
class DueNotice:
    """A notice that this process has taken: to be said now, or looked up first when `is_unclear`."""

    workspace_id: str
    id: UUID
    lease: str
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
    wanted: int
    attempts: int


@dataclass(frozen=True)
class Place:
    """Where a notice was said; `state` tells whether it was."""

    state: NoticeState
    channel_id: str | None
    ts: str | None


def take_notices(session: Session, *, now: datetime, lease: str, limit: int) -> list[DueNotice]:
    """Take what may be said now: the oldest undelivered notice of each destination, so that order is kept.

    A notice whose lease ran out was on its way when its process died: it comes back as unclear.
    """
    session.execute(
        update(Notice)
        .where(Notice.state == NoticeState.SENDING, Notice.leased_until < now)
        .values(state=NoticeState.UNCLEAR, lease=None, leased_until=None, next_attempt_at=now)
        .execution_options(synchronize_session=False)
    )
    earlier = aliased(Notice)
    blocked = exists().where(
        earlier.workspace_id == Notice.workspace_id,
        earlier.destination == Notice.destination,
        earlier.state.in_(ACTIVE),
        earlier.id < Notice.id,
    )
    due = session.scalars(
        select(Notice)
        .where(
            Notice.state.in_([NoticeState.PENDING, NoticeState.UNCLEAR, NoticeState.HELD]),
            Notice.next_attempt_at <= now,
            ~blocked,
        )
        .order_by(Notice.next_attempt_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    return [_lease_notice(notice, now, lease) for notice in due]


def take_postings(session: Session, *, now: datetime, lease: str, limit: int) -> list[DuePosting]:
    """Take messages that no longer show their row."""
    due = session.scalars(
        select(Posting)
        .where(
            Posting.is_stale,
            Posting.next_attempt_at <= now,
            or_(Posting.leased_until.is_(None), Posting.leased_until < now),
        )
        .order_by(Posting.next_attempt_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for posting in due:
        posting.lease = lease
        posting.leased_until = now + LEASE
    return [
        DuePosting(
            workspace_id=posting.workspace_id,
            id=posting.id,
            lease=lease,
            kind=posting.kind,
            subject_id=posting.subject_id,
            facts=posting.facts,
            destination=posting.destination,
            channel_id=posting.channel_id,
            ts=posting.ts,
            wanted=posting.wanted,
            attempts=posting.attempts,
        )
        for posting in due
    ]


def said(
    session: Session, notice: DueNotice, *, channel_id: str, ts: str, mirrors: bool, now: datetime
) -> None:
    """Write down where a notice was posted; with `mirrors` the message follows its row from now on."""
    row = _mine(session, notice)
    if row is None:
        return
    row.state = NoticeState.SENT
    row.channel_id, row.ts, row.sent_at = channel_id, ts, now
    row.lease, row.leased_until, row.last_error = None, None, ""
    if mirrors:
        session.add(
            Posting(
                workspace_id=notice.workspace_id,
                id=new_id(),
                kind=notice.kind,
                subject_id=notice.subject_id,
                facts=notice.facts,
                destination=notice.destination,
                channel_id=channel_id,
                ts=ts,
                wanted=1,
                shown=0 if row.is_outdated else 1,
                is_stale=row.is_outdated,
                attempts=0,
                next_attempt_at=now,
                leased_until=None,
                lease=None,
                last_error="",
                is_gone=False,
            )
        )


def settle(
    session: Session,
    notice: DueNotice,
    *,
    state: NoticeState,
    error: str,
    next_attempt_at: datetime,
    counts: bool = True,
) -> None:
    """Write down why a notice was not said, and when to try again; `counts` is false for what was not its fault."""
    row = _mine(session, notice)
    if row is None:
        return
    row.state = state
    row.last_error = error[:500]
    row.next_attempt_at = next_attempt_at
    row.attempts += 1 if counts else 0
    row.lease, row.leased_until = None, None


def shown(session: Session, posting: DuePosting) -> None:
    """Write down that a message shows its row as it was when it was taken; newer changes leave it stale."""
    session.execute(
        update(Posting)
        .where(
            Posting.workspace_id == posting.workspace_id,
            Posting.id == posting.id,
            Posting.lease == posting.lease,
        )
        .values(
            shown=posting.wanted,
            is_stale=Posting.wanted > posting.wanted,
            attempts=0,
            lease=None,
            leased_until=None,
            last_error="",
        )
        .execution_options(synchronize_session=False)
    )


def not_shown(
    session: Session,
    posting: DuePosting,
    *,
    error: str,
    next_attempt_at: datetime,
    is_gone: bool,
    counts: bool,
) -> None:
    """Write down why a message could not be refreshed; with `is_gone` it never can be again."""
    session.execute(
        update(Posting)
        .where(
            Posting.workspace_id == posting.workspace_id,
            Posting.id == posting.id,
            Posting.lease == posting.lease,
        )
        .values(
            is_gone=is_gone,
            is_stale=not is_gone,
            attempts=Posting.attempts + (1 if counts else 0),
            next_attempt_at=next_attempt_at,
            lease=None,
            leased_until=None,
            last_error=error[:500],
        )
        .execution_options(synchronize_session=False)
    )


def place_of(session: Session, *, workspace_id: str, dedupe_key: str) -> Place | None:
    """How far another notice has come, and where it stands; none if it was never announced."""
    row = session.execute(
        select(Notice.state, Notice.channel_id, Notice.ts).where(
            Notice.workspace_id == workspace_id, Notice.dedupe_key == dedupe_key
        )
    ).one_or_none()
    return None if row is None else Place(*row)


def release(session: Session, *, workspace_id: str, destination: str, now: datetime) -> None:
    """Let what was held back for a channel be tried again at once: the bot was let in."""
    session.execute(
        update(Notice)
        .where(
            Notice.workspace_id == workspace_id,
            Notice.destination == destination,
            Notice.state == NoticeState.HELD,
        )
        .values(state=NoticeState.PENDING, next_attempt_at=now)
        .execution_options(synchronize_session=False)
    )


def refresh_channel(session: Session, *, workspace_id: str, channel_id: str, now: datetime) -> None:
    """Let every message that mirrors a row in this channel be drawn anew: who can read it has changed."""
    session.execute(
        update(Posting)
        .where(Posting.workspace_id == workspace_id, Posting.channel_id == channel_id, ~Posting.is_gone)
        .values(wanted=Posting.wanted + 1, is_stale=True, next_attempt_at=now, attempts=0)
        .execution_options(synchronize_session=False)
    )


def next_due_at(session: Session) -> datetime | None:
    """When the next notice or refresh is due; none when nothing waits."""
    notice = session.scalar(
        select(func.min(Notice.next_attempt_at)).where(
            Notice.state.in_([NoticeState.PENDING, NoticeState.UNCLEAR, NoticeState.HELD])
        )
    )
    posting = session.scalar(select(func.min(Posting.next_attempt_at)).where(Posting.is_stale))
    return min((at for at in (notice, posting) if at is not None), default=None)


def unsaid(session: Session) -> int:
    """How many notices and refreshes are still on their way (held ones apart)."""
    notices = session.scalar(select(func.count()).where(Notice.state.in_(ACTIVE)))
    postings = session.scalar(select(func.count()).where(Posting.is_stale))
    return int(notices or 0) + int(postings or 0)


def forget_sent(session: Session, *, before: datetime) -> None:
    """Drop notices that were said long ago; where a message stands is kept in its posting."""
    session.execute(
        delete(Notice).where(
            and_(Notice.state.in_([NoticeState.SENT, NoticeState.DEAD]), Notice.created_at < before)
        )
    )


def _lease_notice(notice: Notice, now: datetime, lease: str) -> DueNotice:
    is_unclear = notice.state is NoticeState.UNCLEAR
    notice.state = NoticeState.SENDING
    notice.lease = lease
    notice.leased_until = now + LEASE
    if notice.first_sent_at is None:
        notice.first_sent_at = now
    # The message is drawn from the rows as they are after this moment.
    notice.is_outdated = False
    return DueNotice(
        workspace_id=notice.workspace_id,
        id=notice.id,
        lease=lease,
        kind=notice.kind,
        subject_id=notice.subject_id,
        facts=notice.facts,
        destination=notice.destination,
        dedupe_key=notice.dedupe_key,
        thread_of=notice.thread_of,
        attempts=notice.attempts,
        is_unclear=is_unclear,
        first_sent_at=notice.first_sent_at,
        created_at=notice.created_at,
    )


def _mine(session: Session, notice: DueNotice) -> Notice | None:
    """The row, if this process still holds it: after a lease ran out, somebody else may have taken it over."""
    return session.scalar(
        select(Notice)
        .where(
            Notice.workspace_id == notice.workspace_id,
            Notice.id == notice.id,
            Notice.lease == notice.lease,
        )
        .with_for_update()
    )
