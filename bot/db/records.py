"""Rows as objects of their model that no session follows: for who looks, or writes once, and does not change.

A record has the columns and the properties of its model. Whoever tries to change one fails at once, since it has
nothing in which SQLAlchemy would note that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Select, Table, inspect
from sqlalchemy.orm import Session

from bot.db.asking import ask
from bot.db.base import Base
from bot.db.insertion import defaults

M = TypeVar("M", bound=Base)
# Takes as many values as it needs.
Take = Callable[[Iterator[Any]], Any]


def new_record(model: type[M], **values: Any) -> M:
    """A row that is still to be written (`insertion.insert_object`); what is not told is what the model fills in."""
    table = inspect(model).local_table
    assert isinstance(table, Table)
    return _record(model, {**dict.fromkeys(table.c.keys()), **defaults(table, without=values), **values})


def record(session: Session, query: Select[M], parameters: Mapping[str, Any]) -> M | None:
    """The only row of a kept query over one model; none where there is none."""
    found = records(session, query, parameters)
    assert len(found) < 2, "a record is asked for by its key"
    return found[0][0] if found else None


def records(
    session: Session, query: Select[*tuple[Any, ...]], parameters: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """The rows of a kept query over models and columns, each in the order in which they were named.

    A model that was joined from outside and is not there is none.
    """
    takes = _takes(query)
    rows = []
    for row in ask(session, query, parameters):
        values = iter(row)
        rows.append(tuple(take(values) for take in takes))
    return rows


@lru_cache(maxsize=256)
def _takes(query: Select[*tuple[Any, ...]]) -> list[Take]:
    return [_take_record(part["entity"]) if _is_model(part) else next for part in query.column_descriptions]


def _is_model(part: Any) -> bool:
    return part["expr"] is part["entity"]


def _take_record(model: Any) -> Take:
    kind, names = inspect(model).mapper.class_, [column.key for column in inspect(model).mapper.columns]
    key = [names.index(column.key) for column in inspect(model).mapper.primary_key]

    def take(values: Iterator[Any]) -> Any:
        found = list(islice(values, len(names)))
        if found[key[-1]] is None:
            return None
        return _record(kind, zip(names, found, strict=True))

    return take


def _record(model: type[M], values: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> M:
    # Not through its constructor, which would let SQLAlchemy follow it.
    new = object.__new__(model)
    vars(new).update(values)
    return new
