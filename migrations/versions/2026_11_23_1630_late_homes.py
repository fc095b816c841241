"""A Home is published once more when a publication whose end nobody knows must have landed

Revision ID: 2026_11_23_1630
Revises: 2026_11_23_1306
Create Date: 2026-11-23 16:30:00+00:00

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "2026_11_23_1630"
down_revision: str | None = "2026_11_23_1306"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("home_tabs", sa.Column("redraw_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("home_tabs", "redraw_at")
