"""Databases for the tests: built by the migrations once, copied for each test; SQLite and PostgreSQL alike."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot import schema
from bot.db.engine import build_engine
from bot.db.transaction import transaction
from tests.databases import NoPostgreSQLError, Server, postgresql, quick_folder
from tests.portfolio.agency import open_agency

HERE = Path(__file__).parent
# Run only when they are named: they need more than Python.
ON_REQUEST = {
    "browser": "drive a real browser, which needs Chromium and requirements-browser.txt; .ci/run installs and runs them",
    "bench": "measure speed, which takes minutes and a quiet machine; run them with ./handoff test tests/bench",
}
DATABASES = ("sqlite", "postgresql")
NAMES = itertools.count(1)

SERVER = pytest.StashKey[Server]()
NO_SERVER = pytest.StashKey[str]()
RUNNING = pytest.StashKey[ExitStack]()

# A slow machine is no failure, and a failure found once is printed in a form that can be replayed.
hypothesis_settings.register_profile("handoff", deadline=None, print_blob=True)
hypothesis_settings.load_profile("handoff")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a developer choose the database: the default is both."""
    parser.addoption(
        "--database", choices=[*DATABASES, "both"], default="both", help="run on this database only"
    )


# --- what people read


@pytest.fixture(autouse=True, scope="session")
def spaces_that_look_alike() -> Iterator[None]:
    """Figures keep to their units by a space that looks like any other: tests read it as one (but `test_markup`)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.slack.text.markup.NO_BREAK", " ")
        yield


# --- one PostgreSQL server for the whole run, also when several processes share the tests


def pytest_configure(config: pytest.Config) -> None:
    """Take over the server that the first process started, when this is one of its workers."""
    config.stash[RUNNING] = ExitStack()
    worker: dict[str, str] | None = getattr(config, "workerinput", None)
    if worker is not None:
        if worker["postgresql"]:
            config.stash[SERVER] = Server.at(worker["postgresql"])
        else:
            config.stash[NO_SERVER] = worker["no_postgresql"]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell a worker of pytest-xdist where the server is, before it starts."""
    config: pytest.Config = node.config  # type: ignore[attr-defined]
    server = None if config.getoption("--database") == "sqlite" else _server(config)
    node.workerinput["postgresql"] = server.address if server else ""  # type: ignore[attr-defined]
    node.workerinput["no_postgresql"] = config.stash.get(NO_SERVER, "not asked for")  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server that this process started."""
    config.stash[RUNNING].close()


def _server(config: pytest.Config) -> Server | None:
    """The server, started when first needed; None, with the reason kept, when there is none."""
    if SERVER not in config.stash and NO_SERVER not in config.stash:
        try:
            config.stash[SERVER] = config.stash[RUNNING].enter_context(postgresql())
        except NoPostgreSQLError as error:
            config.stash[NO_SERVER] = str(error)
    return config.stash.get(SERVER, None)


@pytest.fixture(scope="session")
def postgresql_server(pytestconfig: pytest.Config) -> Server:
    """A PostgreSQL server for making databases in; the test is skipped, loudly, where there is none."""
    server = _server(pytestconfig)
    if server is None:
        reason = f"PostgreSQL: {pytestconfig.stash[NO_SERVER]}"
        if os.environ.get("HANDOFF_REQUIRE_POSTGRES") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return server


# --- a database for each test


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that uses a database once on each."""
    if "database" not in metafunc.fixturenames:
        return
    chosen = metafunc.config.getoption("--database")
    only = metafunc.definition.get_closest_marker("only_on")
    wanted = [only.args[0]] if only else list(DATABASES)
    skip = pytest.mark.skip(reason=f"--database {chosen}")
    params = [pytest.param(name, marks=[] if chosen in {name, "both"} else [skip]) for name in wanted]
    metafunc.parametrize("database", params, scope="session")


@pytest.fixture(scope="session")
def database() -> str:
    """`sqlite` or `postgresql`: what this test runs on. The value comes from pytest_generate_tests."""
    raise AssertionError("parametrized above")


@pytest.fixture(scope="session")
def sqlite_folder() -> Iterator[Path]:
    """Where SQLite's files are while the tests run."""
    folder = quick_folder("handoff-sqlite-")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated(database: str, request: pytest.FixtureRequest, sqlite_folder: Path) -> Iterator[str]:
    """What copies are made from, brought up by the migrations: a file's path or a database's name."""
    if database == "sqlite":
        path = sqlite_folder / "migrated.db"
        _upgrade(f"sqlite:///{path}")
        yield str(path)
        return
    server: Server = request.getfixturevalue("postgresql_server")
    name = _new_name("migrated")
    try:
        _upgrade(server.create(name))
        yield name
    finally:
        server.drop(name)


@pytest.fixture
def database_url(
    database: str, migrated: str, request: pytest.FixtureRequest, sqlite_folder: Path
) -> Iterator[str]:
    """The address of this test's own database, with every migration applied and no rows."""
    if database == "sqlite":
        own = sqlite_folder / _new_name("test")
        own.mkdir()
        yield f"sqlite:///{shutil.copy(migrated, own / 'handoff.db')}"
        shutil.rmtree(own)
        return
    server: Server = request.getfixturevalue("postgresql_server")
    name = _new_name("test")
    try:
        yield server.create(name, template=migrated)
    finally:
        server.drop(name)


@pytest.fixture
def empty_database_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with nothing in it, for tests of the migrations themselves."""
    if database == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: Server = request.getfixturevalue("postgresql_server")
    name = _new_name("empty")
    try:
        yield server.create(name)
    finally:
        server.drop(name)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on this test's own database."""
    engine = build_engine(database_url)
    try:
        yield engine
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def agency_engine(
    database: str, migrated: str, request: pytest.FixtureRequest, sqlite_folder: Path
) -> Iterator[Engine]:
    """An engine on a database in which the agency has been opened; every test that writes there takes it back."""
    with ExitStack() as stack:
        if database == "sqlite":
            url = f"sqlite:///{shutil.copy(migrated, sqlite_folder / 'agency.db')}"
        else:
            server: Server = request.getfixturevalue("postgresql_server")
            name = _new_name("agency")
            stack.callback(server.drop, name)
            url = server.create(name, template=migrated)
        engine = build_engine(url)
        stack.callback(engine.dispose)
        open_agency(engine)
        yield engine


@pytest.fixture
def session(agency_engine: Engine) -> Iterator[Session]:
    """One transaction over the agency; what a test writes must be fit to be committed, and is taken back."""
    with (
        agency_engine.connect() as connection,
        connection.begin() as everything,
        Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session,
    ):
        yield session
        session.commit()
        everything.rollback()


@pytest.fixture
def lasting_session(engine: Engine) -> Iterator[Session]:
    """The same on a database of the test's own, where others see what is committed."""
    open_agency(engine)
    with transaction(engine) as session:
        yield session


def _upgrade(url: str) -> None:
    engine = build_engine(url)
    try:
        schema.upgrade(engine)
    finally:
        engine.dispose()  # the last to leave writes SQLite's log into the file, and PostgreSQL copies unused ones only


def _new_name(kind: str) -> str:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw")
    return f"handoff_{kind}_{os.getpid()}_{worker}_{next(NAMES)}"


# --- no test leaves this machine


def _refuse_other_machines(event: str, arguments: tuple[object, ...]) -> None:
    if event != "socket.connect":
        return
    address = arguments[1]
    if (
        isinstance(address, tuple)
        and address[0] not in {"localhost", "::1"}
        and not str(address[0]).startswith("127.")
    ):
        raise AssertionError(f"a test tried to reach {address[0]}; tests talk to this machine only")


sys.addaudithook(_refuse_other_machines)


# --- what was not run, and what is worth knowing


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Call it with a sentence that everybody should see at the end of the run; it fails nothing."""
    return lambda sentence: record_property("note", sentence)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what runs only when it is named."""
    for folder in ON_REQUEST:
        if collection_path == HERE / folder and not _named(config, folder):
            return True
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was left out and why, and what the tests noted on their way."""
    left_out = [
        f"tests/{folder}: these {reason}."
        for folder, reason in ON_REQUEST.items()
        if (HERE / folder).is_dir() and not _named(config, folder)
    ]
    if "HANDOFF_STORIES" not in os.environ:
        left_out.append(
            "tests/stories: each over Socket Mode on PostgreSQL and over HTTP on SQLite; "
            "HANDOFF_STORIES=others ./handoff test tests/stories runs the other two pairs."
        )
    if NO_SERVER in config.stash and config.getoption("--database") != "sqlite":
        left_out.append(f"Tests on PostgreSQL: {config.stash[NO_SERVER]}.")
    elif config.getoption("--database") != "both":
        left_out.append(f"Every other database: --database {config.getoption('--database')} was given.")
    reports = itertools.chain.from_iterable(terminalreporter.stats.values())
    notes = [
        text for report in reports for name, text in getattr(report, "user_properties", []) if name == "note"
    ]
    for title, lines in (("not run", left_out), ("notes", notes)):
        if lines:
            terminalreporter.section(title)
            for line in dict.fromkeys(lines):
                terminalreporter.line(str(line))


def _named(config: pytest.Config, folder: str) -> bool:
    return any((HERE / folder) in [path, *path.parents] for path in _arguments(config))


def _arguments(config: pytest.Config) -> list[Path]:
    started_in = config.invocation_params.dir
    return [(started_in / argument.split("::")[0]).resolve() for argument in config.args]
