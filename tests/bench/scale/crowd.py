"""Very many workspaces, made quickly: one is lived through the services, the others are copies of its rows.

A block is one lived workspace: ten projects with a hundred requests each, open and decided, with their history, cards
and money. A copy under another workspace's id is one statement a table; a further block within the large workspace
goes through Python, since its ids, keys and people have to be others. Whatever table a feature adds is copied too.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, Table, insert, select, text
from sqlalchemy.orm import Session

from bot.db.base import Base
from bot.db.engine import is_sqlite
from bot.db.transaction import transaction
from bot.digests.models import DigestKind
from bot.digests.service import set_schedule
from bot.ledger.models import Funding
from bot.outbox.home_models import HomeTab
from bot.outbox.repository import forget_sent
from bot.people.models import Actor
from bot.people.service import PersonFacts, remember
from bot.portfolio.forms import ClientForm, Figures, ProjectForm
from bot.portfolio.service import add_client, add_project
from bot.requests.afterwards import client_answers
from bot.requests.afterwards.bridge_models import BridgeKind
from bot.requests.afterwards.bridges import Bridge
from bot.requests.deciding import Figures as Accepted
from bot.requests.deciding import accept, decline
from bot.requests.models import Promise, Reason
from bot.requests.service import Ask, client_told, submit
from bot.workspaces.service import WorkspaceFacts, ensure
from tests.bench.agency import am_of, channel_of, pm_of, take_for_posted

LARGE = "T0LOCAL000"  # the stand-in's own name for its workspace
PROJECTS, REQUESTS = 10, 100
BLOCK = PROJECTS * REQUESTS
# One request in so many stays open.
OPEN_EVERY = 5
AMS, PMS = 3, 5
# Kept apart in every further block: these begin so and are somebody's or some channel's id.
_OWN_IDS = re.compile(r"(U0AM|U0PM|C0HOME)\d+")
_WORDS = [
    "newsletter",
    "landing",
    "page",
    "footer",
    "checkout",
    "banner",
    "video",
    "subtitles",
    "tracking",
    "consent",
    "export",
    "import",
    "login",
    "search",
    "gallery",
    "pricing",
    "table",
    "campaign",
    "podcast",
    "map",
    "calendar",
    "form",
    "migration",
    "archive",
    "translation",
    "onboarding",
]


def live(engine: Engine) -> None:
    """The first block: the large workspace as it begins. Everything happened in the last hundred days."""
    dice = random.Random(7)
    now = datetime.now(UTC).replace(microsecond=0)
    with transaction(engine) as session:
        projects = _agency(session, now - timedelta(days=100))
    for number, project_id in enumerate(projects):
        with transaction(engine) as session:
            for at in range(REQUESTS):
                days = 100 * (1 - at / REQUESTS)
                _life(session, dice, number, project_id, at, now - timedelta(days=days))
            take_for_posted(session)
    with transaction(engine) as session:
        for person in _everybody():
            session.add(
                HomeTab(workspace_id=LARGE, person_id=person, opened_at=now, pages={}, next_attempt_at=now)
            )


def _everybody() -> list[str]:
    return [*map(am_of, range(AMS)), *map(pm_of, range(PMS))]


def _agency(session: Session, now: datetime) -> list[UUID]:
    ensure(session, WorkspaceFacts(id=LARGE, name="Agency", bot_user_id="U0BOT", bot_id="B0BOT"), now)
    for person in _everybody():
        remember(session, LARGE, PersonFacts(id=person, name=f"Name {person}", zone="Europe/Madrid"), now)
    return [_project(session, number, now) for number in range(PROJECTS)]


def _project(session: Session, number: int, now: datetime) -> UUID:
    actor = Actor(LARGE, am_of(number % AMS), now)
    form = ClientForm(
        name="Acme" if number == 0 else f"Client {number}",
        am_id=actor.person_id,
        currency="EUR",
        goodwill_minutes=10_000,
        renewal_on=(now + timedelta(days=100 + number * 20)).date(),
    )
    client = add_client(session, actor, form=form)
    due_on = (now + timedelta(days=200 + number)).date()
    project = ProjectForm(
        client_id=client.id,
        name=f"Project {number} for client {number}",
        key="ACME" if number == 0 else f"P{number}",
        pm_id=pm_of(number % PMS),
        channel_id=channel_of(number),
        figures=Figures(minutes=1_200 * 60, budget_minor=14_400_000, due_on=due_on),
    )
    for kind in DigestKind:
        set_schedule(
            session,
            actor,
            channel_id=project.channel_id,
            kind=kind,
            is_on=True,
            zone="UTC",
            # None falls due while it is measured: there are thousands of them.
            at=(datetime.now(UTC) + timedelta(hours=12)).time().replace(second=0, microsecond=0),
            is_external=False,
        )
    return add_project(session, actor, form=project).id


def _life(
    session: Session, dice: random.Random, number: int, project_id: UUID, at: int, now: datetime
) -> None:
    am, pm = am_of(number % AMS), pm_of(number % PMS)
    ask = Ask(
        project_id=project_id,
        title=" ".join(dice.sample(_WORDS, 4)),
        details=" ".join(dice.choices(_WORDS, k=25)),
        reason=dice.choice(list(Reason)),
        minutes=60 * dice.randint(1, 20),
        needed_by=(now + timedelta(days=dice.randint(1, 60))).date() if at % 3 else None,
        promise=Promise.HOLDING_REPLY,
    )
    request = submit(session, Actor(LARGE, am, now), ask)
    session.flush()
    if at % OPEN_EVERY == 0:
        return
    later = Actor(LARGE, pm, now + timedelta(hours=5))
    this: dict[str, Any] = {"request_id": request.id, "revision": request.revision}
    if at % OPEN_EVERY == 1:
        decline(
            session,
            later,
            reason="Not in what was agreed.",
            bridge=Bridge(BridgeKind.CLAUSE, "Section 4"),
            **this,
        )
    else:
        minutes = ask.minutes or 60
        funding = Funding.GOODWILL if at % OPEN_EVERY == 2 and minutes < 300 else Funding.CHANGE_ORDER
        figures = Accepted(minutes, 0 if funding.is_unpaid else minutes * 200, 0, {funding: minutes})
        accept(session, later, figures=figures, **this)
    told = Actor(LARGE, am, now + timedelta(hours=8))
    client_told(session, told, request_id=request.id)
    if request.client_answer.is_outstanding and at % 2:
        client_answers.client_accepted(session, told, **this)
    session.flush()


# --- copies


def tables() -> list[Table]:
    """Every table of tenants, those that others refer to first."""
    return [table for table in Base.metadata.sorted_tables if "workspace_id" in table.c]


def keep_first_block(engine: Engine) -> None:
    """Put the rows of the large workspace aside while they are one block: copies are made from these."""
    with engine.begin() as connection:
        for table in tables():
            rows = f"SELECT * FROM {table.name} WHERE workspace_id = '{LARGE}'"
            connection.exec_driver_sql(f"CREATE TABLE first_{table.name} AS {rows}")


def copy_workspaces(engine: Engine, names: Sequence[str]) -> None:
    """Further workspaces with the same rows as the first block of the large one."""
    whole = _columns(Base.metadata.tables["workspaces"], but="id")
    for name in names:
        with _loading(engine) as connection:
            connection.exec_driver_sql(
                f"INSERT INTO workspaces (id, {whole}) SELECT '{name}', {whole} FROM workspaces WHERE id = '{LARGE}'"
            )
            for table in tables():
                columns = _columns(table, but="workspace_id")
                connection.exec_driver_sql(
                    f"INSERT INTO {table.name} (workspace_id, {columns}) "
                    f"SELECT '{name}', {columns} FROM first_{table.name}"
                )


def install(engine: Engine, names: Sequence[str]) -> None:
    """Workspaces that have just been installed: nobody asked anything yet."""
    with transaction(engine) as session:
        for name in names:
            facts = WorkspaceFacts(id=name, name=name, bot_user_id="U0BOT", bot_id="B0BOT")
            ensure(session, facts, datetime.now(UTC))


def add_blocks(engine: Engine, first: int, last: int, rows: dict[str, list[Row[Any]]]) -> None:
    """Blocks `first` to `last` of the large workspace, made from the rows of its first."""
    for number in range(first, last + 1):
        with _loading(engine) as connection:
            for table in tables():
                values = [_moved(table, row, number) for row in rows[table.name]]
                if values and table.name not in ONCE:
                    connection.execute(insert(table), values)


# One row a workspace, however many blocks it has.
ONCE = {"home_watches", "word_templates"}


def block_rows(engine: Engine) -> dict[str, list[Row[Any]]]:
    """The rows of the large workspace while it has one block."""
    with engine.connect() as connection:
        return {
            table.name: list(connection.execute(select(table).where(table.c.workspace_id == LARGE)))
            for table in tables()
        }


def _moved(table: Table, row: Row[Any], block: int) -> dict[str, Any]:
    values = dict(row._mapping)
    for name, value in values.items():
        if isinstance(value, UUID):
            values[name] = _moved_id(value, block)
        elif isinstance(value, str) and name != "workspace_id":
            values[name] = _OWN_IDS.sub(rf"\g<0>B{block}", value)
    if table.name == "projects":
        values["key"] = f"{row.key}B{block}"
    if table.name == "clients":
        values["name"] = f"{row.name} of block {block}"
    if "reference" in values:
        values["reference"] = str(values["reference"]).replace("-", f"B{block}-")
    for name in ("dedupe_key", "thread_of"):
        if values.get(name):
            values[name] = f"{values[name]}:{block}"
    if table.name == "postings":
        values["ts"] = f"{row.ts}{block:04d}"
    return values


def _moved_id(value: UUID, block: int) -> UUID:
    # The bits of the time stay: rows made at one time stay beside each other, as they do in life.
    return UUID(int=value.int ^ (block << 4))


def _columns(table: Table, *, but: str) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns if column.name != but)


@contextmanager
def _loading(engine: Engine) -> Iterator[Connection]:
    """A transaction that does not look at what rows refer to: they are copies of rows that were looked at."""
    with engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        if is_sqlite(engine):
            raw.execute("PRAGMA foreign_keys = OFF")
            raw.execute("PRAGMA synchronous = OFF")
            raw.execute("PRAGMA cache_size = -400000")
        with connection.begin():
            if not is_sqlite(engine):
                # The triggers of the full-text index are the owner's, and those are to run: only keys are not checked.
                for table in Base.metadata.tables:
                    connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
                    connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            yield connection
            if not is_sqlite(engine):
                for table in Base.metadata.tables:
                    connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
        connection.invalidate()


def settle(engine: Engine) -> None:
    """What happens by itself as time goes by: old notices go, and PostgreSQL looks how rows are spread (SQLite does not)."""
    with transaction(engine) as session:
        forget_sent(session, before=datetime.now(UTC) - timedelta(days=90))
    if not is_sqlite(engine):
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
