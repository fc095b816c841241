"""The two sides of a swap: what went out when it came about, and what comes back when one side is undone."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.people.models import Actor
from bot.requests import ball, history, repository
from bot.requests.announcing import SWAPPED, changed, say
from bot.requests.bargaining import conditions
from bot.requests.bargaining.bargaining_refusals import NotSwappable
from bot.requests.bargaining.condition_models import Condition
from bot.requests.models import ChangeRequest, EventKind, State


def going_out(session: Session, request: ChangeRequest, condition: Condition) -> list[ChangeRequest]:
    """The accepted requests that go out for it, held; the caller holds the project.

    Raises `NotSwappable` where one of them is not accepted any more, or has begun.
    """
    found = []
    for part in conditions.parts_of(session, condition):
        if part.out_request_id is None:
            continue
        out = repository.locked(session, workspace_id=request.workspace_id, request_id=part.out_request_id)
        standing = repository.standing_decision(session, workspace_id=request.workspace_id, request_id=out.id)
        if out.state is not State.APPROVED or standing is None or standing.minutes != part.minutes:
            raise NotSwappable(out.reference)
        found.append(out)
    return found


def send_out(session: Session, actor: Actor, request: ChangeRequest, going: Sequence[ChangeRequest]) -> None:
    """Nobody does them any more: their hours, and who pays for them, are for the other request now."""
    for out in going:
        ball.put_away(session, actor, out)
        out.state, out.closed_at, out.swapped_for_id = State.CLOSED, actor.now, request.id
        event = history.record(
            session, actor, out, EventKind.SWAPPED_OUT, other=request.reference, request=str(request.id)
        )
        changed(session, actor, out)
        say(session, actor, out, SWAPPED, key=str(event.position), position=event.position)


def taken_from(session: Session, request: ChangeRequest) -> list[ChangeRequest]:
    """The requests that went out for this one, held."""
    return list(
        session.scalars(
            select(ChangeRequest)
            .where(
                ChangeRequest.workspace_id == request.workspace_id,
                ChangeRequest.swapped_for_id == request.id,
            )
            .order_by(ChangeRequest.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    )


def tell_undone(session: Session, actor: Actor, request: ChangeRequest, other: ChangeRequest) -> None:
    """One side is open again, since the other was undone."""
    event = history.record(
        session, actor, request, EventKind.SWAP_UNDONE, other=other.reference, request=str(other.id)
    )
    changed(session, actor, request)
    say(session, actor, request, SWAPPED, key=str(event.position), position=event.position)
