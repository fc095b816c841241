"""How often who can read a channel has changed, so that no process goes by what it knew before

Revision ID: 2026_11_24_0255
Revises: 2026_11_23_2320
Create Date: 2026-11-24 02:55:00+00:00

"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "2026_11_24_0255"
down_revision: str | None = "2026_11_23_2320"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "readerships",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name=op.f("fk_readerships_workspace_id_workspaces")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "channel_id", name=op.f("pk_readerships")),
    )


def downgrade() -> None:
    op.drop_table("readerships")
