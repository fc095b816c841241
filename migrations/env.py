"""Connects Alembic to Handoff: which database, which tables, and how a migration is written and run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, Enum
from sqlalchemy.types import TypeDecorator

from bot.db.engine import build_engine
from bot.requests.search.search_triggers import PREFIX, make_triggers
from bot.schema import metadata

# Any number, as long as every process uses the same: two releases must not migrate one database at once.
MIGRATION_LOCK = 0x48414E44
# A migration that waits for a table longer than this would make everybody behind it wait too.
LOCK_TIMEOUT = "5s"


def run() -> None:
    """Bring the database to the revision that was asked for, or print the statements that would (--sql)."""
    if context.is_offline_mode():
        _print_statements()
        return
    given: Engine | None = context.config.attributes.get("engine")
    engine = given or _engine_from_settings()
    try:
        with engine.connect() as connection, _alone(connection):
            _configure(connection=connection)
            with context.begin_transaction():
                context.run_migrations()
                make_triggers(connection)
    finally:
        if given is None:
            engine.dispose()


def _engine_from_settings() -> Engine:
    # Only a developer's `python -m alembic` comes here; Handoff itself passes its engine.
    from bot.settings import Settings

    return build_engine(Settings().database_url)


def _print_statements() -> None:
    _configure(dialect_name="postgresql", literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def _configure(**where: Any) -> None:
    sqlite = "connection" in where and where["connection"].dialect.name == "sqlite"
    context.configure(
        **where,
        target_metadata=metadata(),
        compare_type=True,
        compare_server_default=True,
        # SQLite cannot alter a table in place; Alembic copies it instead.
        render_as_batch=True,
        # Our engine begins transactions itself, so tables are created and dropped within them on SQLite too.
        transactional_ddl=True,
        # PostgreSQL: what succeeded stays, and locks are held briefly. SQLite: one transaction for all, opened
        # before the current revision is read, so that a second process waits and then finds nothing to do.
        transaction_per_migration=not sqlite,
        render_item=_plain_type,
        include_name=_is_ours,
        process_revision_directives=_name_by_date,
    )


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """One migrating process at a time, and no cascade from a table that is only being copied."""
    if connection.dialect.name == "sqlite":
        with _foreign_keys_checked_at_the_end(connection):
            yield
        return
    connection.exec_driver_sql(f"SELECT pg_advisory_lock({MIGRATION_LOCK})")
    connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
    connection.commit()  # both hold for the connection, not for the transaction
    try:
        yield
    finally:
        connection.rollback()
        connection.exec_driver_sql("RESET lock_timeout")
        connection.exec_driver_sql(f"SELECT pg_advisory_unlock({MIGRATION_LOCK})")
        connection.commit()


@contextmanager
def _foreign_keys_checked_at_the_end(connection: Connection) -> Iterator[None]:
    # With foreign keys on, dropping the old copy of a table deletes the rows that refer to it. The switch has
    # no effect inside a transaction, hence the driver's own connection, before SQLAlchemy begins one.
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
        broken = driver.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration left references to rows that do not exist: {broken[:5]}")
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys = ON")


def _is_ours(name: str | None, kind: str, _: object) -> bool:
    """Whether a table is one of the models': the full-text index is the database's own."""
    return kind != "table" or name is None or not name.startswith(PREFIX)


def _plain_type(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Write a column's type without our own classes: a merged migration must not change when they do."""
    if kind != "type":
        return False
    if isinstance(item, Enum) and not item.native_enum:
        return f"sa.String(length={item.length})"
    if isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def _name_by_date(_: MigrationContext, __: Any, directives: list[MigrationScript]) -> None:
    """Give a new revision the minute it was made as its id; the file is named `<id>_<slug>.py`."""
    for script in directives:
        script.rev_id = f"{datetime.now(UTC):%Y_%m_%d_%H%M}"


run()
