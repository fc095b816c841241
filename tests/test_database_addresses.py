"""A DATABASE_URL that is none: every command says so in a sentence, with no traceback and no password."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from bot.cli import main
from bot.db.engine import build_engine

# What each says of itself.
ADDRESSES = {
    "sqlite://": "a database in memory",
    "sqlite:///": "a database in memory",
    "sqlite:///:memory:": "a database in memory",
    "sqlite:///file:x?mode=memory&uri=true": "a database in memory",
    "sqlite+aiosqlite:///handoff.db": "not in sqlite",
    "mysql://handoff:hunter2@127.0.0.1/handoff": "not in mysql",
    "handoff.db": "DATABASE_URL is not an address",
    "postgresql://handoff:hunter2": "the password not escaped",
    "postgresql://handoff:hunter2@127.0.0.1:9/handoff?colour=red": "The database cannot be used",
    "sqlite:////nowhere/at/all/handoff.db": "The database cannot be used",
}
COMMANDS = (
    "run",
    "web",
    "worker",
    "clock",
    "migrate",
    "check",
    "verify",
    "backup {file}",
    "restore {file}",
    "import {file}",
    "export {file}",
    "digest scope --channel acme --preview",
    "workspace list",
    "workspace delete T1 --yes",
    "workspace export T1 {file}",
    "workspace rekey",
)


# What these may find wrong first.
ALSO = {
    "check": ["cannot be reached"],
    "restore {file}": ["is no backup of"],
    "backup {file}": ["`pg_dump`"],
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_command_says_it_in_a_sentence(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    for command in COMMANDS:
        file = tmp_path / "file.csv"
        if command.startswith("backup"):
            file.unlink(missing_ok=True)
        else:
            file.write_text("client\n")
        done = CliRunner().invoke(main, command.format(file=file).split())
        assert done.exit_code == 1, f"{command}: {done.output}"
        assert isinstance(done.exception, SystemExit), f"{command}: {done.exception!r}"
        expected = {ADDRESSES[address], *ALSO.get(command, ())}
        assert any(words in done.output for words in expected), f"{command}: {done.output}"
        assert "hunter2" not in done.output


def test_every_command_is_tried() -> None:
    names = {
        f"{name} {sub}" for name, group in main.commands.items() for sub in getattr(group, "commands", ())
    }
    names |= {name for name, command in main.commands.items() if not hasattr(command, "commands")}
    tried = {
        name
        for name in names
        if any(command == name or command.startswith(f"{name} ") for command in COMMANDS)
    }
    # The demo makes a database of its own; the manifest needs none.
    assert names - tried == {"demo", "manifest"}


def test_any_driver_of_postgresql_means_the_one_that_is_installed() -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg2", "postgresql+asyncpg"):
        assert build_engine(f"{scheme}://127.0.0.1:9/x").driver == "psycopg"
    with pytest.raises(ArgumentError):
        build_engine("postgresql:/127.0.0.1")


def test_what_a_statement_was_given_is_in_no_error(database_url: str) -> None:
    engine = build_engine(database_url)
    with pytest.raises(SQLAlchemyError) as failure, engine.begin() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:it)"), {"it": "what the client said"})
    engine.dispose()
    assert isinstance(failure.value, DBAPIError)
    assert "what the client said" not in str(failure.value)
    assert failure.value.hide_parameters
