"""Writes the rows of a CSV: all or nothing, every bad line reported, the same file twice changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.errors import Refusal, WrongField
from bot.people import repository as people
from bot.people import service as people_service
from bot.people.models import Person
from bot.portfolio import baselines, checks, repository, writing
from bot.portfolio.checks import Surroundings
from bot.portfolio.csv_file import BadFile, BadLine, Parsed, Row, mentions
from bot.portfolio.facts import ProjectFacts
from bot.portfolio.figures import parse_money
from bot.portfolio.forms import ClientField, ClientForm, Figures, ProjectField, ProjectForm
from bot.portfolio.keys import is_key
from bot.portfolio.languages import Language
from bot.portfolio.models import Project
from bot.portfolio.resolving import Resolver
from bot.workspaces import service as workspaces
from bot.workspaces.models import Workspace
from bot.workspaces.zones import is_currency

NOT_YET = UUID(int=0)


@dataclass(unsafe_hash=True)
class ClientDisagrees(Refusal):
    """The client stands on an earlier line with another value in this column."""

    client: str
    line: int
    there: str


@dataclass(unsafe_hash=True)
class KeyRepeated(Refusal):
    """An earlier line has a project with this key."""

    key: str
    line: int


@dataclass(unsafe_hash=True)
class NobodyFound(Refusal):
    """No person is known by this id or e-mail."""

    token: str


@dataclass(unsafe_hash=True)
class NoChannelFound(Refusal):
    """No channel is known by this id or name."""

    token: str


@dataclass
class Tally:
    """How many rows of one kind were added, changed, and left as they were."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class ImportResult:
    """What a file did to clients and to projects."""

    clients: Tally
    projects: Tally

    @property
    def changed_anything(self) -> bool:
        """Whether there is a difference to before."""
        return any(tally.added or tally.changed for tally in (self.clients, self.projects))


def import_rows(
    session: Session, *, workspace_id: str, parsed: Parsed, resolver: Resolver, now: datetime
) -> ImportResult:
    """Add and change clients (found by name) and projects (found by key) until they are what the file says.

    Hours, budget and due date are compared with what was agreed at the start, so that a file imported again
    after approvals changes nothing. What a file does not know (contact, scope items) stays. Raises `BadFile`
    with every bad line; then nothing was written.
    """
    workspace = workspaces.locked(session, workspace_id=workspace_id)
    plan = _Plan(session, workspace, parsed, resolver)
    for row in parsed.rows:
        plan.read(row)
    if plan.bad:
        raise BadFile(plan.bad)
    return plan.write(now)


@dataclass(frozen=True)
class _ClientSaid:
    """A client as its first line says it."""

    row: Row
    form: ClientForm


class _Plan:
    """The file against the database: what is there, what would change, and what is wrong with it."""

    def __init__(self, session: Session, workspace: Workspace, parsed: Parsed, resolver: Resolver) -> None:
        self.session, self.workspace = session, workspace
        self.bad = list(parsed.bad)
        self._marked = {(bad.line, bad.column) for bad in parsed.bad}
        self._read_people(parsed, resolver)
        self._rows = repository.project_rows_locked(session, workspace_id=workspace.id)
        known = repository.client_rows(session, workspace_id=workspace.id)
        self._clients = {row.name.casefold(): row for row in known}
        self._projects = {
            facts.key: facts for facts in repository.all_projects(session, workspace_id=workspace.id)
        }
        self._clients_said: dict[str, _ClientSaid] = {}
        self._projects_said: dict[str, tuple[Row, ProjectForm]] = {}

    def read(self, row: Row) -> None:
        """Take one line into the plan, or note what is wrong with it."""
        form = self._client_form(row)
        name = form.name.casefold()
        first = self._clients_said.setdefault(name, _ClientSaid(row, form))
        if first.row is row:
            self._check_client(row, form)
        else:
            self._compare(row, form, first)
        project = self._project_form(row, form)
        earlier, _ = self._projects_said.setdefault(row.key, (row, project))
        if earlier is not row:
            self._mark(row, "key", KeyRepeated(row.key, earlier.line))

    def write(self, now: datetime) -> ImportResult:
        """Bring the rows to what the file says."""
        people_service.meet(
            self.session,
            workspace_id=self.workspace.id,
            ids={said.form.am_id for said in self._clients_said.values()}
            | {form.pm_id for _, form in self._projects_said.values()},
            zone=self.workspace.zone,
        )
        clients, projects = Tally(), Tally()
        for name, said in self._clients_said.items():
            known = self._clients.get(name)
            if known is not None:
                _count(clients, changed=writing.write_client(known, said.form))
                continue
            clients.added += 1
            self._clients[name] = writing.insert_client(
                self.session, workspace_id=self.workspace.id, form=said.form, now=now, created_by=None
            )
        # Projects refer to clients, and without relationships the session does not know to write those first.
        self.session.flush()
        self._write_projects(projects, now)
        return ImportResult(clients, projects)

    def _write_projects(self, tally: Tally, now: datetime) -> None:
        new: list[tuple[Project, Figures]] = []
        for row, said in self._projects_said.values():
            form = replace(said, client_id=self._clients[row.client.casefold()].id)
            if row.key in self._rows:
                if self._is_agreed(row.key, form.figures):
                    form = replace(form, figures=None)
                changed = writing.write_project(self.session, self._rows[row.key], form, now=now)
                _count(tally, changed=changed)
                continue
            project = writing.new_project(workspace_id=self.workspace.id, form=form, now=now, created_by=None)
            self.session.add(project)
            new.append((project, form.figures or Figures()))
            tally.added += 1
        # One flush for all new projects: baselines refer to them.
        self.session.flush()
        for project, figures in new:
            baselines.first_version(self.session, project=project, figures=figures, now=now)

    # --- reading

    def _read_people(self, parsed: Parsed, resolver: Resolver) -> None:
        tokens, channels = mentions(parsed.rows)
        self._person = {token: resolver.person(token) for token in tokens}
        self._channel = {token: resolver.channel(token) for token in channels}
        ids = {person_id for person_id in self._person.values() if person_id}
        known = people.people(self.session, workspace_id=self.workspace.id, ids=ids)
        # An id that nobody has met yet is taken at its word; the row is made when everything else is right.
        strangers = {person_id: Person(id=person_id, is_active=True, is_external=False) for person_id in ids}
        self._people = strangers | known

    def _client_form(self, row: Row) -> ClientForm:
        known = self._clients.get(row.client.casefold())
        return ClientForm(
            name=known.name if known else row.client,
            am_id=self._person.get(row.am) or "",
            contact_name=known.contact_name if known else "",
            currency=row.currency or (known.currency if known else self.workspace.currency),
            renewal_on=row.renewal_on,
            goodwill_minutes=row.goodwill_minutes,
            language=row.language or (known.language if known else Language.ENGLISH),
        )

    def _check_client(self, row: Row, form: ClientForm) -> None:
        self._check_person(row, "am", row.am, form.am_id)
        for wrong in checks.wrong_in_client(form, Surroundings(self._people)):
            self._mark_field(row, wrong, name="client")
        known = self._clients.get(form.name.casefold())
        if known is None or known.currency == form.currency or not is_currency(form.currency):
            return
        holding = (facts for facts in self._projects.values() if facts.client_id == known.id)
        in_use = next(
            (why for facts in holding if (why := baselines.holds_currency(facts, form.currency))), None
        )
        if in_use:
            self._mark(row, "currency", in_use)

    def _compare(self, row: Row, form: ClientForm, first: _ClientSaid) -> None:
        there = first.form
        self._check_person(row, "am", row.am, form.am_id)
        pairs: dict[str, tuple[object, object]] = {
            "am": (form.am_id, there.am_id),
            "currency": (form.currency, there.currency),
            "renewal_on": (form.renewal_on, there.renewal_on),
            "goodwill_hours": (form.goodwill_minutes, there.goodwill_minutes),
            "language": (form.language, there.language),
        }
        for column, (here, before) in pairs.items():
            if here != before and row.client and (first.row.line, column) not in self._marked:
                self._mark(row, column, ClientDisagrees(there.name, first.row.line, first.row.said(column)))

    def _project_form(self, row: Row, client: ClientForm) -> ProjectForm:
        form = ProjectForm(
            client_id=NOT_YET,
            name=row.project,
            key=row.key,
            pm_id=self._person.get(row.pm) or "",
            channel_id=self._channel.get(row.channel) or "",
            starts_on=row.starts_on,
            figures=Figures(row.minutes, self._budget(row, client.currency), row.due_on),
        )
        self._check_person(row, "pm", row.pm, form.pm_id)
        if row.channel and not form.channel_id:
            self._mark(row, "channel", NoChannelFound(row.channel))
        # Keys that others have matter only for proposing a better one: the same key means the same project.
        taken = {} if is_key(row.key) else dict.fromkeys([*self._projects, *self._projects_said], "")
        around = Surroundings(self._people, keys=taken, currency=client.currency)
        for wrong in checks.wrong_in_project(form, around):
            self._mark_field(row, wrong, name="project")
        known = self._projects.get(row.key)
        if known is not None:
            self._check_known(row, form, known, client)
        return form

    def _check_known(self, row: Row, form: ProjectForm, known: ProjectFacts, client: ClientForm) -> None:
        moves = known.client_name.casefold() != client.name.casefold()
        in_use = (
            baselines.holds_currency(known, client.currency)
            if moves and is_currency(client.currency)
            else None
        )
        if in_use:
            self._mark(row, "client", in_use)
        if form.figures is None or not known.has_approvals or self._marked_figures(row):
            return
        agreed = Figures(known.agreed_minutes, known.agreed_budget_minor, known.agreed_due_on)
        for wrong in baselines.against_approvals(known.name, form.figures, agreed=agreed, present=agreed):
            self._mark_field(row, wrong, name="project")

    def _is_agreed(self, key: str, figures: Figures | None) -> bool:
        facts = self._projects[key]
        return figures == Figures(facts.agreed_minutes, facts.agreed_budget_minor, facts.agreed_due_on)

    def _budget(self, row: Row, currency: str) -> int:
        if not row.budget or not is_currency(currency):
            return 0
        try:
            return parse_money(row.budget, currency)
        except Refusal as why:
            self._mark(row, "budget", why)
            return 0

    # --- noting what is wrong

    def _check_person(self, row: Row, column: str, token: str, person_id: str) -> None:
        if token and not person_id:
            self._mark(row, column, NobodyFound(token))

    def _mark_field(self, row: Row, wrong: WrongField, *, name: str) -> None:
        named = wrong.field in {ClientField.NAME, ProjectField.NAME}
        self._mark(row, name if named else wrong.field, wrong.why)

    def _mark(self, row: Row, column: str, why: Refusal) -> None:
        """Note it, unless something is wrong with this cell already: one reason a cell is enough."""
        if (row.line, column) not in self._marked:
            self._marked.add((row.line, column))
            self.bad.append(BadLine(row.line, str(column), why))

    def _marked_figures(self, row: Row) -> bool:
        return any((row.line, column) in self._marked for column in ("hours", "budget", "due_on"))


def _count(tally: Tally, *, changed: bool) -> None:
    if changed:
        tally.changed += 1
    else:
        tally.unchanged += 1
