"""The ball: exactly one person has to act on an open request, and every hand-over closes one interval."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.people.models import Actor
from bot.requests.models import BallInterval, ChangeRequest


def hand_to(session: Session, actor: Actor, request: ChangeRequest, holder_id: str) -> None:
    """Give the ball to a person: the interval of the last holder ends where the new one begins."""
    if request.ball_holder_id == holder_id:
        return
    _end_current(session, actor, request)
    request.ball_holder_id = holder_id
    session.add(
        BallInterval(
            workspace_id=request.workspace_id,
            request_id=request.id,
            holder_id=holder_id,
            since=actor.now,
            until=None,
        )
    )


def put_away(session: Session, actor: Actor, request: ChangeRequest) -> None:
    """Nobody has to act any more: the request is closed to everybody."""
    _end_current(session, actor, request)
    request.ball_holder_id = None
    request.is_open = False


def _end_current(session: Session, actor: Actor, request: ChangeRequest) -> None:
    if request.ball_holder_id is None:
        return
    session.execute(
        update(BallInterval)
        .where(
            BallInterval.workspace_id == request.workspace_id,
            BallInterval.request_id == request.id,
            BallInterval.until.is_(None),
        )
        .values(until=actor.now)
        .execution_options(synchronize_session=False)
    )
