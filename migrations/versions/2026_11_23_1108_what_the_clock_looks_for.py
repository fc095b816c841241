"""What the clock and the Homes look for in all workspaces at once: an index for each, so that a look costs the same
however many requests and workspaces there are.

Works with the version that is still running while it is applied: yes, nothing but indexes changes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_23_1108"
down_revision = "2026_11_23_1055"
branch_labels = None
depends_on = None

# Index, table, columns, and the rows it holds (all, where nothing is said).
NEW = (
    (
        "ix_change_requests_out_with_client",
        "change_requests",
        ["answer_valid_until"],
        "client_answer IN ('sent', 'viewed')",
    ),
    (
        "ix_change_requests_asleep",
        "change_requests",
        ["workspace_id", "requester_id"],
        "NOT is_open AND state IN ('deferred', 'rejected')",
    ),
    (
        "ix_change_requests_deciding_own",
        "change_requests",
        ["workspace_id", "project_id"],
        "decider_id = requester_id",
    ),
    (
        "ix_decision_bridges_awaiting_event",
        "decision_bridges",
        ["kind"],
        "kind IN ('renewal', 'phase') AND settled_at IS NULL AND came_back_at IS NULL",
    ),
    ("ix_events_at_workspace_id", "events", ["at", "workspace_id"], None),
    ("ix_notices_created_at", "notices", ["created_at"], None),
)


def upgrade() -> None:
    for name, table, columns, where in NEW:
        condition = sa.text(where) if where else None
        op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
    op.drop_index("ix_events_workspace_id_at", table_name="events")


def downgrade() -> None:
    op.create_index("ix_events_workspace_id_at", "events", ["workspace_id", "at"])
    for name, table, _, _ in reversed(NEW):
        op.drop_index(name, table_name=table)
