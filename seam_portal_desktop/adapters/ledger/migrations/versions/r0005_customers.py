"""What we call a customer: a name and tags, sealed.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "customer_details",
        sa.Column("workspace_id", _TEXT, primary_key=True),
        sa.Column("customer_key", _TEXT, primary_key=True),
        sa.Column("details_sealed", sa.LargeBinary, nullable=False),
    )
