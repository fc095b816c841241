"""A card is drawn once more when an update whose end nobody knows must have landed

Revision ID: 2026_11_23_1250
Revises: 2026_11_23_1240
Create Date: 2026-11-23 12:50:00+00:00

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "2026_11_23_1250"
down_revision: str | None = "2026_11_23_1240"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("postings", sa.Column("redraw_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("postings", "redraw_at")
