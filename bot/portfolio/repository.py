"""Every query about clients, projects, baselines and scope items; none leaves its workspace."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, TextClause, Uuid, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.db.asking import ask
from bot.db.records import records
from bot.people.models import Person
from bot.portfolio.facts import ClientFacts, KnownProject, ProjectFacts
from bot.portfolio.models import IS_AGREED, Baseline, BaselineOrigin, Client, Project, ScopeItem

_am = aliased(Person, name="am")
_pm = aliased(Person, name="pm")
_agreed = aliased(Baseline, name="agreed")
_current = aliased(Baseline, name="current")


# --- projects as facts


def facts(session: Session, *, workspace_id: str, project_id: UUID) -> ProjectFacts | None:
    """One project with all that cards and modals show of it, or nothing."""
    this = {"workspace_id": workspace_id, "project_id": project_id}
    row = ask(session, _FACTS_OF_ONE, this).one_or_none()
    return None if row is None else ProjectFacts(**row._asdict())


def facts_by_key(session: Session, *, workspace_id: str, key: str) -> ProjectFacts | None:
    """The project with this key (capitals), open or closed, or nothing."""
    return next(iter(_facts(session, workspace_id, Project.key == key)), None)


def in_channel(session: Session, *, workspace_id: str, channel_id: str) -> list[ProjectFacts]:
    """The open projects whose home this channel is."""
    return _facts(session, workspace_id, Project.closed_at.is_(None), Project.channel_id == channel_id)


def of_client(session: Session, *, workspace_id: str, client_id: UUID) -> list[ProjectFacts]:
    """Every project of a client, closed ones too."""
    return _facts(session, workspace_id, Project.client_id == client_id)


def run_by(
    session: Session, *, workspace_id: str, person_id: str, limit: int, offset: int = 0
) -> list[ProjectFacts]:
    """Some of the open projects that somebody runs, by key."""
    query = _FACTS.where(
        Project.workspace_id == workspace_id, Project.closed_at.is_(None), Project.pm_id == person_id
    )
    return [ProjectFacts(**row._mapping) for row in session.execute(query.limit(limit).offset(offset))]


def next_due(session: Session, *, workspace_id: str, limit: int, offset: int = 0) -> list[ProjectFacts]:
    """Some of all open projects, whoever runs them: what is due first at the top, what has no date at the end."""
    query = _FACTS.where(Project.workspace_id == workspace_id, Project.closed_at.is_(None)).order_by(None)
    query = query.order_by(_current.due_on.asc().nulls_last(), Project.key)
    return [ProjectFacts(**row._mapping) for row in session.execute(query.limit(limit).offset(offset))]


def open_of_clients(
    session: Session, *, workspace_id: str, client_ids: Collection[UUID]
) -> list[tuple[UUID, UUID]]:
    """The open projects of some clients, each as client and project."""
    query = select(Project.client_id, Project.id).where(
        Project.workspace_id == workspace_id, Project.client_id.in_(client_ids), Project.closed_at.is_(None)
    )
    return [(row.client_id, row.id) for row in session.execute(query.order_by(Project.key))]


def any_open_project(session: Session, *, workspace_id: str) -> bool:
    """Whether there is a project for which requests can be logged."""
    query = select(Project.id).where(Project.workspace_id == workspace_id, Project.closed_at.is_(None))
    return session.scalar(query.limit(1)) is not None


def open_projects(session: Session, *, workspace_id: str) -> list[ProjectFacts]:
    """Every open project."""
    return _facts(session, workspace_id, Project.closed_at.is_(None))


def all_projects(session: Session, *, workspace_id: str) -> list[ProjectFacts]:
    """Every project, closed ones too."""
    return _facts(session, workspace_id)


def known_projects(session: Session, *, workspace_id: str) -> list[KnownProject]:
    """The open projects as somebody may name them, by key: one query, for every `/ask`."""
    return [KnownProject(*row) for row in ask(session, _KNOWN, {"workspace_id": workspace_id})]


def _facts(session: Session, workspace_id: str, *conditions: ColumnElement[bool]) -> list[ProjectFacts]:
    query = _FACTS.where(Project.workspace_id == workspace_id, *conditions)
    return [ProjectFacts(**row._mapping) for row in session.execute(query)]


def _select_facts() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Project.workspace_id,
            Project.id,
            Project.key,
            Project.name,
            Project.channel_id,
            Project.starts_on,
            Project.closed_at,
            Project.created_by,
            Project.last_number,
            Client.id.label("client_id"),
            Client.name.label("client_name"),
            Client.contact_name,
            Client.currency,
            Client.renewal_on,
            Client.goodwill_minutes,
            Client.am_id,
            _am.name.label("am_name"),
            Project.pm_id,
            _pm.name.label("pm_name"),
            _agreed.minutes.label("agreed_minutes"),
            _agreed.budget_minor.label("agreed_budget_minor"),
            _agreed.due_on.label("agreed_due_on"),
            _current.minutes,
            _current.budget_minor,
            _current.due_on,
            _current.version.label("baseline_version"),
            (_current.origin != BaselineOrigin.AGREED).label("has_approvals"),
            Client.language,
        )
        .select_from(Project)
        .join(Client, _same(Project.client_id, Client))
        .join(_am, _same(Client.am_id, _am))
        .join(_pm, _same(Project.pm_id, _pm))
        .join(_agreed, _same(_newest(IS_AGREED), _agreed))
        .join(_current, _same(_newest(), _current))
        .order_by(Project.key)
    )


def _same(reference: Any, owner: Any) -> ColumnElement[bool]:
    return and_(owner.workspace_id == Project.workspace_id, owner.id == reference)


def _newest(*conditions: TextClause) -> Any:
    """The id of a project's newest version: by id it is one look into an index, however many versions there are."""
    query = select(Baseline.id).where(
        Baseline.workspace_id == Project.workspace_id, Baseline.project_id == Project.id, *conditions
    )
    return query.order_by(Baseline.version.desc()).limit(1).correlate(Project).scalar_subquery()


# Built once: they are asked for every card and every `/ask`, and building them costs more than asking.
_WORKSPACE, _PROJECT = bindparam("workspace_id", type_=String), bindparam("project_id", type_=Uuid)
_FACTS = _select_facts()
_FACTS_OF_ONE = _FACTS.where(Project.workspace_id == _WORKSPACE, Project.id == _PROJECT)
_KNOWN = (
    select(Project.id, Project.key, Project.name, Client.id, Client.name, Project.channel_id)
    .join(Client, _same(Project.client_id, Client))
    .where(Project.workspace_id == _WORKSPACE, Project.closed_at.is_(None))
    .order_by(Project.key)
)


# --- rows


def client(session: Session, *, workspace_id: str, client_id: UUID) -> Client | None:
    """One client, or nothing."""
    return session.get(Client, (workspace_id, client_id))


def project(session: Session, *, workspace_id: str, project_id: UUID) -> Project | None:
    """One project, or nothing."""
    return session.get(Project, (workspace_id, project_id))


def project_locked(session: Session, *, workspace_id: str, project_id: UUID) -> Project | None:
    """One project, held until the transaction ends, so that its baselines get one version each; or nothing."""
    query = (
        select(Project)
        .where(Project.workspace_id == workspace_id, Project.id == project_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).one_or_none()


def client_rows(session: Session, *, workspace_id: str) -> list[Client]:
    """Every client's row, oldest first."""
    query = select(Client).where(Client.workspace_id == workspace_id)
    return list(session.scalars(query.order_by(Client.created_at, Client.id)))


def project_rows_locked(session: Session, *, workspace_id: str) -> dict[str, Project]:
    """Every project's row by key, held until the transaction ends: for changing many at once."""
    query = (
        select(Project)
        .where(Project.workspace_id == workspace_id)
        .order_by(Project.id)  # always in the same order, so that two of us cannot wait for each other
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {row.key: row for row in session.scalars(query)}


def client_names(session: Session, *, workspace_id: str) -> dict[UUID, str]:
    """Every client's name, by id."""
    query = select(Client.id, Client.name).where(Client.workspace_id == workspace_id)
    return {row.id: row.name for row in session.execute(query)}


def project_names_by_key(session: Session, *, workspace_id: str) -> dict[str, str]:
    """Every key in use, of open and closed projects, with its project's name."""
    query = select(Project.key, Project.name).where(Project.workspace_id == workspace_id)
    return {row.key: row.name for row in session.execute(query)}


def clients(session: Session, *, workspace_id: str) -> list[ClientFacts]:
    """Every client, by name."""
    return _clients(session, workspace_id)


def clients_of(
    session: Session, *, workspace_id: str, am_id: str, limit: int, offset: int = 0
) -> list[ClientFacts]:
    """Some of the clients that somebody keeps, by name."""
    return _clients(session, workspace_id, Client.am_id == am_id, limit=limit, offset=offset)


def client_facts(session: Session, *, workspace_id: str, client_id: UUID) -> ClientFacts | None:
    """One client with its account manager's name, or nothing."""
    return next(iter(_clients(session, workspace_id, Client.id == client_id)), None)


def renewals(session: Session, *, workspace_id: str, first: date, last: date) -> list[ClientFacts]:
    """The clients whose renewal falls between two days, both included, soonest first."""
    found = _clients(session, workspace_id, Client.renewal_on >= first, Client.renewal_on <= last)
    return sorted(found, key=lambda facts: (facts.renewal_on or last, facts.name))


def _clients(
    session: Session,
    workspace_id: str,
    *conditions: ColumnElement[bool],
    limit: int | None = None,
    offset: int = 0,
) -> list[ClientFacts]:
    query = (
        select(
            Client.id,
            Client.name,
            Client.am_id,
            _am.name.label("am_name"),
            Client.contact_name,
            Client.currency,
            Client.renewal_on,
            Client.goodwill_minutes,
            Client.created_by,
            Client.language,
            Client.second_minutes,
            Client.second_minor,
            Client.second_goodwill_minutes,
        )
        .join(_am, and_(_am.workspace_id == Client.workspace_id, _am.id == Client.am_id))
        .where(Client.workspace_id == workspace_id, *conditions)
        .order_by(func.lower(Client.name), Client.id)
    )
    if limit is not None:
        query = query.limit(limit).offset(offset)
    return [ClientFacts(**row._mapping) for row in session.execute(query)]


# --- baselines and scope


def current(session: Session, *, workspace_id: str, project_id: UUID) -> Baseline:
    """The newest baseline of a project: what stands now."""
    return _baseline(session, workspace_id, project_id)


def agreed(session: Session, *, workspace_id: str, project_id: UUID) -> Baseline:
    """What was agreed before any change: growth and creep are measured against it."""
    return _baseline(session, workspace_id, project_id, IS_AGREED)


def agreed_and_current(session: Session, *, workspace_id: str, project_id: UUID) -> tuple[Baseline, Baseline]:
    """Both at once, to look at: what was agreed before any change, and what stands now."""
    this = {"workspace_id": workspace_id, "project_id": project_id}
    found = records(session, _AGREED_AND_CURRENT, this)
    return found[0][0], found[-1][0]


def _select_agreed_and_current() -> Select[Baseline]:
    newest = select(func.max(Baseline.version)).where(
        Baseline.workspace_id == _WORKSPACE, Baseline.project_id == _PROJECT
    )
    agreed = newest.where(IS_AGREED)
    return (
        select(Baseline)
        .where(
            Baseline.workspace_id == _WORKSPACE,
            Baseline.project_id == _PROJECT,
            or_(Baseline.version == newest.scalar_subquery(), Baseline.version == agreed.scalar_subquery()),
        )
        .order_by(Baseline.version)
    )


_AGREED_AND_CURRENT = _select_agreed_and_current()


def baselines(session: Session, *, workspace_id: str, project_id: UUID) -> list[Baseline]:
    """Every version, oldest first."""
    query = select(Baseline).where(Baseline.workspace_id == workspace_id, Baseline.project_id == project_id)
    return list(session.scalars(query.order_by(Baseline.version)))


def scope_items(session: Session, *, workspace_id: str, project_id: UUID) -> list[ScopeItem]:
    """The statement of work, line by line, in order."""
    query = select(ScopeItem).where(
        ScopeItem.workspace_id == workspace_id, ScopeItem.project_id == project_id
    )
    return list(session.scalars(query.order_by(ScopeItem.position, ScopeItem.id)))


def _baseline(session: Session, workspace_id: str, project_id: UUID, *conditions: TextClause) -> Baseline:
    query = (
        select(Baseline)
        .where(Baseline.workspace_id == workspace_id, Baseline.project_id == project_id, *conditions)
        .order_by(Baseline.version.desc())
        .limit(1)
    )
    return session.scalars(query).one()
