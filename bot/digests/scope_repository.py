"""Every query of the scope report: eight of them, however many projects and requests there are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, aliased

from bot.digests.edition import Edition
from bot.digests.repository import covered, is_of_covered, is_project
from bot.digests.scope_report import (
    DecisionRow,
    HoursRow,
    ProjectRow,
    RequestRow,
    ScopeRows,
    WaitRow,
)
from bot.digests.week import Week
from bot.ledger.models import Funding, FundingEntry
from bot.people.hours import hours_among
from bot.people.models import Person
from bot.portfolio.models import IS_AGREED, Baseline, Client, Project
from bot.requests.models import (
    AWAITING_DECISION,
    OUTSTANDING,
    BallInterval,
    ChangeRequest,
    Decision,
    Outcome,
    State,
)

UNPAID = tuple(funding for funding in Funding if funding.is_unpaid)
# Never asked, or asked by mistake: no ask of the week.
NOT_ASKED = (State.DRAFT, State.VOID)
# A RequestRow, in its order.
REQUEST: tuple[Any, ...] = (
    ChangeRequest.id,
    ChangeRequest.project_id,
    ChangeRequest.reference,
    ChangeRequest.title,
)


def scope_rows(session: Session, edition: Edition, week: Week) -> ScopeRows:
    """All that the scope report of an edition is made of."""
    return ScopeRows(
        projects=_projects(session, edition),
        hours=_hours(session, edition, week),
        asked=_asked(session, edition, week),
        decisions=_decisions(session, edition, week),
        waits=_waits(session, edition),
        at_risk=_at_risk(session, edition),
    )


def _projects(session: Session, edition: Edition) -> list[ProjectRow]:
    agreed = (
        select(
            Baseline.workspace_id,
            Baseline.project_id,
            func.max(Baseline.version).label("version"),
        )
        .where(Baseline.workspace_id == edition.workspace_id, IS_AGREED)
        .group_by(Baseline.workspace_id, Baseline.project_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Project.id,
            Project.key,
            Project.name,
            Client.name.label("client"),
            Client.currency,
            Person.name.label("pm"),
            func.coalesce(Baseline.minutes, 0).label("agreed_minutes"),
            func.coalesce(Baseline.budget_minor, 0).label("agreed_budget_minor"),
        )
        .join(Client, and_(Client.workspace_id == Project.workspace_id, Client.id == Project.client_id))
        .join(Person, and_(Person.workspace_id == Project.workspace_id, Person.id == Project.pm_id))
        .outerjoin(
            agreed,
            and_(agreed.c.workspace_id == Project.workspace_id, agreed.c.project_id == Project.id),
        )
        .outerjoin(
            Baseline,
            and_(
                Baseline.workspace_id == Project.workspace_id,
                Baseline.project_id == Project.id,
                Baseline.version == agreed.c.version,
            ),
        )
        .where(covered(edition))
    )
    return [ProjectRow(**row._mapping) for row in rows]


def _hours(session: Session, edition: Edition, week: Week) -> list[HoursRow]:
    edges = week.edges
    # A week holds its first instant and not its last; -1 is before the eight weeks or after them.
    number = case(
        (FundingEntry.accepted_at < edges[0], -1),
        *((FundingEntry.accepted_at < edge, index) for index, edge in enumerate(edges[1:])),
        else_=-1,
    )
    entries = (
        select(
            FundingEntry.project_id,
            number.label("week"),
            case((FundingEntry.funding.in_(UNPAID), 1), else_=0).label("unpaid"),
            FundingEntry.minutes,
            FundingEntry.amount_minor,
        )
        .join(Project, is_project(FundingEntry.workspace_id, FundingEntry.project_id))
        .where(
            is_of_covered(edition, FundingEntry.workspace_id, FundingEntry.project_id),
            FundingEntry.voided_at.is_(None),
            # Something went out for these: they are counted already.
            FundingEntry.funding != Funding.SWAP,
        )
        .subquery()
    )
    rows = session.execute(
        select(
            entries.c.project_id,
            entries.c.week,
            entries.c.unpaid,
            func.sum(entries.c.minutes),
            func.sum(entries.c.amount_minor),
        ).group_by(entries.c.project_id, entries.c.week, entries.c.unpaid)
    )
    return [
        HoursRow(project_id, None if index < 0 else index, bool(unpaid), int(minutes), int(amount))
        for project_id, index, unpaid, minutes, amount in rows
    ]


def _asked(session: Session, edition: Edition, week: Week) -> list[RequestRow]:
    rows = session.execute(
        select(*REQUEST)
        .join(Project, is_project(ChangeRequest.workspace_id, ChangeRequest.project_id))
        .where(
            covered(edition),
            ChangeRequest.submitted_at >= week.start,
            ChangeRequest.submitted_at < week.end,
            ChangeRequest.state.not_in(NOT_ASKED),
        )
        .order_by(ChangeRequest.submitted_at, ChangeRequest.id)
    )
    return [RequestRow(*row) for row in rows]


def _decisions(session: Session, edition: Edition, week: Week) -> list[DecisionRow]:
    rows = session.execute(
        select(*REQUEST, Decision.outcome, Decision.minutes)
        .join(
            ChangeRequest,
            and_(
                ChangeRequest.workspace_id == Decision.workspace_id, ChangeRequest.id == Decision.request_id
            ),
        )
        .join(Project, is_project(ChangeRequest.workspace_id, ChangeRequest.project_id))
        .where(
            covered(edition),
            Decision.workspace_id == edition.workspace_id,
            Decision.decided_at >= week.start,
            Decision.decided_at < week.end,
            Decision.cleared_at.is_(None),
            # It is decided when the condition is.
            Decision.outcome != Outcome.APPROVED_CONDITIONAL,
        )
        .order_by(Decision.minutes.desc(), Decision.id)
    )
    return [
        DecisionRow(RequestRow(*request), outcome is Outcome.APPROVED, minutes)
        for *request, outcome, minutes in rows
    ]


def _waits(session: Session, edition: Edition) -> list[WaitRow]:
    holder = aliased(Person)
    rows = session.execute(
        select(*REQUEST, holder.name, holder.id, BallInterval.since)
        .join(Project, is_project(ChangeRequest.workspace_id, ChangeRequest.project_id))
        .join(
            BallInterval,
            and_(
                BallInterval.workspace_id == ChangeRequest.workspace_id,
                BallInterval.request_id == ChangeRequest.id,
                BallInterval.until.is_(None),
            ),
        )
        .join(
            holder,
            and_(holder.workspace_id == BallInterval.workspace_id, holder.id == BallInterval.holder_id),
        )
        .where(
            is_of_covered(edition, ChangeRequest.workspace_id, ChangeRequest.project_id),
            ChangeRequest.state.in_(AWAITING_DECISION),
        )
    )
    found = list(rows)
    hours = hours_among(
        session,
        workspace_id=edition.workspace_id,
        ids={holder_id for *_, holder_id, _ in found},
        now=edition.now,
    )
    return [
        WaitRow(RequestRow(*request), name, hours[holder_id], since)
        for *request, name, holder_id, since in found
    ]


def _at_risk(session: Session, edition: Edition) -> list[RequestRow]:
    rows = session.execute(
        select(*REQUEST)
        .join(Project, is_project(ChangeRequest.workspace_id, ChangeRequest.project_id))
        .where(
            is_of_covered(edition, ChangeRequest.workspace_id, ChangeRequest.project_id),
            ChangeRequest.state.in_((State.IN_PROGRESS, State.IMPLEMENTED)),
            ChangeRequest.client_answer.in_(OUTSTANDING),
        )
    )
    # Put in order here: SQLite would read all of the workspace in that order to save the sorting.
    return sorted((RequestRow(*row) for row in rows), key=lambda request: request.id)
