"""Addresses and domains that links are never sent to, encrypted.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "do_not_send",
        sa.Column("entry_id", _TEXT, primary_key=True),
        sa.Column("workspace_id", _TEXT, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("entry_sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_do_not_send_workspace", "do_not_send", ["workspace_id"])
