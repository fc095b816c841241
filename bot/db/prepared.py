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

from sqlalchemy import BindParameter, Connection, Dialect, Executable, Uuid
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

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
        terms = [_term(compiled.binds[name], dialect) for name in self._names]
        # Where each parameter goes: most are stored as they are, so only the others are gone through.
        self._keys = [
            name if key is None else key for name, (key, _, _) in zip(self._names, terms, strict=True)
        ]
        self._fixed = {
            name: fixed for name, (key, _, fixed) in zip(self._names, terms, strict=True) if key is None
        }
        self._stores = [(place, store) for place, (_, store, _) in enumerate(terms) if store is not None]
        returned = getattr(statement, "exported_columns", ())
        self._types = [column.type for column in returned]
        # Columns without a name of their own (a sum) are told apart by their place.
        self._row = _named_row([column.key for column in returned])
        self._readings: list[tuple[int, Callable[[Any], Any]]] | None = None

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
        given = {**parameters, **self._fixed} if self._fixed else parameters
        values = [given[key] for key in self._keys]
        for place, store in self._stores:
            value = values[place]
            if value is not None:
                values[place] = store(value)
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
            reads = [
                _reading(kind, self._dialect, code) for kind, code in zip(self._types, codes, strict=True)
            ]
            self._readings = [(place, read) for place, read in enumerate(reads) if read is not None]
        rows = []
        for found in cursor.fetchall():
            values = list(found)
            for place, read in self._readings:
                value = values[place]
                if value is not None:
                    values[place] = read(value)
            rows.append(self._row(values))
        return rows


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
    # Asked at every statement: what joins the two costs ten times as much as the engine's own, and few ask for it.
    told = connection.dispatch if connection._has_events else connection.engine.dispatch
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


def _reading(kind: TypeEngine[Any], dialect: Dialect, code: Any) -> Conversion:
    """How a column is read; SQLite keeps ids and instants as text, and gives the same ones again and again."""
    if dialect.name == "sqlite" and isinstance(kind, UtcDateTime):
        return _read_known(UtcDateTime, dialect)
    if dialect.name == "sqlite" and isinstance(kind, Uuid) and kind.as_uuid:
        return _read_known(Uuid, dialect)
    return kind.dialect_impl(dialect).result_processor(dialect, code)


@lru_cache
def _read_known(kind: Callable[[], TypeEngine[Any]], dialect: Dialect) -> Conversion:
    read = kind().dialect_impl(dialect).result_processor(dialect, None)
    assert read is not None, "it is kept as text"
    return lru_cache(maxsize=1024)(read)


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
