"""What mirrors a row, and what a "no" leads to, is found by its request and in order, not among all of the workspace

Revision ID: 2026_11_23_2320
Revises: 2026_11_23_1920
Create Date: 2026-11-23 23:20:00+00:00

"""

from __future__ import annotations

from alembic import op

revision: str = "2026_11_23_2320"
down_revision: str | None = "2026_11_23_1920"
branch_labels: str | None = None
depends_on: str | None = None

# By table: what its rows are about.
ABOUT = {"postings": "subject_id", "decision_bridges": "request_id"}


def upgrade() -> None:
    for table, about in ABOUT.items():
        op.create_index(f"ix_{table}_workspace_id_{about}_id", table, ["workspace_id", about, "id"])
        op.drop_index(f"ix_{table}_workspace_id_{about}", table_name=table)


def downgrade() -> None:
    for table, about in ABOUT.items():
        op.create_index(f"ix_{table}_workspace_id_{about}", table, ["workspace_id", about])
        op.drop_index(f"ix_{table}_workspace_id_{about}_id", table_name=table)
