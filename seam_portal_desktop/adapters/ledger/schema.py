"""The tables after the newest migration, and how to migrate to it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    inspect,
)
from sqlalchemy import select as sql_select

from seam_portal_desktop.adapters.ledger.failures import damage, foreign_file, newer_version
from seam_portal_desktop.adapters.ledger.rows import HEAD, KNOWN_REVISIONS

# Code point order on both databases: otherwise a sort depends on the server's locale.
_TEXT = Text().with_variant(Text(collation="C"), "postgresql")

metadata = MetaData()

portals = Table(
    "portals",
    metadata,
    Column("portal_id", _TEXT, primary_key=True),
    Column("workspace_id", _TEXT, nullable=False),
    Column("workspace_kind", _TEXT, nullable=False),
    Column("customer_key", _TEXT, nullable=False),
    Column("customer_key_folded", _TEXT, nullable=False),
    Column("search_text", _TEXT, nullable=False),
    Column("outcome", _TEXT, nullable=False),
    Column("request", LargeBinary, nullable=False),
    Column("requested_at", BigInteger, nullable=False),
    Column("created_at", BigInteger),
    Column("expires_at", BigInteger),
    Column("url_sealed", LargeBinary),
    Column("url_host", _TEXT),
    Column("seam_request_id", _TEXT),
    Column("failure_title", _TEXT),
    Column("failure_message", _TEXT),
    Column("failure_request_id", _TEXT),
    Column("previewed_at", BigInteger),
    Column("sent_at", BigInteger),
    Column("sent_by", _TEXT),
    Column("sent_channel", _TEXT),
    Column("sent_note", _TEXT),
    Column("revoked_at", BigInteger),
    Column("deleted_at", BigInteger),
    Column("kind", _TEXT, nullable=False),
    Column("renewed_from", _TEXT),
    Column("renewed_to", _TEXT),
    Column("client_session_id", _TEXT),
    Column("twin_of", _TEXT),
    Column("preview_verdict", _TEXT),
    Column("preview_concerns", _TEXT),
    # Replaces sent_note, which only rows of an earlier version have until their notes are sealed.
    Column("sent_note_sealed", LargeBinary),
    # 1: a value of the row can't be read. `damage/marks.py` sets it.
    Column("damaged", BigInteger, nullable=False, server_default="0"),
    Column("created_by", _TEXT),
    Column("created_by_folded", _TEXT),
    Column("preset", _TEXT),
    Column("preset_folded", _TEXT),
    # Of the newest delivery that wasn't undone.
    Column("delivery_id", _TEXT),
    Column("delivery_state", _TEXT),
    Column("delivery_channel", _TEXT),
    Column("delivered_to_sealed", LargeBinary),
)

portal_events = Table(
    "portal_events",
    metadata,
    # SQLite generates ids only for a column of the type INTEGER.
    Column("event_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("portal_id", _TEXT, ForeignKey("portals.portal_id", ondelete="CASCADE"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", _TEXT, nullable=False),
    Column("by", _TEXT, nullable=False),
    Column("detail", _TEXT, nullable=False),
    Column("note_sealed", LargeBinary),
)

preview_reports = Table(
    "preview_reports",
    metadata,
    Column(
        "portal_id", _TEXT, ForeignKey("portals.portal_id", ondelete="CASCADE"), primary_key=True
    ),
    Column("at", BigInteger, nullable=False),
    Column("mode", _TEXT, nullable=False),
    Column("findings", _TEXT, nullable=False),
    Column("thumbnail_sealed", LargeBinary),
)

attachments = Table(
    "preview_evidence",
    metadata,
    Column("evidence_id", _TEXT, primary_key=True),
    Column("portal_id", _TEXT, ForeignKey("portals.portal_id", ondelete="CASCADE"), nullable=False),
    Column("kind", _TEXT, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("mode", _TEXT, nullable=False),
    Column("title", _TEXT, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("content_sealed", LargeBinary, nullable=False),
)

# What we call a customer. It stays when the customer's portals are deleted.
customer_details = Table(
    "customer_details",
    metadata,
    Column("workspace_id", _TEXT, primary_key=True),
    Column("customer_key", _TEXT, primary_key=True),
    Column("details_sealed", LargeBinary, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("delivery_id", _TEXT, primary_key=True),
    Column("portal_id", _TEXT, ForeignKey("portals.portal_id", ondelete="CASCADE"), nullable=False),
    Column("workspace_id", _TEXT, nullable=False),
    Column("channel", _TEXT, nullable=False),
    Column("state", _TEXT, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", _TEXT, nullable=False),
    Column("sender_id", _TEXT, nullable=False),
    Column("template", _TEXT, nullable=False),
    Column("template_version", BigInteger, nullable=False),
    Column("message_id", _TEXT, nullable=False),
    Column("attempts", BigInteger, nullable=False),
    Column("due_at", BigInteger),
    Column("finished_at", BigInteger),
    # How many recipients the mail server has taken.
    Column("reached", BigInteger, nullable=False),
    Column("addresses_sealed", LargeBinary, nullable=False),
    # All of the content but the message, which is large and never changes.
    Column("content_sealed", LargeBinary, nullable=False),
    Column("message_sealed", LargeBinary),
)

do_not_send = Table(
    "do_not_send",
    metadata,
    Column("entry_id", _TEXT, primary_key=True),
    Column("workspace_id", _TEXT, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("entry_sealed", LargeBinary, nullable=False),
)

meta = Table(
    "ledger_meta",
    metadata,
    Column("name", _TEXT, primary_key=True),
    Column("value", _TEXT, nullable=False),
)

_version = Table("alembic_version", MetaData(), Column("version_num", Text))


def needs_upgrade(connection: Connection) -> bool:
    """Whether the schema is missing or old.

    Raises LedgerError for the schema of a newer program or of something else, and SQLite's error
    for a ledger whose revision can't be read.
    """
    tables = inspect(connection).get_table_names()
    if _version.name not in tables:
        if portals.name in tables or portal_events.name in tables:
            raise damage("tables")
        if tables:
            raise foreign_file()
        return True
    revision = connection.scalar(sql_select(_version.c.version_num))
    if revision is None:
        return True
    if not (type(revision) is str and revision.isdecimal() and len(revision) == len(HEAD)):
        raise damage("revision")
    if revision not in KNOWN_REVISIONS:
        raise newer_version()
    return revision != HEAD


def upgrade(connection: Connection) -> None:
    """Migrate to HEAD inside the connection's transaction."""
    from alembic import command  # half a second of imports that most starts don't need
    from alembic.config import Config

    config = Config()
    location = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", location.replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
