"""What the clock asks for: one row at a time, held, so that no two processes work on the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.requests.models import ChangeRequest, Event
from bot.workspaces.installations import is_at_work


def next_due(session: Session, *, now: datetime) -> ChangeRequest | None:
    """The request whose clock was due first and whom nobody else is working on, held; none when nothing is due."""
    return _first(session, ChangeRequest.clock_next_at, now)


def next_owed(session: Session, *, now: datetime) -> ChangeRequest | None:
    """The same for an answer that is owed to a client."""
    return _first(session, ChangeRequest.owed_remind_at, now)


def acted_since(
    session: Session, *, request: ChangeRequest, person_id: str, since: timedelta, now: datetime
) -> bool:
    """Whether somebody did something with a request lately."""
    lately = exists().where(
        Event.workspace_id == request.workspace_id,
        Event.request_id == request.id,
        Event.actor_id == person_id,
        Event.at > now - since,
    )
    return bool(session.scalar(select(lately)))


def _first(session: Session, at: InstrumentedAttribute[Any], now: datetime) -> ChangeRequest | None:
    return session.scalar(
        select(ChangeRequest)
        .where(at <= now, is_at_work(ChangeRequest.workspace_id))
        .order_by(at)
        .limit(1)
        # key_share: rows that refer to this one (its history, its ball) can still be written and checked.
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
