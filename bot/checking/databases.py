"""The database: reachable, new enough, migrated, and the right kind for how it is used."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot.checking.findings import Finding, good, note, wrong
from bot.db.engine import build_engine, is_sqlite
from bot.schema import is_ahead, is_current

OLDEST_POSTGRESQL = 13
# A lock on a disk that another machine serves is not to be trusted.
_ON_NETWORK = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "fuse.sshfs",
    "glusterfs",
    "ceph",
    "efs",
    "lustre",
}


def check_database(url: str) -> list[Finding]:
    """Look at it; the last finding is wrong where nothing more can be asked of it."""
    try:
        engine = build_engine(url)
    except ArgumentError as error:
        return [wrong(f"DATABASE_URL is not an address of a database: {error}.")]
    try:
        return list(_look(engine))
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        return [
            wrong(
                f"The database cannot be reached: {reason}. Is it running, and is DATABASE_URL its address?"
            )
        ]
    finally:
        engine.dispose()


def _look(engine: Engine) -> Iterator[Finding]:
    yield from _sqlite(engine) if is_sqlite(engine) else _postgresql(engine)
    if is_ahead(engine):
        yield note("The database was migrated by a newer Handoff. It goes on; upgrade this one, too, soon.")
    elif is_current(engine):
        yield good("The database is up to date.")
    else:
        yield wrong("The database misses migrations: run `handoff migrate`.")


def _postgresql(engine: Engine) -> Iterator[Finding]:
    with engine.connect() as connection:
        version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000
        most = connection.exec_driver_sql("SHOW max_connections").scalar_one()
    if version < OLDEST_POSTGRESQL:
        yield wrong(f"PostgreSQL {version} is too old: Handoff needs {OLDEST_POSTGRESQL} or newer.")
    else:
        yield good(f"PostgreSQL {version} answers; it takes {most} connections, and each process up to 16.")


def _sqlite(engine: Engine) -> Iterator[Finding]:
    with engine.connect() as connection:
        version = connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()
    yield good(f"SQLite {version} answers.")
    file = Path(str(engine.url.database)).resolve()
    kind = file_system(file)
    if kind in _ON_NETWORK:
        yield wrong(
            f"{file} is on a network disk ({kind}), where SQLite can lose data. Put it on a disk of this machine, or use "
            "PostgreSQL."
        )
    others = users_of(file) - {os.getpid()}
    if len(others) > 1:
        pids = ", ".join(str(pid) for pid in sorted(others))
        yield wrong(
            f"Several processes use {file.name} ({pids}). SQLite is for one: run `handoff run` alone, or use PostgreSQL."
        )


def file_system(file: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """The kind of file system a file is on; empty where the system does not tell."""
    best, kind = "", ""
    try:
        lines = mounts.read_text().splitlines()
    except OSError:
        return ""
    for line in lines:
        _, point, found, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        if file.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, found
    return kind


def users_of(file: Path, processes: Path = Path("/proc")) -> set[int]:
    """Which processes have a file open, as far as this user may see."""
    found: set[int] = set()
    for opened in processes.glob("[0-9]*/fd/*"):
        try:
            if opened.readlink() == file:
                found.add(int(opened.parts[-3]))
        except OSError:
            continue
    return found
