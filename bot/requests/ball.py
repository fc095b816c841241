"""The ball: exactly one person has to act on an open request, and every hand-over closes one interval.

While whoever should have it is away, it lies with who acts for them (`standing_in`).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Table, Update, Uuid, bindparam, case, update
from sqlalchemy.orm import Session

from bot.db.asking import tell
from bot.db.base import UtcDateTime
from bot.db.ids import new_id
from bot.db.insertion import insert_row
from bot.people.models import Actor
from bot.requests.models import BallInterval, ChangeRequest
from bot.requests.routing.standing_in import who_acts


def hand_to(
    session: Session,
    actor: Actor,
    request: ChangeRequest,
    holder_id: str,
    *,
    acting_id: str | None = None,
    due_at: datetime | None = None,
) -> None:
    """Give the ball to a person, or to who acts for them now: the last holder's interval ends where the new one begins.

    Who acts, and when an answer is due, is told where it is known already; else it is looked up here, and written
    down by `changed`.
    """
    acting = acting_id or who_acts(session, request, holder_id, actor.now)
    request.ball_for_id = holder_id if acting != holder_id else None
    if request.ball_holder_id == acting:
        return
    since = _end_current(session, actor, request)
    request.ball_holder_id = acting
    insert_row(
        session,
        BallInterval,
        {
            "workspace_id": request.workspace_id,
            "id": new_id(),
            "request_id": request.id,
            "holder_id": acting,
            "since": since,
            "due_at": due_at,
        },
    )


def put_away(session: Session, actor: Actor, request: ChangeRequest) -> None:
    """Nobody has to act any more: the request is closed to everybody."""
    _end_current(session, actor, request)
    request.ball_holder_id = request.ball_for_id = None
    request.is_open = False


def _end_current(session: Session, actor: Actor, request: ChangeRequest) -> datetime:
    """End the open interval, if there is one; when it ended."""
    if request.ball_holder_id is None:
        return actor.now
    open_interval = {"of_workspace": request.workspace_id, "of_request": request.id, "now": actor.now}
    ended: datetime | None = tell(session, _END_CURRENT, open_interval).scalar_one_or_none()
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
