"""Kept statements give the same rows by both ways: straight on the driver, and through SQLAlchemy for who watches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, Table, bindparam, event, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.db.asking import ask, tell, tell_each
from bot.db.insertion import insert_if_new, insert_row, insert_unless_there
from bot.db.records import records
from bot.outbox.models import Notice, NoticeState
from bot.workspaces.models import Workspace

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
WORKSPACE = {"id": "T1", "name": "Agency", "created_at": NOW}
TABLE = Notice.__table__
assert isinstance(TABLE, Table)
NOTICES = select(Notice, Workspace.name).join(Workspace).where(Workspace.id == bindparam("workspace_id"))
COLUMNS = select(TABLE.c.id, TABLE.c.facts, TABLE.c.state, TABLE.c.is_outdated, TABLE.c.created_at)
RENAMED = (
    update(Workspace.__table__)
    .where(Workspace.id == bindparam("key"))
    .values(name=bindparam("name"))
    .returning(Workspace.name)
)
MOVED = update(Workspace.__table__).where(Workspace.id == bindparam("key")).values(zone=bindparam("zone"))


def notice(number: int) -> dict[str, Any]:
    return {
        "id": UUID(int=number),
        "workspace_id": "T1",
        "kind": "card",
        "subject_id": UUID(int=7),
        "facts": {"revision": 1},
        "destination": "C1",
        "dedupe_key": f"card:{number}",
        "state": NoticeState.HELD,
        "next_attempt_at": NOW,
        "created_at": NOW,
    }


@contextmanager
def nobody(_: Engine) -> Iterator[None]:
    yield


@contextmanager
def a_tracer(engine: Engine) -> Iterator[None]:
    """What tracers of SQLAlchemy do: keep something of theirs with the statement that is under way."""

    def begin(_c: Any, _cursor: Any, statement: str, _p: Any, context: Any, _many: bool) -> None:
        context.traced = statement

    def end(_c: Any, _cursor: Any, statement: str, _p: Any, context: Any, _many: bool) -> None:
        assert context.traced == statement

    event.listen(engine, "before_cursor_execute", begin)
    event.listen(engine, "after_cursor_execute", end)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", begin)
        event.remove(engine, "after_cursor_execute", end)


watchers = pytest.mark.parametrize("watching", [nobody, a_tracer])


@watchers
def test_rows_are_written_and_read_the_same_whoever_watches(engine: Engine, watching: Any) -> None:
    with Session(engine) as session, watching(engine):
        insert_row(session, Workspace, WORKSPACE)
        assert insert_if_new(session, Notice, notice(1), keys=("workspace_id", "dedupe_key"))
        assert not insert_if_new(session, Notice, notice(1), keys=("workspace_id", "dedupe_key"))
        insert_unless_there(session, Notice, notice(1), keys=("workspace_id", "dedupe_key"))
        (columns,) = ask(session, COLUMNS, {})
        assert columns == (UUID(int=1), {"revision": 1}, NoticeState.HELD, False, NOW)
        assert (columns.state, columns.created_at) == (NoticeState.HELD, NOW)
        ((found, name),) = records(session, NOTICES, {"workspace_id": "T1"})
        assert (found.id, found.facts, found.lease, name) == (UUID(int=1), {"revision": 1}, None, "Agency")
        assert tell(session, RENAMED, {"key": "T1", "name": "Studio"}).scalar_one() == "Studio"


def test_whether_it_was_new_is_told_also_after_it_was_not_asked(engine: Engine) -> None:
    with Session(engine) as session:
        insert_row(session, Workspace, WORKSPACE)
        # Other keys than in any other test: statements are kept for as long as the process runs.
        insert_unless_there(session, Notice, notice(1), keys=("workspace_id", "id"))
        assert insert_if_new(session, Notice, notice(2), keys=("workspace_id", "id"))
        assert not insert_if_new(session, Notice, notice(2), keys=("workspace_id", "id"))


def test_an_hour_that_comes_twice_is_stored_as_two(engine: Engine) -> None:
    first = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Stockholm"))
    with Session(engine) as session:
        insert_row(session, Workspace, WORKSPACE)
        for number, at in enumerate((first, first.replace(fold=1))):
            insert_row(session, Notice, {**notice(number), "created_at": at})
        stored = sorted(row.created_at for row in ask(session, COLUMNS, {}))
    assert stored == [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]


def test_what_is_written_in_a_savepoint_is_undone_with_it(engine: Engine) -> None:
    with engine.connect() as connection, Session(connection) as session:
        insert_row(session, Workspace, WORKSPACE)
        with session.begin_nested() as part:
            tell(session, RENAMED, {"key": "T1", "name": "Studio"})
            part.rollback()
        assert ask(session, select(Workspace.name), {}).scalar_one() == "Agency"


@watchers
def test_several_at_once_are_written_the_same_whoever_watches(engine: Engine, watching: Any) -> None:
    with Session(engine) as session, watching(engine):
        for number in range(3):
            insert_row(session, Workspace, {**WORKSPACE, "id": f"T{number}"})
        tell_each(session, MOVED, [{"key": f"T{number}", "zone": f"Etc/GMT+{number}"} for number in (1, 2)])
        zones = ask(session, select(Workspace.zone).order_by(Workspace.id), {}).all()
        assert [zone for (zone,) in zones] == ["UTC", "Etc/GMT+1", "Etc/GMT+2"]


def test_a_statement_whose_columns_the_model_fills_in_is_not_kept(engine: Engine) -> None:
    with Session(engine) as session, pytest.raises(AssertionError, match="fills in"):
        tell(session, insert(Workspace.__table__).values(id="T1", name="Agency", created_at=NOW), {})


@watchers
def test_what_the_database_refuses_is_sqlalchemys_error_whoever_watches(
    engine: Engine, watching: Any
) -> None:
    with Session(engine) as session, watching(engine):
        insert_row(session, Workspace, WORKSPACE)
        with pytest.raises(IntegrityError) as refused:
            insert_row(session, Workspace, WORKSPACE)
    assert refused.value.statement
    assert refused.value.statement.startswith("INSERT INTO workspaces")


def test_who_watches_hears_of_every_statement_as_sqlalchemy_executes_it(engine: Engine) -> None:
    heard: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, _p: Any, context: Any, _many: bool) -> None:
        heard.append(f"{context.compiled.statement.__visit_name__}: {statement.split()[0]}")

    with Session(engine) as session:
        session.connection()
        event.listen(engine, "before_cursor_execute", note)
        insert_row(session, Workspace, WORKSPACE)
        ask(session, COLUMNS, {})
        event.remove(engine, "before_cursor_execute", note)
    assert heard == ["insert: INSERT", "select: SELECT"]
