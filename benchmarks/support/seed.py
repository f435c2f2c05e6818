"""Write the data directory of a program that was used for long, with the program's adapters.

Arguments: the directory, and the number of portals in the ledger.
"""

from __future__ import annotations

import asyncio
import sys
import uuid
from datetime import timedelta
from pathlib import Path

from seam_portal_desktop.adapters.files.preferences import JsonPreferences
from seam_portal_desktop.adapters.keyring.store import SessionSecretStore
from seam_portal_desktop.adapters.ledger.seal.cipher import UrlCipher
from seam_portal_desktop.adapters.ledger.sql_ledger import SqlLedger
from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.credential import CredentialKind
from seam_portal_desktop.domain.portal.record import (
    LINK_LIFETIME,
    CustomerPortal,
    Outcome,
    PortalRecord,
    Sent,
)
from seam_portal_desktop.domain.ports import CreatedPortal
from seam_portal_desktop.domain.preferences import PreferencesData
from seam_portal_desktop.domain.request import PortalRequest
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.domain.workspace import Workspace, WorkspaceConnection
from seam_portal_desktop.paths import app_paths

_WORKSPACE = Workspace(
    workspace_id="00000000-0000-4000-8000-000000000001",
    name="Acme Stays",
    company_name="Acme",
    is_sandbox=False,
    is_suspended=False,
)


async def seed(data_dir: Path, rows: int) -> None:
    """Write preferences with one connected workspace, and a ledger with `rows` portals."""
    paths = app_paths(data_dir)
    connection = WorkspaceConnection(
        connection_id="benchmark",
        label="Acme Stays",
        endpoint="https://connect.getseam.com",
        credential_kind=CredentialKind.API_KEY,
        workspace=_WORKSPACE,
    )
    preferences = PreferencesData([connection], connection.connection_id)
    await JsonPreferences(paths.preferences).save(preferences)
    ledger = SqlLedger(paths.ledger, UrlCipher(SessionSecretStore()), system_clock)
    await ledger.open()
    for row in range(rows):
        await _write(ledger, row)
    await ledger.close()


async def _write(ledger: SqlLedger, row: int) -> None:
    requested_at = system_clock() - timedelta(minutes=20 * row)
    portal = PortalRecord(
        portal_id=str(uuid.uuid4()),
        workspace_id=_WORKSPACE.workspace_id,
        workspace_kind=_WORKSPACE.kind,
        customer_key=f"customer-{row:04}",
        outcome=Outcome.REQUESTED,
        requested_at=requested_at,
    )
    await ledger.record_intent(portal, PortalRequest())
    answer = CustomerPortal(
        Secret(f"https://portal.example/portals/{portal.portal_id}?token=not_a_real_token"),
        portal.customer_key,
        _WORKSPACE.workspace_id,
        requested_at,
        requested_at + LINK_LIFETIME,
    )
    await ledger.record_created(portal.portal_id, CreatedPortal(answer, None))
    if row % 2:
        await ledger.mark_sent(portal.portal_id, Sent(requested_at, "benchmark"))


asyncio.run(seed(Path(sys.argv[1]), int(sys.argv[2])))
