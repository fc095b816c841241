"""Taking what is due, so that one process alone works on it. Each function is one short transaction, or part of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Update
from sqlalchemy.orm import Session

from bot.db.asking import tell, tell_each
from bot.outbox import statements
from bot.outbox.due import LATE_ARRIVAL, LEASE, DueNotice, DuePosting
from bot.outbox.fairness import Chosen, choose
from bot.outbox.models import NoticeState

_CLAIMS = "outbox_claims"


@dataclass(frozen=True)
class Taken:
    """What was taken; `next_due_at` is known where nothing was."""

    notices: list[DueNotice]
    postings: list[DuePosting]
    next_due_at: datetime | None = None
    # There is more than there was room for.
    is_crowded: bool = False


@dataclass
class Claims:
    """What a use case changed and announced, for the courier of its own process."""

    lease: str
    postings: list[DuePosting] = field(default_factory=list)
    has_news: bool = False


@dataclass(frozen=True)
class UnderWay:
    """How many notices and refreshes of each workspace this process is at work on; what is not named has none."""

    notices: Mapping[str, int] = field(default_factory=dict)
    postings: Mapping[str, int] = field(default_factory=dict)
    # The last look found more than there was room for: each workspace has its turn.
    is_crowded: bool = False


def take(
    session: Session,
    *,
    now: datetime,
    lease: str,
    notices: int,
    postings: int,
    under_way: UnderWay | None = None,
    is_steady: bool = True,
) -> Taken:
    """Take up to so many of each that are due; where there are none, say when there will be.

    While the clock is not steady, nothing is taken for lost: what it says is over may be on its way to Slack.
    """
    under_way = under_way or UnderWay()
    # Notices before postings: the order in which a use case touches them, so that nobody waits in a circle.
    due_notices, many = (
        _take_notices(session, now, lease, notices, under_way, is_steady=is_steady)
        if notices > 0
        else ([], True)
    )
    due_postings, much = (
        _take_postings(session, now, lease, postings, under_way) if postings > 0 else ([], True)
    )
    later = None if due_notices or due_postings else next_due_at(session, now=now)
    return Taken(due_notices, due_postings, later, is_crowded=many or much)


def recall(session: Session, *, now: datetime) -> None:
    """Once the clock can be trusted again: what was put off while it was ahead is tried again as soon as it is safe.

    What had to wait for another reason is put off once more then.
    """
    times = {"the_late": now + LATE_ARRIVAL, "the_until": now + LEASE}
    for statement in statements.RECALL:
        tell(session, statement, times)


def take_notices(
    session: Session, *, now: datetime, lease: str, limit: int, is_steady: bool = True
) -> list[DueNotice]:
    """Take what may be said now: the oldest undelivered notice of each destination, so that order is kept.

    A notice whose lease ran out was on its way when its process died: it comes back as unclear.
    """
    return _take_notices(session, now, lease, limit, UnderWay(), is_steady=is_steady)[0]


def take_postings(session: Session, *, now: datetime, lease: str, limit: int) -> list[DuePosting]:
    """Take messages that no longer show their row."""
    return _take_postings(session, now, lease, limit, UnderWay())[0]


def _take_notices(
    session: Session, now: datetime, lease: str, limit: int, under_way: UnderWay, *, is_steady: bool
) -> tuple[list[DueNotice], bool]:
    if is_steady:
        tell(session, statements.EXPIRE, {"the_now": now, "the_look": now + LATE_ARRIVAL})
    when = {"the_now": now, "the_looks": is_steady}
    rows, is_crowded = _due(session, _NOTICES, under_way.notices, under_way.is_crowded, limit, when)
    _lease_all(session, statements.LEASE_NOTICE, rows, lease=lease, now=now)
    return [DueNotice.taken(row, lease=lease, now=now) for row in rows], is_crowded


def _take_postings(
    session: Session, now: datetime, lease: str, limit: int, under_way: UnderWay
) -> tuple[list[DuePosting], bool]:
    when = {"the_now": now}
    rows, is_crowded = _due(session, _POSTINGS, under_way.postings, under_way.is_crowded, limit, when)
    _lease_all(session, statements.LEASE_POSTING, rows, lease=lease, now=now)
    return [DuePosting.taken(row, lease=lease) for row in rows], is_crowded


@dataclass(frozen=True)
class _Asking:
    """The statements that find what is due: all of it, whose it is, and that of one workspace."""

    all_due: Select[*tuple[Any, ...]]
    who: Select[Any]
    due_of: Select[*tuple[Any, ...]]


_NOTICES = _Asking(statements.DUE_NOTICES, statements.WHO_HAS_NOTICES, statements.DUE_NOTICES_OF)
_POSTINGS = _Asking(statements.DUE_POSTINGS, statements.WHO_HAS_POSTINGS, statements.DUE_POSTINGS_OF)


def _due(
    session: Session,
    asking: _Asking,
    under_way: Mapping[str, int],
    was_crowded: bool,
    limit: int,
    when: Mapping[str, Any],
) -> Chosen:
    # Where there is room for all of it, one statement finds it, and nobody's turn matters.
    if not was_crowded:
        rows = tell(session, asking.all_due, {**when, "the_limit": limit}).all()
        if len(rows) < limit:
            return Chosen(rows, is_crowded=False)
    return choose(session, who=asking.who, due_of=asking.due_of, under_way=under_way, limit=limit, when=when)


def hand_back(
    session: Session,
    *,
    notices: Sequence[tuple[DueNotice, NoticeState, datetime]] = (),
    postings: Sequence[tuple[DuePosting, datetime]] = (),
) -> None:
    """Let others take at its time what this process will not finish; who lost the lease meanwhile changes nothing."""
    for notice, state, at in notices:
        mine = {"the_workspace": notice.workspace_id, "the_id": notice.id, "the_lease": notice.lease}
        tell(session, statements.HAND_BACK_NOTICE, {**mine, "the_state": state, "the_time": at})
    for posting, at in postings:
        mine = {"the_workspace": posting.workspace_id, "the_id": posting.id, "the_lease": posting.lease}
        tell(session, statements.HAND_BACK_POSTING, {**mine, "the_time": at, "the_late": at})


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
    found = tell(session, statements.NEXT_DUE, {"the_now": now}).one()
    return min((at for at in found if at is not None), default=None)


def _lease_all(
    session: Session, statement: Update, rows: Sequence[Any], *, lease: str, now: datetime
) -> None:
    terms = {"the_lease": lease, "the_until": now + LEASE}
    if statement is statements.LEASE_NOTICE:
        terms["the_now"] = now
    else:
        terms["the_late"] = now + LATE_ARRIVAL
    tell_each(
        session, statement, [{"the_workspace": row.workspace_id, "the_id": row.id, **terms} for row in rows]
    )
