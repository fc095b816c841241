"""Every query of the deadline report: four of them, however many projects and requests there are."""

from __future__ import annotations

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from bot.digests.deadline_report import AHEAD, RENEWALS_AHEAD, DueKind, DueRow
from bot.digests.edition import Edition
from bot.digests.models import Coverage
from bot.digests.repository import covered, is_of_covered, is_project
from bot.people.models import Person
from bot.portfolio.models import Baseline, Client, Project
from bot.requests.models import AWAITING_DECISION, ChangeRequest, State

# Accepted, and not yet done.
TO_DELIVER = (State.APPROVED, State.APPROVED_CONDITIONAL, State.IN_PROGRESS)
# Nobody owes the client an answer to these.
NO_ANSWER_OWED = (State.DRAFT, State.WITHDRAWN, State.VOID, State.CLOSED)


def deadline_rows(session: Session, edition: Edition) -> list[DueRow]:
    """All that the deadline report of an edition is made of, up to as far ahead as it looks."""
    return [
        *_needed(session, edition),
        *_answers(session, edition),
        *_projects(session, edition),
        *_renewals(session, edition),
    ]


def _needed(session: Session, edition: Edition) -> list[DueRow]:
    # Who has to decide has the ball; what was accepted is the project manager's to deliver.
    holder, pm = aliased(Person), aliased(Person)
    rows = session.execute(
        select(
            ChangeRequest.id,
            ChangeRequest.reference,
            ChangeRequest.title,
            ChangeRequest.state,
            ChangeRequest.needed_by,
            Client.name.label("client"),
            holder.name.label("holder"),
            pm.name.label("pm"),
        )
        .join(Project, is_project(ChangeRequest.workspace_id, ChangeRequest.project_id))
        .join(Client, and_(Client.workspace_id == Project.workspace_id, Client.id == Project.client_id))
        .join(pm, and_(pm.workspace_id == Project.workspace_id, pm.id == Project.pm_id))
        .outerjoin(
            holder,
            and_(holder.workspace_id == Project.workspace_id, holder.id == ChangeRequest.ball_holder_id),
        )
        .where(
            is_of_covered(edition, ChangeRequest.workspace_id, ChangeRequest.project_id),
            ChangeRequest.needed_by <= edition.today + AHEAD,
            ChangeRequest.state.in_([*AWAITING_DECISION, *TO_DELIVER]),
        )
    )
    return [
        DueRow(
            kind=DueKind.DECISION if row.state.awaits_decision else DueKind.DELIVERY,
            on=row.needed_by,
            client=row.client,
            whose=(row.holder if row.state.awaits_decision else None) or row.pm,
            request_id=row.id,
            reference=row.reference,
            title=row.title,
        )
        for row in rows
    ]


def _answers(session: Session, edition: Edition) -> list[DueRow]:
    decider = aliased(Person)
    rows = session.execute(
        select(
            ChangeRequest.id,
            ChangeRequest.reference,
            ChangeRequest.title,
            ChangeRequest.state,
            ChangeRequest.answer_owed_on,
            Client.name.label("client"),
            Person.name.label("whose"),
            decider.name.label("decider"),
        )
        .join(Project, is_project(ChangeRequest.workspace_id, ChangeRequest.project_id))
        .join(Client, and_(Client.workspace_id == Project.workspace_id, Client.id == Project.client_id))
        .join(
            Person,
            and_(Person.workspace_id == Project.workspace_id, Person.id == ChangeRequest.requester_id),
        )
        .join(
            decider,
            and_(decider.workspace_id == Project.workspace_id, decider.id == ChangeRequest.decider_id),
        )
        .where(
            is_of_covered(edition, ChangeRequest.workspace_id, ChangeRequest.project_id),
            ChangeRequest.answer_owed_on <= edition.today + AHEAD,
            ChangeRequest.client_told_at.is_(None),
            ChangeRequest.state.not_in(NO_ANSWER_OWED),
        )
    )
    return [
        DueRow(
            kind=DueKind.ANSWER,
            on=row.answer_owed_on,
            client=row.client,
            whose=row.whose,
            request_id=row.id,
            reference=row.reference,
            title=row.title,
            waits_for=row.decider if row.state.awaits_decision else "",
        )
        for row in rows
    ]


def _projects(session: Session, edition: Edition) -> list[DueRow]:
    newest = (
        select(Baseline.project_id, func.max(Baseline.version).label("version"))
        .where(Baseline.workspace_id == edition.workspace_id)
        .group_by(Baseline.project_id)
        .subquery()
    )
    rows = session.execute(
        select(Project.name, Baseline.due_on, Client.name.label("client"), Person.name.label("whose"))
        .join(newest, newest.c.project_id == Project.id)
        .join(
            Baseline,
            and_(
                Baseline.workspace_id == Project.workspace_id,
                Baseline.project_id == Project.id,
                Baseline.version == newest.c.version,
            ),
        )
        .join(Client, and_(Client.workspace_id == Project.workspace_id, Client.id == Project.client_id))
        .join(Person, and_(Person.workspace_id == Project.workspace_id, Person.id == Project.pm_id))
        .where(covered(edition), Baseline.due_on <= edition.today + AHEAD)
    )
    return [
        DueRow(kind=DueKind.PROJECT, on=row.due_on, client=row.client, whose=row.whose, title=row.name)
        for row in rows
    ]


def _renewals(session: Session, edition: Edition) -> list[DueRow]:
    query = (
        select(Client.name, Client.renewal_on, Person.name.label("whose"))
        .join(Person, and_(Person.workspace_id == Client.workspace_id, Person.id == Client.am_id))
        .where(
            Client.workspace_id == edition.workspace_id,
            Client.renewal_on.between(edition.today, edition.today + RENEWALS_AHEAD),
        )
    )
    # A channel hears of the clients it works for; a digest of everything hears of all.
    if edition.covers is Coverage.CHANNEL:
        query = query.where(exists().where(covered(edition), Project.client_id == Client.id))
    rows = session.execute(query)
    return [DueRow(kind=DueKind.RENEWAL, on=row.renewal_on, client=row.name, whose=row.whose) for row in rows]
