"""The portals and the ledger's own facts.

Revision ID: 0001
Revises: nothing
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "portals",
        sa.Column("portal_id", _TEXT, primary_key=True),
        sa.Column("workspace_id", _TEXT, nullable=False),
        sa.Column("workspace_kind", _TEXT, nullable=False),
        sa.Column("customer_key", _TEXT, nullable=False),
        sa.Column("customer_key_folded", _TEXT, nullable=False),
        sa.Column("search_text", _TEXT, nullable=False),
        sa.Column("outcome", _TEXT, nullable=False),
        sa.Column("request", sa.LargeBinary, nullable=False),
        sa.Column("requested_at", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger),
        sa.Column("expires_at", sa.BigInteger),
        sa.Column("url_sealed", sa.LargeBinary),
        sa.Column("url_host", _TEXT),
        sa.Column("seam_request_id", _TEXT),
        sa.Column("failure_title", _TEXT),
        sa.Column("failure_message", _TEXT),
        sa.Column("failure_request_id", _TEXT),
        sa.Column("previewed_at", sa.BigInteger),
        sa.Column("sent_at", sa.BigInteger),
        sa.Column("sent_by", _TEXT),
        sa.Column("sent_channel", _TEXT),
        sa.Column("sent_note", _TEXT),
        sa.Column("revoked_at", sa.BigInteger),
        sa.Column("deleted_at", sa.BigInteger),
    )
    # One for each sort of a long table. A query is always for one workspace.
    op.create_index(
        "ix_portals_created",
        "portals",
        [
            "workspace_id",
            sa.text("coalesce(created_at, requested_at) DESC"),
            sa.text("requested_at DESC"),
            "portal_id",
        ],
    )
    op.create_index("ix_portals_customer", "portals", ["workspace_id", "customer_key_folded"])
    op.create_index("ix_portals_expires", "portals", ["workspace_id", "expires_at"])
    op.create_index("ix_portals_sent", "portals", ["workspace_id", "sent_at"])
    op.create_table(
        "ledger_meta",
        sa.Column("name", _TEXT, primary_key=True),
        sa.Column("value", _TEXT, nullable=False),
    )
