"""A copy of the whole database in one file, and back: SQLite by its own online backup, PostgreSQL by its own tools."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Engine, inspect, make_url

from bot.db.engine import build_engine, is_sqlite
from bot.db.runner import Runner
from bot.outbox.repository import doubt_all
from bot.private_files import written_whole
from bot.schema import is_ahead, upgrade

_SQLITE = b"SQLite format 3\x00"
_POSTGRESQL = b"PGDMP"


class BackupError(Exception):
    """It was not done, and nothing was changed: the message says why, and what to do."""


def back_up(database_url: str, file: Path) -> str:
    """Write everything to `file`, while Handoff goes on working; returns what was done. Raises `BackupError`."""
    if file.exists():
        raise BackupError(f"{file} is there already. Choose another name: a backup overwrites nothing.")
    engine = build_engine(database_url)
    try:
        with written_whole(file) as partial:
            (_copy_sqlite if is_sqlite(engine) else _dump)(engine, partial)
    except sqlite3.Error as error:
        raise BackupError(f"The database cannot be used: {error}. Nothing was copied.") from error
    except OSError as error:
        raise BackupError(f"{file} cannot be written: {error.strerror}. Nothing was copied.") from error
    finally:
        engine.dispose()
    return (
        f"Everything is in {file} ({file.stat().st_size:,} bytes). Keep HANDOFF_ENCRYPTION_KEY apart from it."
    )


def restore(database_url: str, file: Path) -> str:
    """Bring `file` into the database, which must be empty, and up to date; returns what was done.

    Raises `BackupError`.
    """
    engine = build_engine(database_url)
    try:
        _require_kind(engine, file)
        if inspect(engine).get_table_names():
            raise BackupError(_not_empty(engine))
        try:
            (_fill_sqlite if is_sqlite(engine) else _load)(engine, file)
        except sqlite3.Error as error:
            raise BackupError(f"{file} could not be brought in: {error}.") from error
        if is_ahead(engine):
            note = " It comes from a newer Handoff than this one: upgrade before you start it."
        else:
            upgrade(engine)
            note = ""
        runner = Runner(engine)
        doubted = runner.run_now(doubt_all)
        runner.close()
    finally:
        engine.dispose()
    waits = (
        f" {doubted} notices were waiting: they are looked for in Slack before they are said."
        if doubted
        else ""
    )
    return f"Restored from {file}.{waits}{note} Run `handoff verify` before you start it."


def _copy_sqlite(engine: Engine, file: Path) -> None:
    with (
        closing(sqlite3.connect(_sqlite_file(engine))) as source,
        closing(sqlite3.connect(file)) as target,
    ):
        # In one step: in several it would begin again at every write of somebody else.
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")
        (answer,) = target.execute("PRAGMA integrity_check").fetchone()
    if answer != "ok":
        raise BackupError(f"The copy is damaged, and so may be the database: {answer}")


def _fill_sqlite(engine: Engine, file: Path) -> None:
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as source:
        (answer,) = source.execute("PRAGMA integrity_check").fetchone()
        if answer != "ok":
            raise BackupError(f"{file} is damaged: {answer}")
        if not source.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
            raise BackupError(f"{file} is no backup of Handoff.")
        with closing(sqlite3.connect(_sqlite_file(engine))) as target:
            source.backup(target)


def _sqlite_file(engine: Engine) -> str:
    return str(engine.url.database)


def _dump(engine: Engine, file: Path) -> None:
    with _reach(engine.url) as where:
        program = _program("pg_dump", engine)
        _run([program, "--format=custom", "--no-owner", "--no-privileges", f"--file={file}", where])


def _load(engine: Engine, file: Path) -> None:
    with _reach(engine.url) as where:
        program = _program("pg_restore", engine)
        options = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
        _run([program, *options, f"--dbname={where}", str(file)])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupError(f"{Path(command[0]).name} could not do it: {done.stderr.strip()}")


@contextmanager
def _reach(url: URL) -> Iterator[str]:
    """How PostgreSQL's tools find the database; the password goes by a file, since every user may see a command."""
    with tempfile.TemporaryDirectory() as folder:
        parts = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
        parts |= {key: value for key, value in url.query.items() if isinstance(value, str)}
        if url.password:
            secret = Path(folder) / "pgpass"
            secret.touch(mode=0o600)
            escaped = str(url.password).replace("\\", "\\\\").replace(":", "\\:")
            secret.write_text(f"*:*:*:*:{escaped}\n")
            parts["passfile"] = str(secret)
        yield " ".join(f"{key}='{_quoted(str(value))}'" for key, value in parts.items() if value is not None)


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


def _program(name: str, engine: Engine) -> str:
    """The tool, not older than the server: an older one refuses. Raises `BackupError`, which says what to run."""
    with engine.connect() as connection:
        server = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = [shutil.which(name), *(shutil.which(name, path=str(folder)) for folder in folders)]
    for program in dict.fromkeys(path for path in found if path):
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
        version = re.search(r"(\d+)", told)
        if version and int(version[1]) >= server:
            return program
    address = engine.url.render_as_string(hide_password=True).replace("+psycopg", "")
    does = (
        "--format=custom --no-owner --file=FILE"
        if name == "pg_dump"
        else "--no-owner --single-transaction FILE --dbname"
    )
    raise BackupError(
        f"There is no {name} of version {server} or newer here. Install postgresql-client-{server}, or run this where it "
        f"is: {name} {does} {address}"
    )


def _require_kind(engine: Engine, file: Path) -> None:
    try:
        with file.open("rb") as opened:
            head = opened.read(16)
    except OSError as error:
        raise BackupError(f"{file} cannot be read: {error.strerror}") from error
    wanted = _SQLITE if is_sqlite(engine) else _POSTGRESQL
    if not head.startswith(wanted):
        kind = "SQLite" if is_sqlite(engine) else "PostgreSQL"
        raise BackupError(
            f"{file} is no backup of a {kind} database, which DATABASE_URL names. To change from one kind to the "
            "other, use `handoff export` and `handoff import`."
        )


def _not_empty(engine: Engine) -> str:
    if is_sqlite(engine):
        return (
            f"{_sqlite_file(engine)} is not empty, and a restore overwrites nothing. Stop Handoff, move it away together "
            "with the files beside it that end in -wal and -shm, and run this again."
        )
    name = make_url(engine.url).database
    return (
        f"The database {name} is not empty, and a restore overwrites nothing. Make a new one (createdb {name}_restored), "
        "put its name in DATABASE_URL, and run this again."
    )
