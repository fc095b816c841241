"""The ball: exactly one person has to act on an open request, and every hand-over closes one interval."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Table, Update, Uuid, bindparam, case, update
from sqlalchemy.orm import Session

from bot.db.base import UtcDateTime
from bot.db.ids import new_id
from bot.db.insertion import insert_row
from bot.people.models import Actor
from bot.requests.models import BallInterval, ChangeRequest


def hand_to(
    session: Session,
    actor: Actor,
    request: ChangeRequest,
    holder_id: str,
    *,
    due_at: datetime | None = None,
) -> None:
    """Give the ball to a person: the interval of the last holder ends where the new one begins.

    When an answer is due is written down by `changed`, or here where it is known already.
    """
    if request.ball_holder_id == holder_id:
        return
    since = _end_current(session, actor, request)
    request.ball_holder_id = holder_id
    insert_row(
        session,
        BallInterval,
        {
            "workspace_id": request.workspace_id,
            "id": new_id(),
            "request_id": request.id,
            "holder_id": holder_id,
            "since": since,
            "due_at": due_at,
        },
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
    open_interval = {"of_workspace": request.workspace_id, "of_request": request.id, "now": actor.now}
    ended: datetime | None = session.connection().execute(_END_CURRENT, open_interval).scalar_one_or_none()
    return ended or actor.now


def _end_statement() -> Update:
    interval = BallInterval.__table__
    assert isinstance(interval, Table)
    now = bindparam("now", type_=UtcDateTime())
    return (
        update(interval)
        .where(
            interval.c.workspace_id == bindparam("of_workspace", type_=String),
            interval.c.request_id == bindparam("of_request", type_=Uuid),
            interval.c.until.is_(None),
        )
        # The clocks of two machines differ a little: no interval ends before it began.
        .values(until=case((interval.c.since > now, interval.c.since), else_=now))
        .returning(interval.c.until)
    )


_END_CURRENT = _end_statement()
