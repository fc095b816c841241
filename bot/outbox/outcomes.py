"""Writing down what became of what was taken. Nothing is written for who has lost the lease meanwhile."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.db.asking import tell
from bot.db.ids import new_id
from bot.db.insertion import insert_row
from bot.outbox import statements
from bot.outbox.due import DueNotice, DuePosting
from bot.outbox.models import Notice, NoticeState, Posting
from bot.outbox.repository import release

LONGEST_ERROR = 500


def said(
    session: Session,
    notice: DueNotice,
    *,
    channel_id: str,
    ts: str,
    mirrors: bool,
    is_linked_to: bool = False,
    was_found: bool = False,
    now: datetime,
) -> None:
    """Write down where a notice was posted; with `mirrors` the message follows its row from now on.

    One that `was_found` was posted by an earlier try, and may show the row as it was then: it is drawn anew. So is
    what else follows the row where this message `is_linked_to`.
    """
    mine = {"the_workspace": notice.workspace_id, "the_id": notice.id, "the_lease": notice.lease}
    place = {"the_channel": channel_id, "the_ts": ts, "the_now": now}
    row = tell(session, statements.SAID, {**mine, **place}).one_or_none()
    if row is None:
        return
    if mirrors:
        posting_id = new_id()
        is_stale = row.is_outdated or was_found
        insert_row(
            session,
            Posting,
            {
                "workspace_id": notice.workspace_id,
                "id": posting_id,
                "kind": notice.kind,
                "subject_id": notice.subject_id,
                "facts": notice.facts,
                "destination": notice.destination,
                "channel_id": channel_id,
                "ts": ts,
                "wanted": 2 if is_stale else 1,
                "shown": 1,
                "is_stale": is_stale,
                "next_attempt_at": now,
            },
        )
        if is_linked_to:
            _draw_what_links_to(session, notice, posting_id, now)
    # We are let in here: what was held back for this place need not wait for its next try.
    release(session, workspace_id=notice.workspace_id, destination=notice.destination, now=now)


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
    row.last_error = error[:LONGEST_ERROR]
    row.next_attempt_at = next_attempt_at
    row.attempts += 1 if counts else 0
    row.lease, row.leased_until = None, None
    if state is NoticeState.HELD:
        # The same door is shut for all that is held here: one knock is enough.
        session.execute(
            update(Notice)
            .where(
                Notice.workspace_id == notice.workspace_id,
                Notice.destination == notice.destination,
                Notice.state == NoticeState.HELD,
                Notice.next_attempt_at < next_attempt_at,
            )
            .values(next_attempt_at=next_attempt_at)
            .execution_options(synchronize_session=False)
        )


def wanted_now(session: Session, posting: DuePosting) -> tuple[int, int]:
    """How many changes this message is to show, and how many there were of who can read it.

    They are read before the row itself, which is then at least as new.
    """
    this = {"the_workspace": posting.workspace_id, "the_id": posting.id}
    row = tell(session, statements.WANTED, this).one_or_none()
    return (0, 0) if row is None else (row.wanted, row.readerships)


def shown(session: Session, posting: DuePosting, *, wanted: int, began: datetime, now: datetime) -> None:
    """Write down that a message shows the first `wanted` changes of its row; newer ones leave it stale.

    So does an earlier update that could still land when this one `began`. Who has lost the lease meanwhile may have
    drawn over a newer one.
    """
    this = {"the_workspace": posting.workspace_id, "the_id": posting.id}
    shows = {"the_lease": posting.lease, "the_wanted": wanted, "the_began": began}
    if tell(session, statements.SHOWN, {**this, **shows}).one_or_none() is None:
        tell(session, statements.OVERTAKEN, {**this, "the_late": now})


def not_shown(
    session: Session,
    posting: DuePosting,
    *,
    error: str,
    next_attempt_at: datetime,
    is_gone: bool,
    counts: bool,
    is_linked_to: bool = False,
    now: datetime,
    may_land_until: datetime | None = None,
) -> None:
    """Write down why a message could not be refreshed; with `is_gone` it never can be again.

    Where the update `may_land_until` some time all the same, the message is drawn once more then. What links to one
    that is gone is drawn without the link.
    """
    if may_land_until is not None:
        this = {"the_workspace": posting.workspace_id, "the_id": posting.id, "the_late": may_land_until}
        tell(session, statements.OVERTAKEN, this)
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
            last_error=error[:LONGEST_ERROR],
        )
        .execution_options(synchronize_session=False)
    )
    if is_gone and is_linked_to:
        _draw_what_links_to(session, posting, posting.id, now)


def _draw_what_links_to(
    session: Session, subject: DueNotice | DuePosting, posting_id: UUID, now: datetime
) -> None:
    # Notices first, as in a refresh: one that arrives while we wait for its row is there to be seen afterwards.
    this = {"the_workspace": subject.workspace_id, "the_subject": subject.subject_id}
    tell(session, statements.OUTDATE, this)
    tell(session, statements.REFRESH_OTHERS, {**this, "the_id": posting_id, "the_now": now})


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
