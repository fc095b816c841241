"""Who acts for whom now: delegations are followed as far as they go, and never in a circle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Select, String, and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from bot.db.asking import tell
from bot.people.models import Delegation, Person

# How often what somebody should do is handed on, at most.
LONGEST_CHAIN = 3
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Away:
    """Somebody is away now: who acts for them, and the last day of it."""

    delegate_id: str
    until: date


def away_now(session: Session, *, workspace_id: str, at: datetime) -> dict[str, Away]:
    """Everybody who is away at an instant and has somebody able to act for them: one query, however many there are."""
    today = at.astimezone(UTC).date()
    # Somewhere it is already tomorrow, or still yesterday: whose day it is follows below.
    days = {"the_workspace": workspace_id, "earliest": today - _DAY, "latest": today + _DAY}
    rows = tell(session, _AROUND, days)
    return {
        row.person_id: Away(row.delegate_id, row.last_day)
        for row in rows
        if row.first_day <= at.astimezone(ZoneInfo(row.zone)).date() <= row.last_day
    }


def follow(away: Mapping[str, Away], person_id: str) -> str:
    """Whoever acts for a person: themselves, or the last of those to whom it is handed on."""
    passed = [person_id]
    while len(passed) <= LONGEST_CHAIN:
        here = away.get(passed[-1])
        if here is None or here.delegate_id in passed:
            break
        passed.append(here.delegate_id)
    return passed[-1]


def acting_for(session: Session, workspace_id: str, person_id: str, at: datetime) -> str:
    """Whoever acts for a person at an instant: themselves, or their delegate, or the delegate's delegate."""
    return follow(away_now(session, workspace_id=workspace_id, at=at), person_id)


def begins_at(first_day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day begins somewhere."""
    return datetime.combine(first_day, time(), zone).astimezone(UTC)


def over_at(last_day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day is over somewhere."""
    return begins_at(last_day + _DAY, zone)


def next_change(days: tuple[date, date], zone: ZoneInfo, now: datetime) -> datetime | None:
    """When an absence begins or is over next; none once it is over."""
    edges = (begins_at(days[0], zone), over_at(days[1], zone))
    return next((edge for edge in edges if edge > now), None)


def _around() -> Select[*tuple[Any, ...]]:
    person, delegate = aliased(Person), aliased(Person)
    here = bindparam("the_workspace", type_=String)
    return (
        select(
            Delegation.person_id,
            Delegation.delegate_id,
            Delegation.first_day,
            Delegation.last_day,
            person.zone,
        )
        .join(person, and_(person.workspace_id == here, person.id == Delegation.person_id))
        .join(delegate, and_(delegate.workspace_id == here, delegate.id == Delegation.delegate_id))
        .where(
            Delegation.workspace_id == here,
            Delegation.ended_at.is_(None),
            Delegation.last_day >= bindparam("earliest", type_=Date),
            Delegation.first_day <= bindparam("latest", type_=Date),
            # Whoever left, or is a guest by now, acts for nobody.
            delegate.is_active,
            ~delegate.is_external,
        )
    )


# Built once: it is asked whenever the ball is handed on.
_AROUND = _around()
