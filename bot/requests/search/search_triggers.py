"""What keeps SQLite's full-text index true: triggers, made anew after every migration.

Alembic changes a table in SQLite by copying it, and the triggers of the old one are gone then. So no migration makes
them; `env.py` does, whenever the index is there. (PostgreSQL keeps its triggers: the migration makes them.)
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

# Tables of the index: the database's own, no model knows them.
PREFIX = "search_"

_PUT = (
    "INSERT INTO search_texts (workspace_id, source_id, request_id, title, body, place) VALUES ({values}) "
    "ON CONFLICT (workspace_id, source_id) DO UPDATE SET title = excluded.title, body = excluded.body;"
)
_REMOVE = (
    "INSERT INTO search_words (search_words, rowid, title, body, place) "
    "VALUES ('delete', old.id, old.title, old.body, old.place);"
)
_ADD = "INSERT INTO search_words (rowid, title, body, place) VALUES (new.id, new.title, new.body, new.place);"

TRIGGERS = {
    "search_texts_added": f"AFTER INSERT ON search_texts BEGIN {_ADD} END",
    "search_texts_removed": f"AFTER DELETE ON search_texts BEGIN {_REMOVE} END",
    "search_texts_changed": f"AFTER UPDATE ON search_texts BEGIN {_REMOVE} {_ADD} END",
    "search_change_requests_removed": (
        "AFTER DELETE ON change_requests BEGIN "
        "DELETE FROM search_texts WHERE workspace_id = old.workspace_id AND request_id = old.id; END"
    ),
}


def _one_of(table: str, column: str, row: str) -> str:
    return f"(SELECT {column} FROM {table} WHERE workspace_id = new.workspace_id AND id = {row})"  # noqa: S608 (ours)


def _place_of(request: str) -> str:
    """The project of a request, as one word."""
    return _one_of("change_requests", "'p' || project_id", request)


@dataclass(frozen=True)
class _Source:
    """A table in which words stand, told in SQL: of whom they are, and which columns are watched."""

    table: str
    # None: its rows never change.
    watched: str
    body: str
    title: str = "''"
    row: str = "new.id"
    request: str = "new.request_id"
    place: str = _place_of("new.request_id")
    # Which of its rows.
    which: str = "true"


_OF_CONDITION = _one_of("conditions", "request_id", "new.condition_id")
_SOURCES = (
    _Source(
        "change_requests",
        "title, details, reference",
        title="new.reference || ' ' || new.title",
        body="new.details",
        request="new.id",
        place="'p' || new.project_id",
    ),
    _Source("decisions", "reason", "new.reason"),
    _Source("decision_bridges", "text", "new.text"),
    _Source("questions", "text, answer", "new.text || ' ' || new.answer"),
    _Source("offers", "what", "new.what"),
    _Source("conditions", "text, reason", "trim(new.text || ' ' || new.reason)"),
    _Source("swap_parts", "text", "new.text", request=_OF_CONDITION, place=_place_of(_OF_CONDITION)),
    # What only the history has. An event has no id; the beginning of its hash is as good.
    _Source(
        "events",
        "",
        "coalesce(json_extract(new.facts, '$.reason'), '') || coalesce(json_extract(new.facts, '$.facts'), '')",
        row="substr(new.hash, 1, 32)",
        which=(
            "new.kind IN ('withdrawn', 'reopened', 'appealed', 'offers_refused', 'client_declined', "
            "'reassigned', 'asked_again')"
        ),
    ),
)


def _keep(source: _Source) -> None:
    values = (
        f"new.workspace_id, {source.row}, {source.request}, {source.title}, {source.body}, {source.place}"
    )
    when = f"WHEN {source.which} AND ({source.body} <> '' OR {source.title} <> '')"
    moments = {"added": "INSERT"} | ({"changed": f"UPDATE OF {source.watched}"} if source.watched else {})
    for name, event in moments.items():
        TRIGGERS[f"search_{source.table}_{name}"] = (
            f"AFTER {event} ON {source.table} {when} BEGIN {_PUT.format(values=values)} END"
        )


for _source in _SOURCES:
    _keep(_source)


def make_triggers(connection: Connection) -> None:
    """Make those that are missing, on SQLite where the index is there as this program knows it."""
    if connection.dialect.name != "sqlite":
        return
    columns = {row[1] for row in connection.exec_driver_sql("PRAGMA table_info(search_texts)")}
    # Of an older database the migration to it made what its program needs.
    if "place" not in columns:
        return
    for name, what in TRIGGERS.items():
        connection.exec_driver_sql(f"CREATE TRIGGER IF NOT EXISTS {name} {what}")
