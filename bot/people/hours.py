"""When somebody works: as they set it, else as their workspace did, else Monday to Friday from nine to five."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, String, and_, bindparam, select
from sqlalchemy.orm import Session

from bot.errors import Refusal, WrongField, WrongFields
from bot.people.models import Actor, Person
from bot.people.public_holidays import days_off, is_place
from bot.people.refusals import EndsBeforeItBegins, NoWorkingDay, UnknownHolidays
from bot.people.service import require_internal
from bot.people.working_time import MIDNIGHT, MONDAY_TO_FRIDAY, WorkingHours
from bot.workspaces import repository as workspaces
from bot.workspaces.models import KeepsHours, Workspace

NINE, FIVE = time(9, 0), time(17, 0)


@dataclass(frozen=True)
class WorkingTime:
    """Days, local times and public holidays, without the zone: what is set, and what a form shows."""

    days: frozenset[int] = MONDAY_TO_FRIDAY
    start: time = NINE
    end: time = FIVE
    # A code of `public_holidays`; empty for none.
    holidays: str = ""


def hours_of(session: Session, *, workspace_id: str, person_id: str, now: datetime) -> WorkingHours:
    """When somebody works, in their own zone, with the public holidays of the years around `now`."""
    return hours_among(session, workspace_id=workspace_id, ids=[person_id], now=now)[person_id]


def hours_among(
    session: Session, *, workspace_id: str, ids: Collection[str], now: datetime
) -> dict[str, WorkingHours]:
    """The same for several people; whom nobody knows is taken to work as the workspace does."""
    return workspace_and_hours(session, workspace_id=workspace_id, ids=ids, now=now)[1] if ids else {}


def workspace_and_hours(
    session: Session, *, workspace_id: str, ids: Collection[str], now: datetime
) -> tuple[Workspace, dict[str, WorkingHours]]:
    """The same with the workspace itself, in one query."""
    workspace: Workspace | None = None
    found: dict[str, WorkingHours] = {}
    for row in session.execute(_HOURS, {"of_workspace": workspace_id, "ids": sorted(set(ids))}):
        workspace = row.Workspace
        usual = working_time_of(row.Workspace)
        theirs = _merged(row.work_days, row.work_from, row.work_to, row.holidays_of, default=usual)
        found[row.id] = _hours(row.zone, theirs, now.year)
    missing = set(ids) - found.keys()
    if workspace is None:
        workspace = session.get_one(Workspace, workspace_id)
    if missing:
        found |= dict.fromkeys(missing, _hours(workspace.zone, working_time_of(workspace), now.year))
    return workspace, found


def working_time_of(*kept: KeepsHours) -> WorkingTime:
    """What is set: the first that sets a thing counts (the person, then their workspace)."""
    result = WorkingTime()
    for one in reversed(kept):
        result = _merged(one.work_days, one.work_from, one.work_to, one.holidays_of, default=result)
    return result


def working_hours(zone: str, kept: WorkingTime, now: datetime) -> WorkingHours:
    """Working time in a zone, with the public holidays of the years around `now`."""
    return _hours(zone, kept, now.year)


def change_hours(session: Session, actor: Actor, *, theirs: WorkingTime) -> Person:
    """Somebody says when they work themselves; what is as in the workspace follows it from then on.

    Raises `ExternalPerson`, `UnknownPerson`, and `WrongFields` (days, from, to, holidays).
    """
    require_internal(session, actor)
    check_working_time(theirs)
    person = session.get_one(Person, (actor.workspace_id, actor.person_id))
    workspace = workspaces.workspace(session, workspace_id=actor.workspace_id)
    assert workspace is not None, "a person belongs to a workspace"
    put_working_time(person, theirs, usual=working_time_of(workspace))
    return person


def check_working_time(wanted: WorkingTime) -> None:
    """Refuse hours in which nobody would ever work: `WrongFields` (days, to, holidays)."""
    wrong: list[WrongField] = []

    def refuse(field: str, why: Refusal) -> None:
        wrong.append(WrongField(field, why))

    if not wanted.days or not wanted.days <= frozenset(range(1, 8)):
        refuse("days", NoWorkingDay())
    if wanted.end != MIDNIGHT and wanted.start >= wanted.end:
        refuse("to", EndsBeforeItBegins(wanted.start, wanted.end))
    if wanted.holidays and not is_place(wanted.holidays):
        refuse("holidays", UnknownHolidays(wanted.holidays))
    if wrong:
        raise WrongFields(wrong)


def put_working_time(kept: KeepsHours, wanted: WorkingTime, *, usual: WorkingTime) -> None:
    """Write down what differs from `usual`; the rest is left to follow it."""
    kept.work_days = None if wanted.days == usual.days else "".join(map(str, sorted(wanted.days)))
    kept.work_from = None if wanted.start == usual.start else wanted.start
    kept.work_to = None if wanted.end == usual.end else wanted.end
    kept.holidays_of = None if wanted.holidays == usual.holidays else wanted.holidays


def _merged(
    days: str | None,
    start: time | None,
    end: time | None,
    holidays: str | None,
    *,
    default: WorkingTime,
) -> WorkingTime:
    merged = WorkingTime(
        default.days if days is None else frozenset(map(int, days)),
        default.start if start is None else start,
        default.end if end is None else end,
        default.holidays if holidays is None else holidays,
    )
    if merged.end != MIDNIGHT and merged.start >= merged.end:
        # The workspace moved one end past the other that somebody had set for themselves: theirs cannot be meant.
        return WorkingTime(merged.days, default.start, default.end, merged.holidays)
    return merged


@lru_cache(maxsize=1024)
def _hours(zone: str, kept: WorkingTime, year: int) -> WorkingHours:
    off: frozenset[date] = frozenset()
    if kept.holidays:
        # Nothing is counted over more than a year, back or ahead.
        off = off.union(*(days_off(kept.holidays, near) for near in (year - 1, year, year + 1)))
    return WorkingHours(zone, kept.days, kept.start, kept.end, off)


def _hours_statement() -> Select[*tuple[Any, ...]]:
    here = bindparam("of_workspace", type_=String)
    return (
        select(
            Person.id,
            Person.zone,
            Person.work_days,
            Person.work_from,
            Person.work_to,
            Person.holidays_of,
            Workspace,
        )
        .join(Workspace, Workspace.id == Person.workspace_id)
        .where(and_(Person.workspace_id == here, Person.id.in_(bindparam("ids", expanding=True))))
    )


# Built once: it is asked with every hand-over to somebody who has to answer.
_HOURS = _hours_statement()
