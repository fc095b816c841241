"""Every query over schedules and runs, and what both reports ask: which projects, and where cards were posted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.db.insertion import insert_if_new, insert_or_update
from bot.digests.edition import CardLink, Edition
from bot.digests.models import Coverage, DigestKind, DigestRun, DigestSchedule
from bot.outbox.models import Posting
from bot.portfolio.models import Project
from bot.requests.models import ChangeRequest
from bot.workspaces.installations import is_at_work

# SQLite takes 32,766 bound values a statement; ids are asked for in pieces well below that.
PIECE = 1_000


# --- schedules and runs


def schedule(
    session: Session, *, workspace_id: str, channel_id: str, kind: DigestKind
) -> DigestSchedule | None:
    """The schedule of one digest of a channel, or nothing."""
    return session.scalars(
        select(DigestSchedule).where(
            DigestSchedule.workspace_id == workspace_id,
            DigestSchedule.channel_id == channel_id,
            DigestSchedule.kind == kind,
        )
    ).one_or_none()


def put_schedule(session: Session, values: Mapping[str, Any]) -> DigestSchedule:
    """Write a channel's schedule of a kind, new or known."""
    keys = ("workspace_id", "channel_id", "kind")
    changing = [name for name in values if name not in keys]
    insert_or_update(session, DigestSchedule, values, keys=keys, update=changing)
    query = select(DigestSchedule).where(*(getattr(DigestSchedule, key) == values[key] for key in keys))
    # The statement went past the session: what it already held is old.
    return session.scalars(query.execution_options(populate_existing=True)).one()


def due_schedules(session: Session, *, now: datetime, limit: int) -> list[DigestSchedule]:
    """Schedules that are on and due, oldest first; those that another clock holds at this moment are left to it."""
    return list(
        session.scalars(
            select(DigestSchedule)
            .where(
                DigestSchedule.is_on,
                DigestSchedule.next_run_at <= now,
                is_at_work(DigestSchedule.workspace_id),
            )
            .order_by(DigestSchedule.next_run_at, DigestSchedule.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
    )


def coming_schedules(session: Session, *, now: datetime) -> list[DigestSchedule]:
    """Schedules that are on and not yet due; none is held, since `move_next_run` looks whether it moved meanwhile."""
    return list(
        session.scalars(
            select(DigestSchedule)
            .where(DigestSchedule.is_on, DigestSchedule.next_run_at > now)
            .order_by(DigestSchedule.id)
        )
    )


def move_next_run(session: Session, row: DigestSchedule, *, to: datetime) -> None:
    """Set the next due time, unless somebody else has moved it since it was read."""
    session.execute(
        update(DigestSchedule)
        .where(
            DigestSchedule.workspace_id == row.workspace_id,
            DigestSchedule.id == row.id,
            DigestSchedule.next_run_at == row.next_run_at,
        )
        .values(next_run_at=to)
        .execution_options(synchronize_session=False)
    )


def claim_run(session: Session, values: Mapping[str, Any]) -> UUID | None:
    """Write down a period, and return the run's id; nothing if the period is already there."""
    keys = ("workspace_id", "channel_id", "kind", "period")
    run_id: UUID = values["id"]
    return run_id if insert_if_new(session, DigestRun, values, keys=keys) else None


def run(session: Session, *, workspace_id: str, run_id: UUID) -> DigestRun | None:
    """One run, or nothing."""
    return session.get(DigestRun, (workspace_id, run_id))


def run_of(
    session: Session, *, workspace_id: str, channel_id: str, kind: DigestKind, period: str
) -> UUID | None:
    """The run that dealt with a period of a channel's digest, or nothing."""
    return session.scalars(
        select(DigestRun.id).where(
            DigestRun.workspace_id == workspace_id,
            DigestRun.channel_id == channel_id,
            DigestRun.kind == kind,
            DigestRun.period == period,
        )
    ).one_or_none()


# --- what both reports ask


def has_projects(session: Session, *, workspace_id: str, channel_id: str) -> bool:
    """Whether a channel is the home of a project that is not closed."""
    query = select(Project.id).where(
        Project.workspace_id == workspace_id, Project.channel_id == channel_id, Project.closed_at.is_(None)
    )
    return session.scalars(query.limit(1)).first() is not None


def covered(edition: Edition) -> ColumnElement[bool]:
    """Which projects an edition speaks of: those still open, of its channel or of the whole workspace."""
    conditions = [Project.workspace_id == edition.workspace_id, Project.closed_at.is_(None)]
    if edition.covers is Coverage.CHANNEL:
        conditions.append(Project.channel_id == edition.channel_id)
    return and_(*conditions)


def is_of_covered(
    edition: Edition, workspace_id: InstrumentedAttribute[str], project_id: InstrumentedAttribute[UUID]
) -> ColumnElement[bool]:
    """A row that is joined with its project, one that an edition speaks of.

    Those of one channel are found by its projects, without a look at all others of the workspace.
    """
    conditions = [covered(edition)]
    if edition.covers is Coverage.CHANNEL:
        projects = select(Project.id).where(covered(edition))
        conditions += [workspace_id == edition.workspace_id, project_id.in_(projects)]
    return and_(*conditions)


def is_project(
    workspace_id: InstrumentedAttribute[str], project_id: InstrumentedAttribute[UUID]
) -> ColumnElement[bool]:
    """The join of a row of a project with that project."""
    return and_(Project.workspace_id == workspace_id, Project.id == project_id)


def card_links(session: Session, *, workspace_id: str, requests: Sequence[UUID]) -> dict[UUID, CardLink]:
    """Where the cards of these requests were posted: in the project's home channel, the newest if there are more."""
    found: dict[UUID, CardLink] = {}
    for start in range(0, len(requests), PIECE):
        rows = session.execute(
            select(Posting.id, Posting.subject_id, Posting.channel_id, Posting.ts)
            .join(
                ChangeRequest,
                and_(
                    ChangeRequest.workspace_id == Posting.workspace_id, ChangeRequest.id == Posting.subject_id
                ),
            )
            .join(
                Project,
                and_(
                    is_project(ChangeRequest.workspace_id, ChangeRequest.project_id),
                    Project.channel_id == Posting.channel_id,
                ),
            )
            .where(
                Posting.workspace_id == workspace_id,
                Posting.subject_id.in_(requests[start : start + PIECE]),
                ~Posting.is_gone,
            )
        )
        # Put in order here: SQLite would read all of the workspace in that order to save the sorting.
        newest_last = sorted(rows, key=lambda row: row.id)
        found |= {row.subject_id: CardLink(row.channel_id, row.ts) for row in newest_last}
    return found
