"""What the clock looks for: appeals that who declined has to hear, since nobody else was left

Revision ID: 2026_11_23_1835
Revises: 2026_11_23_1630
Create Date: 2026-11-23 18:35:00+00:00

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "2026_11_23_1835"
down_revision: str | None = "2026_11_23_1630"
branch_labels: str | None = None
depends_on: str | None = None

NAME = "ix_change_requests_hearing_own_no"


def upgrade() -> None:
    where = sa.text("decider_id = appealed_from")
    op.create_index(
        NAME,
        "change_requests",
        ["workspace_id", "project_id"],
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    op.drop_index(NAME, table_name="change_requests")
