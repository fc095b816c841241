"""Rows that the session follows, read and written by kept statements: for the one row that a use case is about.

The session's own loading and flushing take ten times as long as the database. Whoever holds such a row changes it like
any other: what is not written by `write_now` is flushed by the session as always.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Select, Table, Update, bindparam, inspect, update
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import InstanceState, Mapper, Session
from sqlalchemy.orm.attributes import instance_state, set_committed_value

from bot.db.asking import ask
from bot.db.base import Base
from bot.db.prepared import connection_of, prepared

M = TypeVar("M", bound=Base)
# The model, the key, and whose shard it is (nobody's).
IdentityKey: TypeAlias = tuple[type[Any], tuple[Any, ...], Any]


def followed(session: Session, query: Select[M], parameters: Mapping[str, Any]) -> M | None:
    """The only row of a kept query over one model, as it stands there now; none where there is none."""
    found = ask(session, query, parameters).one_or_none()
    if found is None:
        return None
    mapper: Mapper[M] = _asked_for(query)
    values = dict(zip(_names(mapper), found, strict=True))
    key = mapper.identity_key_from_primary_key(tuple(values[name] for name in _key(mapper)))
    known: M | None = session.identity_map.get(key)
    if known is None:
        return _attached(session, mapper, key, values)
    # What the session holds from before may be older than the row.
    for name, value in values.items():
        set_committed_value(known, name, value)
    return known


def write_now(session: Session, row: Base) -> None:
    """Write what was changed of a row, if it is there already; a new one is left to the session.

    Raises SQLAlchemy's `NoResultFound` where it is gone.
    """
    state = inspect(row)
    assert state is not None, "a row of a model"
    now = state.dict
    changed = {name: now[name] for name, was in state.committed_state.items() if now[name] != was}
    if not state.persistent or not changed:
        return
    mapper: Mapper[Any] = state.mapper
    key = {f"the_{name}": now[name] for name in _key(mapper)}
    connection = connection_of(session)
    statement = prepared(_update_of(mapper), connection.dialect, tuple(changed))
    if not statement.rows(connection, {**changed, **key}):
        raise NoResultFound(f"a row of {mapper.local_table} was changed that is not there")
    # As the session's own flush ends: nothing of it is left to be written, and a rollback takes it back.
    session._register_persistent({state})


def _attached(session: Session, mapper: Mapper[M], key: IdentityKey, values: Mapping[str, Any]) -> M:
    # As the session's own loading does it: to take it for a detached row and add it takes three times as long.
    row: M = mapper.class_manager.new_instance()
    vars(row).update(values)
    state: InstanceState[M] = instance_state(row)
    state.key, state.session_id = key, session.hash_key
    session.identity_map.add(state)
    return row


# A query is kept where it is made (at module level), so there are as many as there are in the program.
@lru_cache(maxsize=256)
def _asked_for(query: Select[Any]) -> Mapper[Any]:
    mapper: Mapper[Any] = inspect(query.column_descriptions[0]["entity"])
    return mapper


@lru_cache
def _names(mapper: Mapper[Any]) -> list[str]:
    return [str(column.key) for column in mapper.columns]


@lru_cache
def _key(mapper: Mapper[Any]) -> list[str]:
    return [str(column.key) for column in mapper.primary_key]


@lru_cache
def _update_of(mapper: Mapper[Any]) -> Update:
    table = mapper.local_table
    assert isinstance(table, Table)
    keys = [column == bindparam(f"the_{column.key}", type_=column.type) for column in table.primary_key]
    return update(table).where(*keys).returning(*table.primary_key)
