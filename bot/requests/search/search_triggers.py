"""What keeps SQLite's full-text index true: triggers, made anew after every migration.

Alembic changes a table in SQLite by copying it, and the triggers of the old one are gone then. So no migration makes
them; `env.py` does, whenever the index is there. (PostgreSQL keeps its triggers: the migration makes them.)
"""

from __future__ import annotations

from sqlalchemy import Connection

# Tables of the index: the database's own, no model knows them.
PREFIX = "search_"

_PUT = (
    "INSERT INTO search_texts (workspace_id, source_id, request_id, title, body) VALUES ({values}) "
    "ON CONFLICT (workspace_id, source_id) DO UPDATE SET title = excluded.title, body = excluded.body;"
)
_REMOVE = "INSERT INTO search_words (search_words, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);"
_ADD = "INSERT INTO search_words (rowid, title, body) VALUES (new.id, new.title, new.body);"

TRIGGERS = {
    "search_texts_added": f"AFTER INSERT ON search_texts BEGIN {_ADD} END",
    "search_texts_removed": f"AFTER DELETE ON search_texts BEGIN {_REMOVE} END",
    "search_texts_changed": f"AFTER UPDATE ON search_texts BEGIN {_REMOVE} {_ADD} END",
}
_SOURCES = {
    "change_requests": (
        "title, details, reference",
        "new.id",
        "new.reference || ' ' || new.title",
        "new.details",
    ),
    "decisions": ("reason", "new.request_id", "''", "new.reason"),
    "decision_bridges": ("text", "new.request_id", "''", "new.text"),
    "questions": ("text, answer", "new.request_id", "''", "new.text || ' ' || new.answer"),
}
for _table, (_columns, _request, _title, _body) in _SOURCES.items():
    _values = f"new.workspace_id, new.id, {_request}, {_title}, {_body}"
    for _when, _event in (("added", "INSERT"), ("changed", f"UPDATE OF {_columns}")):
        TRIGGERS[f"search_{_table}_{_when}"] = (
            f"AFTER {_event} ON {_table} WHEN {_body} <> '' OR {_title} <> '' BEGIN {_PUT.format(values=_values)} END"
        )


def make_triggers(connection: Connection) -> None:
    """Make those that are missing, on SQLite where the index is there."""
    if connection.dialect.name != "sqlite":
        return
    there = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'search_texts'").first()
    if there is None:
        return
    for name, what in TRIGGERS.items():
        connection.exec_driver_sql(f"CREATE TRIGGER IF NOT EXISTS {name} {what}")
