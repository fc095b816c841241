"""Taking what is due, so that one process alone works on it. Each function is one short transaction, or part of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.outbox.due import LEASE, DueNotice, DuePosting
from bot.outbox.models import ACTIVE, WAITING, Notice, NoticeState, Posting

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
    session.execute(
        update(Notice)
        .where(Notice.state == NoticeState.SENDING, Notice.leased_until < now)
        .values(state=NoticeState.UNCLEAR, lease=None, leased_until=None, next_attempt_at=now)
        .execution_options(synchronize_session=False)
    )
    due = session.scalars(
        select(Notice)
        .where(is_next(now), Notice.next_attempt_at <= now)
        .order_by(Notice.next_attempt_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    return [DueNotice.taken(row, lease=lease, now=now) for row in due]


def take_postings(session: Session, *, now: datetime, lease: str, limit: int) -> list[DuePosting]:
    """Take messages that no longer show their row."""
    due = session.scalars(
        select(Posting)
        .where(Posting.is_stale, Posting.next_attempt_at <= now, _is_free(now))
        .order_by(Posting.next_attempt_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in due:
        row.lease = lease
        row.leased_until = now + LEASE
    return [DuePosting.taken(row, lease=lease) for row in due]


def open_claims(session: Session, *, lease: str) -> Claims:
    """From here on, what this transaction changes is claimed under `lease` as it is written."""
    claims = session.info[_CLAIMS] = Claims(lease)
    return claims


def tell_claims(session: Session) -> None:
    """Something was announced in this transaction."""
    claims: Claims | None = session.info.get(_CLAIMS)
    if claims is not None:
        claims.has_news = True


def claim_postings(session: Session, *, workspace_id: str, subject_id: UUID, now: datetime) -> None:
    """Claim the stale messages that mirror a row, if this transaction collects claims: one transaction less."""
    claims: Claims | None = session.info.get(_CLAIMS)
    if claims is None:
        return
    rows = session.scalars(
        update(Posting)
        .where(
            Posting.workspace_id == workspace_id,
            Posting.subject_id == subject_id,
            Posting.is_stale,
            _is_free(now),
        )
        .values(lease=claims.lease, leased_until=now + LEASE)
        .returning(Posting)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).all()
    claims.postings += [DuePosting.taken(row, lease=claims.lease) for row in rows]


def next_due_at(session: Session, *, now: datetime) -> datetime | None:
    """When there will be something to take (now or earlier: there is); none when nothing waits.

    What waits behind an earlier notice is not due before that one is settled.
    """
    first_times = (
        select(func.min(Notice.next_attempt_at)).where(is_next(now)),
        # The process that leased it may have died.
        select(func.min(Notice.leased_until)).where(Notice.state == NoticeState.SENDING),
        select(func.min(func.coalesce(Posting.leased_until, Posting.next_attempt_at))).where(
            Posting.is_stale
        ),
    )
    found = [session.scalar(query) for query in first_times]
    return min((at for at in found if at is not None), default=None)


def is_next(now: datetime) -> ColumnElement[bool]:
    """Whether a notice waits, and no earlier one for the same place has to be said first.

    One that is held is passed by until it is due: then it goes first, and the others held behind it wait for it.
    """
    earlier = aliased(Notice)
    goes_first = or_(
        earlier.state.in_(ACTIVE),
        and_(earlier.state == NoticeState.HELD, earlier.next_attempt_at <= now),
    )
    has_one_before = exists().where(
        earlier.workspace_id == Notice.workspace_id,
        earlier.destination == Notice.destination,
        earlier.id < Notice.id,
        goes_first,
    )
    return and_(Notice.state.in_(WAITING), ~has_one_before)


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(Posting.leased_until.is_(None), Posting.leased_until < now)
