"""The ball: exactly one person has to act on an open request, and every hand-over closes one interval."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import case, literal, update
from sqlalchemy.orm import Session

from bot.db.base import UtcDateTime
from bot.people.models import Actor
from bot.requests.models import BallInterval, ChangeRequest


def hand_to(session: Session, actor: Actor, request: ChangeRequest, holder_id: str) -> None:
    """Give the ball to a person: the interval of the last holder ends where the new one begins."""
    if request.ball_holder_id == holder_id:
        return
    since = _end_current(session, actor, request)
    request.ball_holder_id = holder_id
    session.add(
        BallInterval(
            workspace_id=request.workspace_id,
            request_id=request.id,
            holder_id=holder_id,
            since=since,
            until=None,
        )
    )


def put_away(session: Session, actor: Actor, request: ChangeRequest) -> None:
    """Nobody has to act any more: the request is closed to everybody."""
    _end_current(session, actor, request)
    request.ball_holder_id = None
    request.is_open = False


def _end_current(session: Session, actor: Actor, request: ChangeRequest) -> datetime:
    """End the open interval, if there is one; when it ended."""
    if request.ball_holder_id is None:
        return actor.now
    now = literal(actor.now, UtcDateTime())
    ended = session.scalars(
        update(BallInterval)
        .where(
            BallInterval.workspace_id == request.workspace_id,
            BallInterval.request_id == request.id,
            BallInterval.until.is_(None),
        )
        # The clocks of two machines differ a little: no interval ends before it began.
        .values(until=case((BallInterval.since > now, BallInterval.since), else_=now))
        .returning(BallInterval.until)
        .execution_options(synchronize_session=False)
    )
    return ended.one_or_none() or actor.now
