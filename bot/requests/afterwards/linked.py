"""Queries for the requests that a card links to: what it is a duplicate of, and what is a duplicate of it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from bot.outbox.models import Posting
from bot.requests.announcing import CARD
from bot.requests.facts import LinkedRequest
from bot.requests.models import ChangeRequest

# As many as a line on a card holds.
SHOWN = 5


def linked_original(session: Session, request: ChangeRequest) -> LinkedRequest | None:
    """What a request is a duplicate of."""
    if request.duplicate_of_id is None:
        return None
    return linked(session, workspace_id=request.workspace_id, request_id=request.duplicate_of_id)


def linked_duplicates(session: Session, request: ChangeRequest) -> tuple[LinkedRequest, ...]:
    """What is a duplicate of a request."""
    if not request.duplicate_count:
        return ()
    return _linked(session, request.workspace_id, ChangeRequest.duplicate_of_id == request.id)


def linked(session: Session, *, workspace_id: str, request_id: UUID) -> LinkedRequest | None:
    """One request, as another one links to it."""
    return next(iter(_linked(session, workspace_id, ChangeRequest.id == request_id)), None)


def _linked(session: Session, workspace_id: str, which: ColumnElement[bool]) -> tuple[LinkedRequest, ...]:
    posted = and_(
        Posting.workspace_id == workspace_id,
        Posting.subject_id == ChangeRequest.id,
        Posting.kind == CARD,
        ~Posting.is_gone,
    )
    rows = session.execute(
        select(ChangeRequest.id, ChangeRequest.reference, Posting.channel_id, Posting.ts)
        .outerjoin(Posting, posted)
        .where(ChangeRequest.workspace_id == workspace_id, which)
        .order_by(ChangeRequest.id, Posting.id)
        .limit(2 * SHOWN)
    )
    found: dict[object, LinkedRequest] = {}
    for row in rows:
        # A card that was posted twice has two rows; the first is the card.
        place = (row.channel_id, row.ts) if row.ts else None
        found.setdefault(row.id, LinkedRequest(row.reference, place))
    return tuple(found.values())[:SHOWN]
