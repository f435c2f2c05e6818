"""Who created a portal, and with which preset, to filter by.

The events know who asked for each portal since revision 0002. Nothing knows the presets.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from seam_portal_desktop.domain.portal.query import fold

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    for name in ("created_by", "created_by_folded", "preset", "preset_folded"):
        op.add_column("portals", sa.Column(name, _TEXT))
    if op.get_context().as_sql:
        return  # without a connection there are no creators
    connection = op.get_bind()
    creators = connection.scalars(
        sa.text("SELECT DISTINCT \"by\" FROM portal_events WHERE kind = 'requested'")
    )
    for creator in creators.all():
        if type(creator) is str and creator:  # a damaged event must not damage its portal
            connection.execute(
                sa.text(
                    "UPDATE portals SET created_by = :creator, created_by_folded = :folded "
                    "WHERE portal_id IN (SELECT portal_id FROM portal_events "
                    "WHERE kind = 'requested' AND \"by\" = :creator)"
                ),
                {"creator": creator, "folded": fold(creator)},  # SQL can't fold a text
            )
