"""What was sent to whom. A portal's row has the state of its newest delivery, for the list.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "deliveries",
        sa.Column("delivery_id", _TEXT, primary_key=True),
        sa.Column(
            "portal_id",
            _TEXT,
            sa.ForeignKey("portals.portal_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("workspace_id", _TEXT, nullable=False),
        sa.Column("channel", _TEXT, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", _TEXT, nullable=False),
        sa.Column("sender_id", _TEXT, nullable=False),
        sa.Column("template", _TEXT, nullable=False),
        sa.Column("template_version", sa.BigInteger, nullable=False),
        sa.Column("message_id", _TEXT, nullable=False),
        sa.Column("attempts", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("finished_at", sa.BigInteger),
        sa.Column("reached", sa.BigInteger, nullable=False),
        sa.Column("addresses_sealed", sa.LargeBinary, nullable=False),
        sa.Column("content_sealed", sa.LargeBinary, nullable=False),
        sa.Column("message_sealed", sa.LargeBinary),
    )
    op.create_index("ix_deliveries_portal", "deliveries", ["portal_id", "at"])
    op.create_index("ix_deliveries_state", "deliveries", ["state"])
    op.create_index("ix_deliveries_message", "deliveries", ["message_id"])
    for name in ("delivery_id", "delivery_state", "delivery_channel"):
        op.add_column("portals", sa.Column(name, _TEXT))
    op.add_column("portals", sa.Column("delivered_to_sealed", sa.LargeBinary))
