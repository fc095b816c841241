"""Fair among workspaces: however much waits in one, each has its turn in every round."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select
from sqlalchemy.orm import Session

from bot.db.asking import tell
from bot.db.prepared import Row

# More than this is never under way for one workspace while others wait: they find room at once.
MOST_OF_ONE = 20


class Chosen(NamedTuple):
    """Rows, held; and whether others had to stay behind."""

    rows: list[Row]
    is_crowded: bool


def choose(
    session: Session,
    *,
    who: Select[Any],
    due_of: Select[*tuple[Any, ...]],
    under_way: Mapping[str, int],
    limit: int,
    when: Mapping[str, Any],
) -> Chosen:
    """At most `limit` rows that are due, held: those of workspaces first that have the fewest under way.

    `who` selects the workspaces with anything due, `due_of` what is due in one; both by the parameters `when`.
    """
    waiting = [row[0] for row in tell(session, who, when)]
    # Of those that have equally few it is nobody's fate to come last.
    random.shuffle(waiting)
    waiting.sort(key=lambda workspace_id: under_way.get(workspace_id, 0))
    is_crowded = len(waiting) > limit
    found: list[tuple[int, datetime, Row]] = []
    for workspace_id in waiting[:limit]:
        has = under_way.get(workspace_id, 0)
        room = min(limit, MOST_OF_ONE - has)
        if room <= 0:
            is_crowded = True
            break
        this = {**when, "the_workspace": workspace_id, "the_limit": room}
        rows = tell(session, due_of, this).all()
        is_crowded = is_crowded or len(rows) == room
        found += [(has + turn, row.next_attempt_at, row) for turn, row in enumerate(rows)]
    found.sort(key=lambda candidate: candidate[:2])
    return Chosen([row for _, _, row in found[:limit]], is_crowded or len(found) > limit)
