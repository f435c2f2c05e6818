"""Safe previews of portals, reports of previews, and attachments.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    for name in ("twin_of", "preview_verdict", "preview_concerns"):
        op.add_column("portals", sa.Column(name, _TEXT))
    # Safe previews are few rows among thousands.
    is_twin = sa.text("twin_of IS NOT NULL")
    op.create_index(
        "ix_portals_twin",
        "portals",
        ["workspace_id", "twin_of"],
        sqlite_where=is_twin,
        postgresql_where=is_twin,
    )
    op.create_table(
        "preview_reports",
        sa.Column(
            "portal_id",
            _TEXT,
            sa.ForeignKey("portals.portal_id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("mode", _TEXT, nullable=False),
        sa.Column("findings", _TEXT, nullable=False),
        sa.Column("thumbnail_sealed", sa.LargeBinary),
    )
    op.create_table(
        "preview_evidence",
        sa.Column("evidence_id", _TEXT, primary_key=True),
        sa.Column(
            "portal_id",
            _TEXT,
            sa.ForeignKey("portals.portal_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("mode", _TEXT, nullable=False),
        sa.Column("title", _TEXT, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("content_sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_preview_evidence_portal", "preview_evidence", ["portal_id", "at"])
