"""search every word.

Offers, conditions, what goes out for a request, and the reasons that only the history has (withdrawn, appealed,
re-opened, …) join the full-text index. On SQLite the index also knows the project, so that what one client asked for
is found without looking at everybody's. What is deleted leaves the index.
Works with the version that is still running while it is applied: yes, triggers keep the index, whoever writes.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "2026_11_23_1306"
down_revision = "2026_11_23_1250"
branch_labels = None
depends_on = None

# Where the words stand: table, columns that are watched, row, request, title, body. An event is told by its hash.
BEFORE = (
    (
        "change_requests",
        "title, details, reference",
        "new.id",
        "new.id",
        "new.reference || ' ' || new.title",
        "new.details",
    ),
    ("decisions", "reason", "new.id", "new.request_id", "''", "new.reason"),
    ("decision_bridges", "text", "new.id", "new.request_id", "''", "new.text"),
    ("questions", "text, answer", "new.id", "new.request_id", "''", "new.text || ' ' || new.answer"),
)
OF_CONDITION = (
    "(SELECT request_id FROM conditions WHERE workspace_id = new.workspace_id AND id = new.condition_id)"
)
ADDED = (
    ("offers", "what", "new.id", "new.request_id", "''", "new.what"),
    ("conditions", "text, reason", "new.id", "new.request_id", "''", "trim(new.text || ' ' || new.reason)"),
    ("swap_parts", "text", "new.id", OF_CONDITION, "''", "new.text"),
)
KINDS = (
    "'withdrawn', 'reopened', 'appealed', 'offers_refused', 'client_declined', 'reassigned', 'asked_again'"
)
SQLITE_SAID = (
    "coalesce(json_extract(new.facts, '$.reason'), '') || coalesce(json_extract(new.facts, '$.facts'), '')"
)
POSTGRESQL_SAID = "coalesce(new.facts::json ->> 'reason', '') || coalesce(new.facts::json ->> 'facts', '')"

# SQLite. The triggers are made by env.py, since they go whenever Alembic copies a table.
SQLITE_FILL = """
    INSERT OR IGNORE INTO search_texts (workspace_id, source_id, request_id, title, body)
    SELECT new.workspace_id, {source}, {request}, {title}, {body} FROM {table} AS new WHERE {condition}
"""
SQLITE_PLACE = """
    UPDATE search_texts SET place = coalesce((
        SELECT 'p' || project_id FROM change_requests
        WHERE change_requests.workspace_id = search_texts.workspace_id
        AND change_requests.id = search_texts.request_id
    ), '')
"""
SQLITE_WORDS = """
    CREATE VIRTUAL TABLE search_words USING fts5(
        {columns}, content='search_texts', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
    )
"""
SQLITE_INDEX = "INSERT INTO search_words (search_words) VALUES ('rebuild')"
# What the release before this one keeps its index with.
SQLITE_REMOVED = "INSERT INTO search_words (search_words, rowid, title, body) VALUES ('delete', old.id, old.title, old.body);"
SQLITE_ADDED = "INSERT INTO search_words (rowid, title, body) VALUES (new.id, new.title, new.body);"
SQLITE_BEFORE = (
    f"CREATE TRIGGER search_texts_added AFTER INSERT ON search_texts BEGIN {SQLITE_ADDED} END",
    f"CREATE TRIGGER search_texts_removed AFTER DELETE ON search_texts BEGIN {SQLITE_REMOVED} END",
    f"CREATE TRIGGER search_texts_changed AFTER UPDATE ON search_texts BEGIN {SQLITE_REMOVED} {SQLITE_ADDED} END",
)
SQLITE_PUT = """
    CREATE TRIGGER search_{table}_{when} AFTER {event} ON {table} WHEN {title} <> '' OR {body} <> ''
    BEGIN
        INSERT INTO search_texts (workspace_id, source_id, request_id, title, body)
        VALUES (new.workspace_id, {source}, {request}, {title}, {body})
        ON CONFLICT (workspace_id, source_id) DO UPDATE SET title = excluded.title, body = excluded.body;
    END
"""

POSTGRESQL_FUNCTION = """
    CREATE FUNCTION search_{table}() RETURNS TRIGGER LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM search_put(new.workspace_id, {source}, {request}, {title}, {body});
        RETURN NULL;
    END
    $$
"""
POSTGRESQL_TRIGGER = """
    CREATE TRIGGER search_{table} AFTER {events} ON {table}
    FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION search_{table}()
"""
POSTGRESQL_FILL = """
    SELECT count(search_put(new.workspace_id, {source}, {request}, {title}, {body}))
    FROM {table} AS new WHERE {condition}
"""
POSTGRESQL_FORGET = (
    """
    CREATE FUNCTION search_forget() RETURNS TRIGGER LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM search_texts WHERE workspace_id = old.workspace_id AND request_id = old.id;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER search_forget AFTER DELETE ON change_requests
    FOR EACH ROW EXECUTE FUNCTION search_forget()
    """,
)


def upgrade() -> None:
    run("CREATE INDEX search_texts_requests ON search_texts (workspace_id, request_id)")
    if op.get_context().dialect.name == "sqlite":
        _upgrade_sqlite()
        return
    for table, columns, source, request, title, body in ADDED:
        parts = {"table": table, "source": source, "request": request, "title": title, "body": body}
        events = f"INSERT OR UPDATE OF {columns}"
        _keep(parts, events=events, condition=f"{body} <> ''")
    said = {"source": "left(new.hash, 32)::uuid", "request": "new.request_id", "body": POSTGRESQL_SAID}
    _keep({"table": "events", "title": "''", **said}, events="INSERT", condition=f"new.kind IN ({KINDS})")
    for statement in POSTGRESQL_FORGET:
        run(statement)


def _keep(parts: dict[str, str], *, events: str, condition: str) -> None:
    run(POSTGRESQL_FUNCTION.format(**parts))
    run(POSTGRESQL_TRIGGER.format(table=parts["table"], events=events, condition=condition))
    run(POSTGRESQL_FILL.format(**parts, condition=condition))


def _upgrade_sqlite() -> None:
    drop_sqlite_triggers()
    for table, _, source, request, title, body in (*BEFORE, *ADDED):
        condition = f"{title} <> '' OR {body} <> ''"
        parts = {"table": table, "source": source, "request": request, "title": title, "body": body}
        run(SQLITE_FILL.format(**parts, condition=condition))
    said = {"source": "substr(new.hash, 1, 32)", "request": "new.request_id", "body": SQLITE_SAID}
    condition = f"new.kind IN ({KINDS}) AND {SQLITE_SAID} <> ''"
    run(SQLITE_FILL.format(table="events", title="''", **said, condition=condition))
    run("ALTER TABLE search_texts ADD COLUMN place TEXT NOT NULL DEFAULT ''")
    run(SQLITE_PLACE)
    run("DROP TABLE search_words")
    run(SQLITE_WORDS.format(columns="title, body, place"))
    run(SQLITE_INDEX)


def downgrade() -> None:
    sources = " UNION ALL ".join(f"SELECT id FROM {table}" for table, *_ in ADDED)  # noqa: S608 (ours)
    if op.get_context().dialect.name == "sqlite":
        drop_sqlite_triggers()
        run(
            f"DELETE FROM search_texts WHERE source_id IN ({sources} UNION ALL SELECT substr(hash, 1, 32) FROM events)"  # noqa: S608 (ours)
        )
        run("DROP TABLE search_words")
        run("DROP INDEX search_texts_requests")
        run("ALTER TABLE search_texts DROP COLUMN place")
        run(SQLITE_WORDS.format(columns="title, body"))
        run(SQLITE_INDEX)
        for statement in SQLITE_BEFORE:
            run(statement)
        for table, columns, source, request, title, body in BEFORE:
            parts = {"table": table, "source": source, "request": request, "title": title, "body": body}
            run(SQLITE_PUT.format(**parts, when="added", event="INSERT"))
            run(SQLITE_PUT.format(**parts, when="changed", event=f"UPDATE OF {columns}"))
        return
    for table in (*(table for table, *_ in ADDED), "events"):
        run(f"DROP TRIGGER search_{table} ON {table}")
        run(f"DROP FUNCTION search_{table}()")
    run("DROP TRIGGER search_forget ON change_requests")
    run("DROP FUNCTION search_forget()")
    run(
        f"DELETE FROM search_texts WHERE source_id IN ({sources} UNION ALL SELECT left(hash, 32)::uuid FROM events)"  # noqa: S608 (ours)
    )
    run("DROP INDEX search_texts_requests")


def drop_sqlite_triggers() -> None:
    names = op.get_bind().exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search\\_%' ESCAPE '\\'"
    )
    for (name,) in names.fetchall():
        run(f"DROP TRIGGER {name}")


def run(statement: str) -> None:
    # Colons in it are the database's own.
    op.execute(text(statement.replace(":", r"\:")))
