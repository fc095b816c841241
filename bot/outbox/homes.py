"""Home tabs: who has one, which are to be drawn anew, and what became of it.

A refresh is one row a person, so that nothing is lost with a process and nothing floods: a hundred changes are one
publication.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, func, or_, select, update
from sqlalchemy.orm import Session

from bot.db.deletion import delete_some
from bot.db.insertion import insert_or_update
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


def touch(session: Session, *, workspace_id: str, person_ids: Collection[str], now: datetime) -> None:
    """Let the Homes of these people be drawn anew, as far as they have one."""
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
                next_attempt_at=case((HomeTab.is_stale, HomeTab.next_attempt_at), else_=now),
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
    now: datetime,
) -> None:
    """Write down that somebody looks at their Home, and what it shows; what changed since it was `seen` comes anew."""
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
            .values(is_stale=HomeTab.wanted > seen)
            .execution_options(synchronize_session=False)
        )


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
        DueHome(row.workspace_id, row.person_id, lease, row.pages, row.attempts, row.view_hash, row.shows)
        for row in rows
    ]


def shown(session: Session, home: DueHome, *, view_hash: str, shows: str, seen: int) -> None:
    """Write down that a Home shows the first `seen` changes; newer ones leave it stale."""
    _settle(session, home, view_hash=view_hash, shows=shows, is_stale=HomeTab.wanted > seen, attempts=0)


def overtaken(session: Session, home: DueHome, *, now: datetime) -> None:
    """Write down that another view stands there than we knew: it is drawn anew, over whatever stands there."""
    _settle(session, home, view_hash="", shows="", is_stale=True, next_attempt_at=now)


def not_shown(session: Session, home: DueHome, *, now: datetime, seconds: float | None = None) -> None:
    """Write down that a Home could not be published: again in so many seconds, else later and later, then never."""
    if seconds is None and home.attempts + 1 >= MOST_TRIES:
        forget(session, home)
        return
    wait = timedelta(seconds=seconds) if seconds is not None else timedelta(seconds=2 ** (home.attempts + 1))
    counted = home.attempts if seconds is not None else home.attempts + 1
    _settle(session, home, is_stale=True, attempts=counted, next_attempt_at=now + min(wait, LONGEST_RETRY))


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
