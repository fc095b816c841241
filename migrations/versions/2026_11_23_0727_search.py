"""search.

The full-text index over titles, details, reasons and answers: FTS5 on SQLite, tsvector with GIN on PostgreSQL.
Works with the version that is still running while it is applied: yes, triggers keep the index, whoever writes.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "2026_11_23_0727"
down_revision = "2026_11_23_0726"
branch_labels = None
depends_on = None

# Where the words stand: table, columns that are watched, request, title, body, and which rows have any.
SOURCES = (
    (
        "change_requests",
        "title, details, reference",
        "new.id",
        "new.reference || ' ' || new.title",
        "new.details",
        "",
    ),
    ("decisions", "reason", "new.request_id", "''", "new.reason", "new.reason <> ''"),
    ("decision_bridges", "text", "new.request_id", "''", "new.text", "new.text <> ''"),
    ("questions", "text, answer", "new.request_id", "''", "new.text || ' ' || new.answer", ""),
)

# SQLite. The triggers are made by env.py, since they go whenever Alembic copies a table.
SQLITE = (
    """
    CREATE TABLE search_texts (
        id INTEGER PRIMARY KEY,
        workspace_id VARCHAR(32) NOT NULL,
        source_id CHAR(32) NOT NULL,
        request_id CHAR(32) NOT NULL,
        title TEXT NOT NULL,
        body TEXT NOT NULL,
        UNIQUE (workspace_id, source_id)
    )
    """,
    """
    CREATE VIRTUAL TABLE search_words USING fts5(
        title, body, content='search_texts', content_rowid='id', tokenize='unicode61 remove_diacritics 2'
    )
    """,
)
SQLITE_FILL = """
    INSERT INTO search_texts (workspace_id, source_id, request_id, title, body)
    SELECT new.workspace_id, new.id, {request}, {title}, {body} FROM {table} AS new
"""
SQLITE_INDEX = "INSERT INTO search_words (search_words) VALUES ('rebuild')"

# PostgreSQL. Signs become blanks first: its parser would keep "a/b", "a-b" and addresses as one word. Letters lose
# their accents. (A database with the C locale folds the case of ASCII alone; the search asks for both cases.)
POSTGRESQL = (
    """
    CREATE TABLE search_texts (
        workspace_id VARCHAR(32) NOT NULL,
        source_id UUID NOT NULL,
        request_id UUID NOT NULL,
        words TSVECTOR NOT NULL,
        PRIMARY KEY (workspace_id, source_id)
    )
    """,
    "CREATE INDEX search_texts_words ON search_texts USING GIN (words)",
    r"""
    CREATE FUNCTION search_plain(words TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
        SELECT lower(regexp_replace(
            regexp_replace(normalize(left(words, 100000), NFD), '[\u0300-\u036f]', '', 'g'),
            '[\u0001-/\u003a-@\[-`{-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u2000-\u2bff\u3000-\u303f\ufe00-\ufe0f\U0001f000-\U0001faff]',
            ' ', 'g'
        ))
    $$
    """,
    """
    CREATE FUNCTION search_put(workspace VARCHAR, source UUID, request UUID, title TEXT, body TEXT)
    RETURNS VOID LANGUAGE sql AS $$
        INSERT INTO search_texts (workspace_id, source_id, request_id, words)
        VALUES (
            workspace, source, request,
            setweight(to_tsvector('simple', search_plain(title)), 'A')
            || setweight(to_tsvector('simple', search_plain(body)), 'B')
        )
        ON CONFLICT (workspace_id, source_id) DO UPDATE SET words = excluded.words
    $$
    """,
)
POSTGRESQL_FUNCTION = """
    CREATE FUNCTION search_{table}() RETURNS TRIGGER LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM search_put(new.workspace_id, new.id, {request}, {title}, {body});
        RETURN NULL;
    END
    $$
"""
POSTGRESQL_TRIGGER = """
    CREATE TRIGGER search_{table} AFTER INSERT OR UPDATE OF {columns} ON {table}
    FOR EACH ROW {condition} EXECUTE FUNCTION search_{table}()
"""
POSTGRESQL_FILL = (
    "SELECT count(search_put(new.workspace_id, new.id, {request}, {title}, {body})) FROM {table} AS new"
)


def upgrade() -> None:
    if op.get_context().dialect.name == "sqlite":
        for statement in SQLITE:
            run(statement)
        for table, _, request, title, body, _ in SOURCES:
            run(SQLITE_FILL.format(table=table, request=request, title=title, body=body))
        run(SQLITE_INDEX)
        return
    for statement in POSTGRESQL:
        run(statement)
    for table, columns, request, title, body, condition in SOURCES:
        run(POSTGRESQL_FILL.format(table=table, request=request, title=title, body=body))
        run(POSTGRESQL_FUNCTION.format(table=table, request=request, title=title, body=body))
        when = f"WHEN ({condition})" if condition else ""
        run(POSTGRESQL_TRIGGER.format(table=table, columns=columns, condition=when))


def downgrade() -> None:
    is_sqlite = op.get_context().dialect.name == "sqlite"
    for table, *_ in SOURCES:
        if is_sqlite:
            run(f"DROP TRIGGER IF EXISTS search_{table}_added")
            run(f"DROP TRIGGER IF EXISTS search_{table}_changed")
        else:
            run(f"DROP TRIGGER search_{table} ON {table}")
            run(f"DROP FUNCTION search_{table}()")
    if is_sqlite:
        run("DROP TABLE search_words")
    run("DROP TABLE search_texts")
    if not is_sqlite:
        run("DROP FUNCTION search_put(VARCHAR, UUID, UUID, TEXT, TEXT)")
        run("DROP FUNCTION search_plain(TEXT)")


def run(statement: str) -> None:
    # Colons in it are the database's own.
    op.execute(text(statement.replace(":", r"\:")))
