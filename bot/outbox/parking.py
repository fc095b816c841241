"""Parking all that a workspace still had to say, when Handoff was taken out of it, and taking it up again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from bot.outbox.home_models import HomeTab, HomeWatch
from bot.outbox.models import Notice, NoticeState, Posting

# Later than anything is ever due: what is parked is tried when it is taken up, and not before.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
PARKED_AFTER = NEVER - timedelta(days=1)


def park(session: Session, *, workspace_id: str) -> None:
    """Let nothing of this workspace be due any more. What is on its way finds its door shut, and parks itself.

    What may have been posted already stays in doubt, so that it is looked for before it is said again.
    """
    session.execute(
        update(Notice)
        .where(
            Notice.workspace_id == workspace_id,
            or_(
                Notice.state == NoticeState.PENDING,
                Notice.state == NoticeState.HELD,
                Notice.state == NoticeState.STUCK,
                Notice.state == NoticeState.UNCLEAR,
            ),
        )
        .values(next_attempt_at=NEVER)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Posting)
        .where(Posting.workspace_id == workspace_id, Posting.is_stale)
        .values(next_attempt_at=NEVER, lease=None, leased_until=None)
        .execution_options(synchronize_session=False)
    )
    # A Home is drawn anew when it is opened.
    for model in (HomeTab, HomeWatch):
        session.execute(
            delete(model)
            .where(model.workspace_id == workspace_id)
            .execution_options(synchronize_session=False)
        )


def unpark(session: Session, *, workspace_id: str, now: datetime) -> None:
    """Take up again what was parked."""
    for model in (Notice, Posting):
        session.execute(
            update(model)
            .where(model.workspace_id == workspace_id, model.next_attempt_at > PARKED_AFTER)
            .values(next_attempt_at=now)
            .execution_options(synchronize_session=False)
        )
