"""Statements that run at every press, prepared once for each kind of database and run straight on its driver.

SQLAlchemy writes the SQL and knows how each type is stored. What it does anew at every execution (looking the compiled
statement up, collecting parameters, wrapping the cursor) costs several times as much as the database's own work, and
is done here once. The connection, the transaction, the errors and who listens to the engine stay SQLAlchemy's.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, Connection, Dialect, Executable
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler

from bot.db.base import UtcDateTime

Parameters: TypeAlias = Mapping[str, Any]
# How a value is stored, or read back; none where it stays as it is. Nothing is stored and read as nothing.
Conversion: TypeAlias = Callable[[Any], Any] | None
Row: TypeAlias = Any


class Prepared:
    """One statement in one dialect: its SQL, and how its parameters and its columns are converted."""

    def __init__(self, statement: Executable, dialect: Dialect, columns: Sequence[str] | None) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=columns)  # type: ignore[attr-defined]
        assert isinstance(compiled, SQLCompiler)
        assert not compiled.prefetch, "what a model fills in by itself has to be among the parameters"
        self._statement = statement
        self._dialect = dialect
        self._sql = str(compiled)
        self._is_positional = compiled.positional
        self._names: Sequence[str] = compiled.positiontup or list(compiled.bind_names.values())
        self._terms = [_term(compiled.binds[name], dialect) for name in self._names]
        returned = getattr(statement, "exported_columns", ())
        self._types = [column.type for column in returned]
        # Columns without a name of their own (a sum) are told apart by their place.
        self._row = _named_row([column.key for column in returned])
        self._readings: list[Conversion] | None = None

    def rows(self, connection: Connection, parameters: Parameters) -> list[Row]:
        """Run it, and return what it gives as named tuples. Raises what SQLAlchemy raises."""
        if _is_watched(connection):
            result = connection.execute(self._statement, parameters)
            return [self._row(found) for found in result] if self._types else []
        return self._run(connection, self._bound(parameters), many=False)

    def each(self, connection: Connection, parameters: Sequence[Parameters]) -> None:
        """Run it once for each set of parameters."""
        if _is_watched(connection):
            connection.execute(self._statement, parameters)
            return
        self._run(connection, [self._bound(one) for one in parameters], many=True)

    def _bound(self, parameters: Parameters) -> Any:
        values = [
            fixed
            if key is None
            else value
            if (value := parameters[key]) is None or store is None
            else store(value)
            for key, store, fixed in self._terms
        ]
        return values if self._is_positional else dict(zip(self._names, values, strict=True))

    def _run(self, connection: Connection, bound: Any, *, many: bool) -> list[Row]:
        cursor: DBAPICursor = connection.connection.cursor()
        try:
            (cursor.executemany if many else cursor.execute)(self._sql, bound)
            rows = self._read(cursor) if self._types else []
        except Exception as error:
            # It knows which of its own errors this is, and whether the connection is lost with it.
            connection._handle_dbapi_exception(error, self._sql, bound, cursor, None)
        finally:
            cursor.close()
        return rows

    def _read(self, cursor: DBAPICursor) -> list[Row]:
        if self._readings is None:
            # Some types are read by what the driver says it gives.
            codes = [column[1] for column in cursor.description]
            self._readings = [
                kind.dialect_impl(self._dialect).result_processor(self._dialect, code)
                for kind, code in zip(self._types, codes, strict=True)
            ]
        readings, row = self._readings, self._row
        return [
            row([v if read is None or v is None else read(v) for read, v in zip(readings, found)])  # noqa: B905
            for found in cursor.fetchall()
        ]


def connection_of(session: Session) -> Connection:
    """The connection on which a session works."""
    # Where it was given one, it need not be asked for: it goes through all of its states before it tells. In a
    # savepoint it does, since it makes the savepoint only when it is asked.
    if isinstance(session.bind, Connection) and not session.in_nested_transaction():
        return session.bind
    return session.connection()


# A statement is kept where it is made (at module level), so there are as many as there are in the program.
@lru_cache(maxsize=1024)
def prepared(statement: Executable, dialect: Dialect, columns: tuple[str, ...] | None = None) -> Prepared:
    """This statement, put together when it is first asked for; `columns` are those an INSERT writes."""
    return Prepared(statement, dialect, columns)


def _is_watched(connection: Connection) -> bool:
    """Whether anybody wants to hear of what is executed here, with the context in which SQLAlchemy does it."""
    told = connection.dispatch
    return bool(told.before_cursor_execute or told.after_cursor_execute or connection.engine.echo)


def _named_row(names: Sequence[str]) -> Callable[[Sequence[Any]], Row]:
    row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # whichever columns there are
    make: Callable[[Sequence[Any]], Row] = row._make
    return make


def _term(bind: BindParameter[Any], dialect: Dialect) -> tuple[str | None, Conversion, Any]:
    """The name under which a value is given and how it is stored, or the value that is part of the statement."""
    store = (
        _store_instant(dialect)
        if isinstance(bind.type, UtcDateTime)
        else bind.type.dialect_impl(dialect).bind_processor(dialect)
    )
    if bind.required:
        return bind.key, store, None
    value = bind.effective_value
    return None, None, value if store is None or value is None else store(value)


@lru_cache
def _store_instant(dialect: Dialect) -> Conversion:
    """How an instant is stored: a use case writes its own one twenty times."""
    store = UtcDateTime().dialect_impl(dialect).bind_processor(dialect)
    assert store is not None, "a time without a zone is refused"
    known = lru_cache(maxsize=256)(store)

    def stored(value: datetime) -> Any:
        # In other zones, two that are an hour apart may be equal: on the night on which the clocks go back.
        return known(value) if value.tzinfo is UTC else store(value)

    return stored
