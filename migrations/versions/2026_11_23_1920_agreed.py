"""What was agreed with a client is found without going through every later version of the baseline

Revision ID: 2026_11_23_1920
Revises: 2026_11_23_1835
Create Date: 2026-11-23 19:20:00+00:00

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "2026_11_23_1920"
down_revision: str | None = "2026_11_23_1835"
branch_labels: str | None = None
depends_on: str | None = None

NAME = "ix_baselines_agreed"


def upgrade() -> None:
    where = sa.text("origin = 'agreed'")
    op.create_index(
        NAME,
        "baselines",
        ["workspace_id", "project_id", "version"],
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade() -> None:
    op.drop_index(NAME, table_name="baselines")
