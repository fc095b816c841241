"""Writing down who pays for accepted hours, within the client's goodwill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.db.insertion import insert_row
from bot.errors import Refusal
from bot.ledger.models import Funding, FundingEntry
from bot.ledger.repository import goodwill_used


@dataclass
class SplitMismatch(Refusal):
    """The parts of a funding split do not add up to the hours they fund."""

    minutes: int
    split: int


@dataclass
class GoodwillSpent(Refusal):
    """More would be given away this month than the client's limit allows, and only the director may do that."""

    client: str
    limit: int
    left: int
    asked: int


def month_of(now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The calendar month around an instant, in a zone: its first instant, and that of the next month."""
    local = now.astimezone(zone)
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return first, following


def goodwill_left(
    session: Session, *, workspace_id: str, client_id: UUID, limit: int, now: datetime, zone: ZoneInfo
) -> int:
    """Minutes that may still be given away to a client this month; never below zero."""
    since, until = month_of(now, zone)
    used = goodwill_used(session, workspace_id=workspace_id, client_id=client_id, since=since, until=until)
    return max(0, limit - used)


def fund(
    session: Session,
    *,
    workspace_id: str,
    project_id: UUID,
    request_id: UUID,
    decision_id: UUID,
    minutes: int,
    fee_minor: int,
    split: Mapping[Funding, int],
    rate_minor: int,
    now: datetime,
) -> None:
    """Write one entry for each part of the split (minutes by who pays).

    The fee belongs to the billable part; every other part is valued at the project's rate, `rate_minor` an hour.

    Raises `SplitMismatch` when the parts do not sum to `minutes`.
    """
    if sum(split.values()) != minutes or any(part < 0 for part in split.values()):
        raise SplitMismatch(minutes=minutes, split=sum(split.values()))
    for funding, part in split.items():
        insert_row(
            session,
            FundingEntry,
            {
                "workspace_id": workspace_id,
                "id": new_id(),
                "project_id": project_id,
                "request_id": request_id,
                "decision_id": decision_id,
                "funding": funding,
                "minutes": part,
                "amount_minor": fee_minor if funding.is_billable else value_of(part, rate_minor),
                "accepted_at": now,
            },
        )


def hourly_rate(budget_minor: int, minutes: int) -> int:
    """What an hour of a project is worth, in minor units: its agreed budget over its agreed hours."""
    return _rounded(budget_minor * 60, minutes) if minutes else 0


def value_of(minutes: int, rate_minor: int) -> int:
    """What so many minutes are worth at an hourly rate, in minor units."""
    return _rounded(minutes * rate_minor, 60)


def _rounded(amount: int, by: int) -> int:
    # Halves go up, as on an invoice; never through a float, which loses cents of large sums.
    return (2 * amount + by) // (2 * by)
