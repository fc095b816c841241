"""Drawing a message that mirrors a row: when it is refreshed, or already in the transaction that changes the row."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.outbox import outcomes
from bot.outbox.due import DuePosting
from bot.slack.delivery.desk import Desk
from bot.slack.kinds import Audience, Kind, Loaded
from bot.slack.message import Message

log = logging.getLogger(__name__)

# A use case that changes more than so many messages leaves the rest to be drawn as they are refreshed.
DRAWN_AT_ONCE = 4


@dataclass(frozen=True)
class Drawing:
    """What a message has to show, drawn for who reads it: the first `wanted` changes of its row."""

    message: Message | None
    wanted: int
    is_external: bool
    # When it was drawn, any process had heard of so many changes of who reads it.
    readerships: int


def draw(session: Session, *, posting: DuePosting, kind: Kind, audience: Audience) -> Drawing:
    """Draw a message as its row is now."""
    wanted, readerships = outcomes.wanted_now(session, posting)
    return Drawing(_drawn(session, posting, kind, audience), wanted, audience.is_external, readerships)


def draw_changed(
    session: Session, desk: Desk, postings: Sequence[DuePosting], *, at: float
) -> list[Drawing | None]:
    """Draw what this transaction has changed; none where it is better drawn later.

    Nobody else can change the rows before the commit, so it saves a transaction of its own. Who reads along has to be
    known `at` this time of the loop, since nobody can be asked in a transaction.
    """
    # What is drawn is read past the session too.
    session.flush()
    few = postings[:DRAWN_AT_ONCE]
    return [_early(session, desk, posting, at) for posting in few] + [None] * (len(postings) - len(few))


def _early(session: Session, desk: Desk, posting: DuePosting, at: float) -> Drawing | None:
    kind = desk.kinds.get(posting.kind)
    audience = desk.known_audience(posting, at=at)
    if kind is None or audience is None:
        return None
    try:
        message = _drawn(session, posting, kind, audience)
        return Drawing(message, posting.wanted, audience.is_external, posting.readerships)
    except SQLAlchemyError:
        # The transaction may be lost with it.
        raise
    except Exception:
        # The change itself stands; who refreshes the message says what is wrong with it, and tries again.
        log.debug("a %s could not be drawn at once", posting.kind, exc_info=True)
        return None


def _drawn(session: Session, posting: DuePosting, kind: Kind, audience: Audience) -> Message | None:
    loaded = Loaded(posting.workspace_id, posting.subject_id, posting.facts, posting.destination)
    return kind.draw(session, loaded, audience)
