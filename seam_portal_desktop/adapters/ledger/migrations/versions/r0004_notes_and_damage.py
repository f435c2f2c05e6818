"""Sealed notes, and a mark for rows that can't be read.

The key for the notes is in the keyring, which may be locked now. So the notes stay where they are
until `SqlLedger` has the key; the fact ``plain_notes`` says that there are some.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("portals", sa.Column("sent_note_sealed", sa.LargeBinary))
    op.add_column(
        "portals", sa.Column("damaged", sa.BigInteger, nullable=False, server_default="0")
    )
    op.add_column("portal_events", sa.Column("note_sealed", sa.LargeBinary))
    op.execute(
        "INSERT INTO ledger_meta (name, value) SELECT 'plain_notes', 'yes' "
        "WHERE EXISTS (SELECT 1 FROM portals WHERE sent_note <> '') "
        "OR EXISTS (SELECT 1 FROM portal_events WHERE kind = 'sent' AND detail LIKE '%\"note\"%')"
    )
