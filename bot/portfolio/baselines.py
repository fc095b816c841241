"""What was agreed, version by version: correcting it, adding an approved change, and when neither is allowed."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from babel.numbers import get_currency_precision
from sqlalchemy.orm import Session

from bot.db.ids import new_id
from bot.db.insertion import insert_object
from bot.db.records import new_record
from bot.errors import WrongField
from bot.portfolio import repository
from bot.portfolio.facts import ProjectFacts
from bot.portfolio.forms import Figures, ProjectField, ProjectForm
from bot.portfolio.models import Baseline, BaselineOrigin, Client, Project
from bot.portfolio.refusals import CurrencyInUse, DueBeforeStart, FiguresApproved, UnknownProject


def approve_change(
    session: Session,
    *,
    workspace_id: str,
    project_id: UUID,
    request_id: UUID,
    minutes: int,
    fee_minor: int,
    delay_days: int,
    now: datetime,
) -> Baseline:
    """Make the next version of a project's baseline: the present one plus what was approved.

    A delay moves the due date by calendar days; without a due date it moves nothing. Raises `UnknownProject`.
    """
    project = repository.project_locked(session, workspace_id=workspace_id, project_id=project_id)
    if project is None:
        raise UnknownProject(project_id)
    return add_approved(
        session,
        project=project,
        present=repository.current(session, workspace_id=workspace_id, project_id=project_id),
        request_id=request_id,
        minutes=minutes,
        fee_minor=fee_minor,
        delay_days=delay_days,
        now=now,
    )


def add_approved(
    session: Session,
    *,
    project: Project,
    present: Baseline,
    request_id: UUID,
    minutes: int,
    fee_minor: int,
    delay_days: int,
    now: datetime,
) -> Baseline:
    """The same as `approve_change`, for who holds the project already and knows its present baseline."""
    due_on = present.due_on + timedelta(days=delay_days) if present.due_on else None
    figures = Figures(present.minutes + minutes, present.budget_minor + fee_minor, due_on)
    return _next_version(
        session, project, figures, present.version + 1, BaselineOrigin.APPROVAL, now, request_id=request_id
    )


def take_back(
    session: Session,
    *,
    project: Project,
    request_id: UUID,
    minutes: int,
    fee_minor: int,
    delay_days: int,
    now: datetime,
) -> Baseline:
    """Make the next version of a project's baseline: the present one without what was approved before.

    The caller holds the project.
    """
    present = repository.current(session, workspace_id=project.workspace_id, project_id=project.id)
    due_on = present.due_on - timedelta(days=delay_days) if present.due_on else None
    figures = Figures(max(0, present.minutes - minutes), max(0, present.budget_minor - fee_minor), due_on)
    return _next_version(
        session, project, figures, present.version + 1, BaselineOrigin.REVERSAL, now, request_id=request_id
    )


def first_version(session: Session, *, project: Project, figures: Figures, now: datetime) -> Baseline:
    """Write down what a new project starts with."""
    return _next_version(session, project, figures, 1, BaselineOrigin.AGREED, now)


def correct(session: Session, *, project: Project, figures: Figures, now: datetime) -> bool:
    """Make a corrected version where the figures differ from what was agreed; whether they did.

    Only after `wrong_figures` found nothing: then no approval stands on the old ones.
    """
    present = repository.current(session, workspace_id=project.workspace_id, project_id=project.id)
    if present.origin is not BaselineOrigin.AGREED or figures == figures_of(present):
        return False
    _next_version(session, project, figures, present.version + 1, BaselineOrigin.AGREED, now)
    return True


def wrong_figures(session: Session, *, project: Project, form: ProjectForm) -> list[WrongField]:
    """Which figures of the form may not be taken, since requests were approved on top of the agreed ones.

    The agreed figures themselves may always be said again, and so may the present ones.
    """
    present = repository.current(session, workspace_id=project.workspace_id, project_id=project.id)
    if form.figures is None:
        if form.starts_on and present.due_on and present.due_on < form.starts_on:
            return [WrongField(ProjectField.STARTS, DueBeforeStart(form.starts_on, present.due_on))]
        return []
    if present.origin is BaselineOrigin.AGREED:
        return []
    agreed = repository.agreed(session, workspace_id=project.workspace_id, project_id=project.id)
    return against_approvals(
        project.name, form.figures, agreed=figures_of(agreed), present=figures_of(present)
    )


def against_approvals(project: str, said: Figures, *, agreed: Figures, present: Figures) -> list[WrongField]:
    """Which of these figures would change what requests were approved on; the agreed and the present ones do not."""
    if said in (agreed, present):
        return []
    fields = {
        ProjectField.HOURS: said.minutes != agreed.minutes,
        ProjectField.BUDGET: said.budget_minor != agreed.budget_minor,
        ProjectField.DUE: said.due_on != agreed.due_on,
    }
    return [WrongField(field, FiguresApproved(project)) for field, differs in fields.items() if differs]


def currency_in_use(session: Session, *, client: Client, currency: str) -> CurrencyInUse | None:
    """Why the client's currency cannot become this one: a project of theirs has figures in the old one."""
    if currency == client.currency:
        return None
    projects = repository.of_client(session, workspace_id=client.workspace_id, client_id=client.id)
    return next((why for facts in projects if (why := holds_currency(facts, currency))), None)


def holds_currency(project: ProjectFacts, currency: str) -> CurrencyInUse | None:
    """Why this project's figures cannot be read in another currency from now on."""
    if currency == project.currency:
        return None
    if project.has_approvals or (project.budget_minor and _decimals_differ(project.currency, currency)):
        return CurrencyInUse(project.currency, project.name)
    return None


def figures_of(baseline: Baseline) -> Figures:
    """The figures of one version."""
    return Figures(baseline.minutes, baseline.budget_minor, baseline.due_on)


def _decimals_differ(one: str, other: str) -> bool:
    # 1,400.00 in euros and in dollars are the same row; in yen it would become 140,000.
    return bool(get_currency_precision(one) != get_currency_precision(other))


def _next_version(
    session: Session,
    project: Project,
    figures: Figures,
    version: int,
    origin: BaselineOrigin,
    now: datetime,
    *,
    request_id: UUID | None = None,
) -> Baseline:
    baseline = new_record(
        Baseline,
        workspace_id=project.workspace_id,
        id=new_id(),
        project_id=project.id,
        version=version,
        origin=origin,
        minutes=figures.minutes,
        budget_minor=figures.budget_minor,
        due_on=figures.due_on,
        request_id=request_id,
        created_at=now,
    )
    insert_object(session, baseline)
    return baseline
