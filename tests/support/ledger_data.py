"""Rows and answers for tests of the ledger, with fake secrets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from seam_portal_desktop.domain.portal.record import (
    LINK_LIFETIME,
    CustomerPortal,
    Outcome,
    PortalRecord,
)
from seam_portal_desktop.domain.ports import CreatedPortal
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import WorkspaceKind

NOW = datetime(2030, 3, 1, 12, 0, tzinfo=UTC)
WORKSPACE = "00000000-0000-4000-8000-000000000001"
FAKE_TOKEN = "seam_cst_not_a_real_token"
FAKE_URL = f"https://portal.example/portals/0?token={FAKE_TOKEN}"


def requested(portal_id: str = "p1", customer_key: str = "harbor-hotel", **fields) -> PortalRecord:
    """A row before its answer; `fields` replace its values."""
    return PortalRecord(
        **{
            "portal_id": portal_id,
            "workspace_id": WORKSPACE,
            "workspace_kind": WorkspaceKind.SANDBOX,
            "customer_key": customer_key,
            "outcome": Outcome.REQUESTED,
            "requested_at": NOW,
            **fields,
        }
    )


def answer(
    url: str = FAKE_URL,
    *,
    created_at: datetime = NOW,
    lifetime: timedelta = LINK_LIFETIME,
    seam_request_id: str | None = "request-1",
) -> CreatedPortal:
    """The answer of create_portal."""
    portal = CustomerPortal(
        Secret(url), "harbor-hotel", WORKSPACE, created_at, created_at + lifetime
    )
    return CreatedPortal(portal, seam_request_id)
