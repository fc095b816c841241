"""Home tabs: who has one, which are to be drawn anew, and what became of it.

A refresh is one row a person, so that nothing is lost with a process and nothing floods: a hundred changes are one
publication.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, false, func, or_, select, true, update
from sqlalchemy.orm import Session

from bot.db.deletion import delete_some
from bot.db.insertion import insert_or_update
from bot.outbox.due import LATE_ARRIVAL
from bot.outbox.home_models import HomeTab, HomeWatch

# A Home that nobody opened for so long is drawn when it is opened again.
KEPT_FRESH = timedelta(days=14)
# Longer than a publication can take.
LEASE = timedelta(seconds=60)
LONGEST_RETRY = timedelta(minutes=10)
MOST_TRIES = 12

Pages = Mapping[str, int]


@dataclass(frozen=True)
class DueHome:
    """A Home that this process has taken, to draw it anew."""

    workspace_id: str
    person_id: str
    lease: str
    pages: Pages
    attempts: int
    view_hash: str
    shows: str
    # An older publication may have landed over what stands there.
    may_be_covered: bool


def touch(session: Session, *, workspace_id: str, person_ids: Collection[str], now: datetime) -> None:
    """Let the Homes of these people be drawn anew, as far as they have one."""
    # What is to be tried later stays so; what is only owed a second drawing does not wait for that.
    is_due = and_(HomeTab.is_stale, func.coalesce(HomeTab.next_attempt_at != HomeTab.redraw_at, true()))
    for person_id in sorted(set(person_ids)):
        session.execute(
            update(HomeTab)
            .where(
                HomeTab.workspace_id == workspace_id,
                HomeTab.person_id == person_id,
                HomeTab.opened_at > now - KEPT_FRESH,
            )
            .values(
                wanted=HomeTab.wanted + 1,
                is_stale=True,
                attempts=0,
                next_attempt_at=case((is_due, HomeTab.next_attempt_at), else_=now),
            )
            .execution_options(synchronize_session=False)
        )


def touch_all(session: Session, *, workspace_id: str, now: datetime) -> None:
    """Let every Home of a workspace be drawn anew: something changed that all of them show."""
    touch(session, workspace_id=workspace_id, person_ids=opened_lately(session, workspace_id, now), now=now)


def opened_lately(session: Session, workspace_id: str, now: datetime) -> set[str]:
    """Whose Homes are kept fresh."""
    query = select(HomeTab.person_id).where(
        HomeTab.workspace_id == workspace_id, HomeTab.opened_at > now - KEPT_FRESH
    )
    return set(session.scalars(query))


def wanted(session: Session, *, workspace_id: str, person_id: str) -> int:
    """How many changes somebody's Home is to show; read before what it shows, which is then at least as new."""
    query = select(HomeTab.wanted).where(HomeTab.workspace_id == workspace_id, HomeTab.person_id == person_id)
    return session.scalar(query) or 0


def opened(
    session: Session,
    *,
    workspace_id: str,
    person_id: str,
    pages: Pages,
    view_hash: str,
    shows: str,
    seen: int,
    began: datetime,
    now: datetime,
) -> None:
    """Write down that somebody looks at their Home, and what it shows; what changed since it was `seen` comes anew.

    So does what an older publication may still cover that had not landed when this one `began`.
    """
    stands = {
        "opened_at": now,
        "pages": dict(pages),
        "view_hash": view_hash,
        "shows": shows,
        "attempts": 0,
    }
    key = {"workspace_id": workspace_id, "person_id": person_id}
    # Whose first Home this is: what changed since it was drawn was told to nobody.
    first = {"wanted": 1, "is_stale": True, "next_attempt_at": now}
    insert_or_update(session, HomeTab, {**key, **stands, **first}, keys=tuple(key), update=tuple(stands))
    if seen:
        session.execute(
            update(HomeTab)
            .where(HomeTab.workspace_id == workspace_id, HomeTab.person_id == person_id)
            .values(_showing(seen, began))
            .execution_options(synchronize_session=False)
        )


def opened_in_vain(
    session: Session,
    *,
    workspace_id: str,
    person_id: str,
    pages: Pages,
    seconds: float,
    may_come_late: bool,
    now: datetime,
) -> None:
    """Write down that somebody looks at their Home, and does not see it yet: it is published in so many seconds.

    Where what was broken off `may_come_late`, it is published once more when that is over.
    """
    stands: dict[str, object] = {
        "opened_at": now,
        "pages": dict(pages),
        "view_hash": "",
        "shows": "",
        "attempts": 0,
        "is_stale": True,
        "next_attempt_at": now + timedelta(seconds=seconds),
    }
    if may_come_late:
        stands["redraw_at"] = now + LATE_ARRIVAL
    key = {"workspace_id": workspace_id, "person_id": person_id}
    insert_or_update(session, HomeTab, {**key, **stands, "wanted": 1}, keys=tuple(key), update=tuple(stands))


def any_due(session: Session, *, now: datetime) -> bool:
    """Whether there is anything to take: asked often, so it must not write."""
    due = select(HomeTab.person_id).where(HomeTab.is_stale, HomeTab.next_attempt_at <= now)
    return session.scalar(due.limit(1)) is not None


def take(session: Session, *, now: datetime, lease: str, limit: int) -> list[DueHome]:
    """Take Homes that no longer show what is, those that wait longest first."""
    rows = session.scalars(
        select(HomeTab)
        .where(
            HomeTab.is_stale,
            HomeTab.next_attempt_at <= now,
            or_(HomeTab.leased_until.is_(None), HomeTab.leased_until < now),
        )
        .order_by(HomeTab.next_attempt_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.lease, row.leased_until = lease, now + LEASE
    return [
        DueHome(
            workspace_id=row.workspace_id,
            person_id=row.person_id,
            lease=lease,
            pages=row.pages,
            attempts=row.attempts,
            view_hash=row.view_hash,
            shows=row.shows,
            may_be_covered=row.redraw_at is not None and row.redraw_at <= now,
        )
        for row in rows
    ]


def shown(session: Session, home: DueHome, *, view_hash: str, shows: str, seen: int, began: datetime) -> None:
    """Write down that a Home shows the first `seen` changes; newer ones leave it stale.

    So does an older publication that could still land when this one `began`.
    """
    _settle(session, home, view_hash=view_hash, shows=shows, attempts=0, **_showing(seen, began))


def overtaken(session: Session, home: DueHome, *, now: datetime) -> None:
    """Write down that another view stands there than we knew: it is drawn anew, over whatever stands there."""
    _settle(session, home, view_hash="", shows="", is_stale=True, next_attempt_at=now)


def not_shown(
    session: Session,
    home: DueHome,
    *,
    now: datetime,
    seconds: float | None = None,
    may_come_late: bool = False,
) -> None:
    """Write down that a Home could not be published: again in so many seconds, else later and later, then never.

    One that `may_come_late` is published once more when that is over, unless Slack refuses it then by its hash.
    """
    if seconds is None and home.attempts + 1 >= MOST_TRIES:
        forget(session, home)
        return
    wait = timedelta(seconds=seconds) if seconds is not None else timedelta(seconds=2 ** (home.attempts + 1))
    counted = home.attempts if seconds is not None else home.attempts + 1
    late = {"redraw_at": now + LATE_ARRIVAL} if may_come_late and not home.view_hash else {}
    next_attempt_at = now + min(wait, LONGEST_RETRY)
    _settle(session, home, is_stale=True, attempts=counted, next_attempt_at=next_attempt_at, **late)


def forget(session: Session, home: DueHome) -> None:
    """Slack will never take this Home: it is drawn when it is opened again."""
    session.execute(
        delete(HomeTab)
        .where(
            HomeTab.workspace_id == home.workspace_id,
            HomeTab.person_id == home.person_id,
            HomeTab.lease == home.lease,
        )
        .execution_options(synchronize_session=False)
    )


def forget_unopened(session: Session, *, before: datetime) -> int:
    """Drop some of the Homes that nobody opened for long; how many."""
    return delete_some(session, HomeTab, HomeTab.opened_at < before)


def watched(session: Session, *, now: datetime) -> dict[str, datetime]:
    """The workspaces in which anybody's Home is kept fresh, and until when what happened there was followed."""
    rows = session.execute(
        select(HomeTab.workspace_id, func.min(HomeTab.opened_at).label("first_at"), HomeWatch.seen_until)
        .outerjoin(HomeWatch, HomeWatch.workspace_id == HomeTab.workspace_id)
        .where(HomeTab.opened_at > now - KEPT_FRESH)
        .group_by(HomeTab.workspace_id, HomeWatch.seen_until)
    )
    return {row.workspace_id: row.seen_until or row.first_at for row in rows}


def followed(session: Session, *, workspace_id: str, until: datetime) -> None:
    """Write down until when what happened was followed."""
    values = {"workspace_id": workspace_id, "seen_until": until}
    insert_or_update(session, HomeWatch, values, keys=("workspace_id",), update=("seen_until",))


def _showing(seen: int, began: datetime) -> dict[str, ColumnElement[Any]]:
    has_changed = HomeTab.wanted > seen
    # Null is never owed.
    is_owed = func.coalesce(HomeTab.redraw_at > began, false())
    is_only_owed = and_(is_owed, ~has_changed)
    return {
        "is_stale": or_(has_changed, is_owed),
        "next_attempt_at": case((is_only_owed, HomeTab.redraw_at), else_=HomeTab.next_attempt_at),
        "redraw_at": case((is_owed, HomeTab.redraw_at), else_=None),
    }


def _settle(session: Session, home: DueHome, **values: object) -> None:
    session.execute(
        update(HomeTab)
        .where(
            HomeTab.workspace_id == home.workspace_id,
            HomeTab.person_id == home.person_id,
            HomeTab.lease == home.lease,
        )
        .values(lease=None, leased_until=None, **values)
        .execution_options(synchronize_session=False)
    )
