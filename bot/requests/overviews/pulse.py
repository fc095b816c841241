"""How it goes on a project or for a client just now: a few figures for one line, each found without counting all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Date, ScalarSelect, String, Uuid, bindparam, func, literal, select, text
from sqlalchemy.orm import Session

from bot.db.paging import COUNTED
from bot.requests.models import AWAITING_DECISION, OWES_AN_ANSWER, ChangeRequest, State

# Accepted, and not done yet.
_TO_DO = (State.APPROVED, State.APPROVED_CONDITIONAL, State.IN_PROGRESS)


@dataclass(frozen=True)
class Pulse:
    """What is under way; counts end at `COUNTED`, which says as much as "many"."""

    # Somebody has to say yes or no.
    waiting: int = 0
    # The client waits for an answer, the first of them until this day.
    owed: int = 0
    owed_on: date | None = None
    # The next day on which something accepted is needed.
    needed_on: date | None = None

    def and_(self, other: Pulse) -> Pulse:
        """Both together."""
        return Pulse(
            waiting=min(COUNTED, self.waiting + other.waiting),
            owed=min(COUNTED, self.owed + other.owed),
            owed_on=_first(self.owed_on, other.owed_on),
            needed_on=_first(self.needed_on, other.needed_on),
        )


def pulse_of(session: Session, *, workspace_id: str, project_id: UUID, today: date) -> Pulse:
    """How it goes on one project: a few looks into indexes, however much is open there."""
    row = session.execute(
        _PULSE, {"here_workspace": workspace_id, "here_project": project_id, "this_day": today}
    ).one()
    needed = [day for day in row[3:] if day is not None]
    return Pulse(waiting=row[0], owed=row[1], owed_on=row[2], needed_on=min(needed, default=None))


def pulse_of_all(session: Session, *, workspace_id: str, project_ids: Iterable[UUID], today: date) -> Pulse:
    """How it goes on several projects together."""
    whole = Pulse()
    for project_id in project_ids:
        whole = whole.and_(pulse_of(session, workspace_id=workspace_id, project_id=project_id, today=today))
    return whole


def _first(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)


_HERE = (
    ChangeRequest.workspace_id == bindparam("here_workspace", type_=String),
    ChangeRequest.project_id == bindparam("here_project", type_=Uuid),
)


def _some(condition: ColumnElement[bool]) -> ScalarSelect[int]:
    found = select(literal(1)).select_from(ChangeRequest).where(*_HERE, condition).limit(COUNTED)
    return select(func.count()).select_from(found.subquery()).scalar_subquery()


def _next_needed(state: State) -> ScalarSelect[date | None]:
    coming = ChangeRequest.needed_by >= bindparam("this_day", type_=Date)
    return (
        select(func.min(ChangeRequest.needed_by))
        .where(*_HERE, ChangeRequest.state == state, coming)
        .scalar_subquery()
    )


_owed = text(OWES_AN_ANSWER)
# Built once; one look for each state, since an index is sorted by day within a state only.
_PULSE = select(
    _some(ChangeRequest.state.in_(AWAITING_DECISION)),
    _some(_owed),  # type: ignore[arg-type]  # a condition as text, word for word that of an index
    select(func.min(ChangeRequest.answer_owed_on)).where(*_HERE, _owed).scalar_subquery(),
    *(_next_needed(state) for state in _TO_DO),
)
