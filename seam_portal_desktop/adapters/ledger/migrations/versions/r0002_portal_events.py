"""The portal's kind, its renewals and its session; a table of its events.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

# The events that the columns of revision 0001 show, in their usual order. A failure has no time of
# its own there. Seam's clock may be behind: nothing is created before it is requested.
_FAILURE = {"title": "failure_title", "message": "failure_message"}
_EVENTS: tuple[tuple[str, str, str, dict[str, str], str], ...] = (
    # kind, at, by, detail, which rows
    ("requested", "requested_at", "''", {}, "1 = 1"),
    (
        "created",
        "CASE WHEN created_at > requested_at THEN created_at ELSE requested_at END",
        "''",
        {},
        "outcome = 'created'",
    ),
    ("failed", "requested_at", "''", _FAILURE, "outcome = 'failed'"),
    ("unknown", "requested_at", "''", _FAILURE, "outcome = 'unknown'"),
    ("previewed", "previewed_at", "''", {}, "previewed_at IS NOT NULL"),
    (
        "sent",
        "sent_at",
        "sent_by",
        {"channel": "sent_channel", "note": "sent_note"},
        "sent_at IS NOT NULL",
    ),
    ("revoked", "revoked_at", "''", {}, "revoked_at IS NOT NULL"),
)


def upgrade() -> None:
    op.add_column("portals", sa.Column("kind", _TEXT, nullable=False, server_default="portal"))
    for name in ("renewed_from", "renewed_to", "client_session_id"):
        op.add_column("portals", sa.Column(name, _TEXT))
    op.create_table(
        "portal_events",
        sa.Column(
            "event_id",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column(
            "portal_id",
            _TEXT,
            sa.ForeignKey("portals.portal_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("by", _TEXT, nullable=False),
        sa.Column("detail", _TEXT, nullable=False),
    )
    op.create_index("ix_portal_events_portal", "portal_events", ["portal_id", "at", "event_id"])
    for kind, at, by, detail, condition in _EVENTS:
        op.execute(
            'INSERT INTO portal_events (portal_id, at, kind, "by", detail) '  # noqa: S608
            f"SELECT portal_id, {at}, '{kind}', {by}, {_json(detail)} "
            f"FROM portals WHERE {condition}"
        )


def _json(columns: dict[str, str]) -> str:
    """SQL that writes these columns, by name, as a JSON object."""
    pairs = ", ".join(f"'{name}', {column}" for name, column in columns.items())
    if op.get_context().dialect.name == "postgresql":
        return f"CAST(json_build_object({pairs}) AS TEXT)"
    return f"json_object({pairs})"
