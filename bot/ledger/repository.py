"""Every query over funding entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import String, Uuid, bindparam, case, func, select, update
from sqlalchemy.orm import Session

from bot.db.asking import ask, one_of
from bot.ledger.models import Funding, FundingEntry
from bot.portfolio.models import Project

UNPAID = tuple(funding for funding in Funding if funding.is_unpaid)


@dataclass(frozen=True)
class Accepted:
    """What was accepted on a project so far: minutes and minor units, and how much of it nobody pays for."""

    minutes: int = 0
    unpaid_minutes: int = 0
    amount_minor: int = 0
    unpaid_minor: int = 0


_workspace = bindparam("workspace_id", type_=String)
_unpaid = one_of(FundingEntry.funding, UNPAID)
_SUMS = select(
    func.coalesce(func.sum(FundingEntry.minutes), 0),
    func.coalesce(func.sum(case((_unpaid, FundingEntry.minutes), else_=0)), 0),
    func.coalesce(func.sum(FundingEntry.amount_minor), 0),
    func.coalesce(func.sum(case((_unpaid, FundingEntry.amount_minor), else_=0)), 0),
).where(
    FundingEntry.voided_at.is_(None),
    # Something went out for these: they are counted already, as what was agreed or accepted before.
    FundingEntry.funding != Funding.SWAP,
    FundingEntry.workspace_id == _workspace,
    FundingEntry.project_id == bindparam("project_id", type_=Uuid),
)
_PARTS = (
    select(FundingEntry.funding, FundingEntry.minutes)
    .where(
        FundingEntry.workspace_id == _workspace,
        # The index is by request.
        FundingEntry.request_id == bindparam("request_id", type_=Uuid),
        FundingEntry.decision_id == bindparam("decision_id", type_=Uuid),
    )
    .order_by(FundingEntry.minutes.desc(), FundingEntry.id)
)


def accepted_on(session: Session, *, workspace_id: str, project_id: UUID) -> Accepted:
    """Sum the entries of a project whose decisions stand."""
    row = ask(session, _SUMS, {"workspace_id": workspace_id, "project_id": project_id}).one()
    return Accepted(*(int(value) for value in row))


def goodwill_used(
    session: Session, *, workspace_id: str, client_id: UUID, since: datetime, until: datetime
) -> int:
    """Minutes given away to a client between two instants."""
    return int(
        session.execute(
            select(func.coalesce(func.sum(FundingEntry.minutes), 0))
            .join(
                Project,
                (Project.workspace_id == FundingEntry.workspace_id) & (Project.id == FundingEntry.project_id),
            )
            .where(
                FundingEntry.workspace_id == workspace_id,
                Project.client_id == client_id,
                FundingEntry.funding == Funding.GOODWILL,
                FundingEntry.voided_at.is_(None),
                FundingEntry.accepted_at >= since,
                FundingEntry.accepted_at < until,
            )
        ).scalar_one()
    )


def parts_of(
    session: Session, *, workspace_id: str, request_id: UUID, decision_id: UUID
) -> tuple[tuple[Funding, int], ...]:
    """Who pays for how many minutes of one decision, largest part first."""
    this = {"workspace_id": workspace_id, "request_id": request_id, "decision_id": decision_id}
    return tuple((row.funding, row.minutes) for row in ask(session, _PARTS, this))


def void_entries(session: Session, *, workspace_id: str, request_id: UUID, now: datetime) -> None:
    """Let the entries of a request count no more, since its decision no longer stands."""
    session.execute(
        update(FundingEntry)
        .where(
            FundingEntry.workspace_id == workspace_id,
            FundingEntry.request_id == request_id,
            FundingEntry.voided_at.is_(None),
        )
        .values(voided_at=now)
    )
