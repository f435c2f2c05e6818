"""Facts of the ledger for Settings: where it is, how large, and what it keeps."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QLocale

from seam_portal_desktop.domain.clock import system_clock
from seam_portal_desktop.domain.policy import Policy
from seam_portal_desktop.domain.portal.record import PortalStatus
from seam_portal_desktop.domain.ports import Ledger
from seam_portal_desktop.services.workspaces import WorkspaceService
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.settings.pages import LedgerFacts

_LIVE = (PortalStatus.ACTIVE, PortalStatus.EXPIRING)


async def collect_ledger_facts(
    file: Path, policy: Policy, ledger: Ledger, workspaces: WorkspaceService
) -> LedgerFacts:
    """`file` is the local ledger, unless the policy has another one. Raises LedgerError."""
    kept = live = 0
    ids = {connection.workspace.workspace_id for connection in workspaces.connections}
    for workspace_id in ids:
        counts = await ledger.counts(workspace_id, now=system_clock())
        kept += sum(counts.values())
        live += sum(counts.get(status, 0) for status in _LIVE)
    number = QLocale().toString
    links = _("{kept}, of which {live} can be used now").format(
        kept=number(kept), live=number(live)
    )
    if policy.ledger_url is not None:
        return LedgerFacts(policy.ledger_text, _("On the server"), links, "")
    size = await asyncio.to_thread(_size, file)
    return LedgerFacts(str(file), QLocale().formattedDataSize(size), links, str(file.parent))


def _size(file: Path) -> int:
    """The bytes of the file and of what SQLite keeps beside it."""
    files = (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm"))
    return sum(each.stat().st_size for each in files if each.exists())
