"""Words typed after `/ask` that no form can hold: kept until the request is logged, so that none is lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.db.deletion import delete_some
from bot.db.ids import new_id
from bot.people.models import Actor
from bot.requests.models import Overflow
from bot.requests.typed.typed_text import without_controls

KEPT_FOR = timedelta(days=30)


def keep(session: Session, actor: Actor, text: str) -> UUID:
    """Keep the words and return where they are."""
    kept = Overflow(
        workspace_id=actor.workspace_id,
        id=new_id(),
        person_id=actor.person_id,
        text=without_controls(text),
        created_at=actor.now,
    )
    session.add(kept)
    return kept.id


def look(session: Session, actor: Actor, overflow_id: UUID) -> str:
    """The words, which stay; empty when they are not (or no longer) there."""
    kept = session.get(Overflow, (actor.workspace_id, overflow_id))
    return kept.text if kept is not None and kept.person_id == actor.person_id else ""


def take(session: Session, actor: Actor, overflow_id: UUID) -> str:
    """Give the words back to who typed them, once; empty when they are not (or no longer) there."""
    # Read and gone in one statement: of two who take at once, one gets the words.
    text = session.scalar(
        delete(Overflow)
        .where(
            Overflow.workspace_id == actor.workspace_id,
            Overflow.id == overflow_id,
            Overflow.person_id == actor.person_id,
        )
        .returning(Overflow.text)
    )
    return text or ""


def forget_old(session: Session, now: datetime) -> int:
    """Drop some of what nobody came back for; how many."""
    return delete_some(session, Overflow, Overflow.created_at < now - KEPT_FOR)
