"""A rolling upgrade: the new program migrates, and processes of the last release go on beside it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, inspect, text

from bot import schema
from bot.bootstrap import SetupError
from bot.db.engine import build_engine
from bot.running import prepare_database
from bot.settings import Settings
from tests.architecture.sources import ROOT
from tests.databases import Server

# The last release: its newest migration, and its commit. Whoever releases moves both.
RELEASED_REVISION = "2026_11_23_0756"
RELEASED_COMMIT = "1c8a6714876789570f006efc9057641cd392d276"
# What of the released program's own tests runs on the new tables: the main job, or (long) every service on rows.
STORIES = [
    "tests/stories/test_request_to_acceptance.py::test_a_request_is_asked_accepted_and_answered",
    "tests/stories/test_request_to_acceptance.py::test_the_weekly_digest_comes_on_monday",
    "tests/outbox/test_refreshing.py",
]
LONG = "HANDOFF_OLD_CODE"
LONG_STORIES = ["tests/stories", "tests/requests", "tests/digests", "tests/outbox", "tests/portfolio"]

FROM_THE_FUTURE = "2999_01_01_0000"


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Engine]:
    engine = build_engine(empty_database_url)
    yield engine
    engine.dispose()


def test_a_database_that_a_newer_program_migrated_is_used_as_it_is(database_url: str, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE notices ADD COLUMN from_the_future INTEGER"))
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{FROM_THE_FUTURE}'"))
    assert schema.is_ahead(engine)
    assert schema.is_current(engine), "it is ready"
    prepare_database(settings(database_url))
    schema.upgrade(engine)
    with engine.connect() as connection:
        assert version(connection) == FROM_THE_FUTURE


@pytest.mark.only_on("postgresql")
def test_a_database_that_is_behind_is_refused_with_what_to_do(empty_database_url: str, empty: Engine) -> None:
    command.upgrade(schema.alembic_config(empty), RELEASED_REVISION)
    command.downgrade(schema.alembic_config(empty), "-1")
    assert not schema.is_current(empty)
    assert not schema.is_ahead(empty)
    with pytest.raises(SetupError, match="handoff migrate"):
        prepare_database(settings(empty_database_url))


def test_an_unknown_revision_that_is_not_newer_is_no_reason_to_go_on(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '2020_01_01_0000'"))
    assert not schema.is_ahead(engine)
    assert not schema.is_current(engine)


def test_new_migrations_leave_what_the_last_release_uses(empty: Engine) -> None:
    """Only tables, and columns that may be left out, are added; nothing old goes, narrows, or is newly forbidden."""
    to_it = schema.alembic_config(empty)
    command.upgrade(to_it, RELEASED_REVISION)
    released = tables(empty)
    command.upgrade(to_it, "head")
    now = tables(empty)
    broken = [
        f"{name}: {what}" for name, before in released.items() for what in breaks(before, now.get(name, {}))
    ]
    assert not broken, "The release that runs while this is migrated would break:\n" + "\n".join(broken)


Table = dict[str, tuple[str, bool, bool]]


def tables(engine: Engine) -> dict[str, Table]:
    """Of every table, by column: its type, whether it may be empty, whether it may be left out; then its rules."""
    found: dict[str, Table] = {}
    look = inspect(engine)
    for name in look.get_table_names():
        if name == "alembic_version" or "_fts" in name or "search" in name:
            continue
        columns = {
            column["name"]: (
                str(column["type"]),
                bool(column["nullable"]),
                column["nullable"] or column["default"] is not None,
            )
            for column in look.get_columns(name)
        }
        rules = [f"unique {sorted(rule['column_names'])}" for rule in look.get_unique_constraints(name)]
        rules += [f"check {rule['sqltext']}" for rule in look.get_check_constraints(name)]
        rules += [f"refers {rule['constrained_columns']}" for rule in look.get_foreign_keys(name)]
        found[name] = columns | {f"rule: {rule}": ("", True, True) for rule in rules}
    return found


def breaks(before: Table, now: Table) -> Iterator[str]:
    """What the released program would stumble over in one table."""
    for column, (kind, may_be_empty, _) in before.items():
        if column.startswith("rule: "):
            continue
        if column not in now:
            yield f"{column} is gone"
        elif now[column][0] != kind:
            yield f"{column} was {kind} and is {now[column][0]}"
        elif may_be_empty and not now[column][1]:
            yield f"{column} may no longer be empty"
    for column, (_, _, may_be_left_out) in now.items():
        if column not in before and column.startswith("rule: ") and _is_about(column, before):
            yield f"{column} is new, and may refuse what the release writes"
        elif column not in before and not may_be_left_out:
            yield f"{column} is new and has no default"


def _is_about(rule: str, before: Table) -> bool:
    return any(f"'{column}'" in rule for column in before if column != "workspace_id") or "check" in rule


def test_the_last_release_passes_its_own_tests_on_todays_tables(
    postgresql_server: Server, tmp_path: Path
) -> None:
    """The released program, with nothing but the new migrations laid over it: old code on the new schema."""
    tree = released_tree(tmp_path)
    for migration in (ROOT / "migrations" / "versions").glob("*.py"):
        shutil.copy(migration, tree / "migrations" / "versions")
    is_long = os.environ.get(LONG) == "long"
    stories = LONG_STORIES if is_long else STORIES
    given = [] if is_long else ["--database", "postgresql"]
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *given, *stories],
        cwd=tree,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
            "PYTHONPATH": str(tree),
            "TEST_DATABASE_URL": postgresql_server.address,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=1200 if is_long else 120,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert " passed" in done.stdout


def released_tree(folder: Path) -> Path:
    """The released program and its tests as they were; the test is skipped where git does not know them."""
    archive = subprocess.run(
        ["git", "archive", RELEASED_COMMIT, "bot", "tests", "migrations", "pyproject.toml", "manifest.json"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if archive.returncode != 0:
        pytest.skip(f"git does not have the commit of the last release ({RELEASED_COMMIT[:9]}) here")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder / "released", filter="data")
    return folder / "released"


def settings(database_url: str) -> Settings:
    return Settings(_env_file=None, database_url=database_url)  # type: ignore[call-arg]


def version(connection: Connection) -> str:
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
