"""How much still has to reach Slack, and for how long it has waited: for those who watch over Handoff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.asking import one_of
from bot.outbox.home_models import HomeTab
from bot.outbox.models import Notice, NoticeState, Posting
from bot.outbox.parking import PARKED_AFTER

_OPEN = (
    NoticeState.PENDING,
    NoticeState.SENDING,
    NoticeState.UNCLEAR,
    NoticeState.HELD,
    NoticeState.STUCK,
)
REFRESH, HOME = "refresh", "home"
BACKLOG_STATES = (*(state.value for state in _OPEN), REFRESH, HOME)


@dataclass(frozen=True)
class Waiting:
    """So many, and since when the oldest of them has waited (none: there is none)."""

    count: int = 0
    since: datetime | None = None


def backlog(session: Session) -> dict[str, Waiting]:
    """What waits, over all workspaces but those that were stopped, by state; answered from indexes."""
    notices = (
        select(Notice.state, func.count(), func.min(Notice.created_at))
        .where(one_of(Notice.state, _OPEN), Notice.next_attempt_at <= PARKED_AFTER)
        .group_by(Notice.state)
    )
    found = {state: Waiting() for state in BACKLOG_STATES}
    for state, count, since in session.execute(notices):
        found[state.value] = Waiting(count, since)
    refreshes = select(func.count(), func.min(Posting.next_attempt_at)).where(
        Posting.is_stale, Posting.next_attempt_at <= PARKED_AFTER
    )
    homes = select(func.count(), func.min(HomeTab.next_attempt_at)).where(HomeTab.is_stale)
    found[REFRESH] = Waiting(*session.execute(refreshes).one())
    found[HOME] = Waiting(*session.execute(homes).one())
    return found
