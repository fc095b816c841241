"""What has waited since before there were clocks gets one: once, at the start."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.people.models import by_the_clock
from bot.requests.announcing import changed
from bot.requests.models import AWAITING_DECISION, ChangeRequest

# In one transaction.
AT_ONCE = 200


def start_missing_clocks(session: Session, now: datetime) -> int:
    """Put what waits without a clock on one, from now on; how many that were: then there may be more.

    A request that came from an older release, or out of a file, would else get its clock with the next hand-over only.
    """
    found = session.scalars(
        select(ChangeRequest)
        .where(
            ChangeRequest.state.in_(AWAITING_DECISION),
            ChangeRequest.ball_holder_id.is_not(None),
            ChangeRequest.clock_of.is_(None),
        )
        .order_by(ChangeRequest.workspace_id, ChangeRequest.id)
        .limit(AT_ONCE)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for request in found:
        changed(session, by_the_clock(request.workspace_id, now), request)
    return len(found)
