"""What waits in one workspace, found however much waits in others

Revision ID: 2026_11_23_1126
Revises: 2026_11_23_1108
Create Date: 2026-11-23 11:08:00+00:00

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "2026_11_23_1126"
down_revision: str | None = "2026_11_23_1108"
branch_labels: str | None = None
depends_on: str | None = None

IS_WAITING = "state IN ('held', 'pending', 'stuck', 'unclear')"


def upgrade() -> None:
    op.create_index(
        "ix_notices_workspace_id_next_attempt_at",
        "notices",
        ["workspace_id", "next_attempt_at"],
        postgresql_where=sa.text(IS_WAITING),
        sqlite_where=sa.text(IS_WAITING),
    )
    op.create_index(
        "ix_postings_workspace_id_next_attempt_at",
        "postings",
        ["workspace_id", "next_attempt_at"],
        postgresql_where=sa.text("is_stale"),
        sqlite_where=sa.text("is_stale = 1"),
    )


def downgrade() -> None:
    op.drop_index("ix_postings_workspace_id_next_attempt_at", table_name="postings")
    op.drop_index("ix_notices_workspace_id_next_attempt_at", table_name="notices")
