"""Links that only this run can read, because the keyring doesn't keep their key."""

from __future__ import annotations

from collections.abc import Callable

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.portal.changes import ChangeFeed, LedgerChange
from seam_portal_desktop.domain.portal.record import LinkState, PortalKind, PortalRecord


class RunOnlyLinks:
    """Follows the ledger's changes: such a link can only have been made in this run.

    `is_key_kept` tells whether the keyring has the key by now.
    """

    def __init__(self, changes: ChangeFeed, clock: Clock, is_key_kept: Callable[[], bool]) -> None:
        self._clock = clock
        self._is_key_kept = is_key_kept
        self._records: dict[str, PortalRecord] = {}
        changes.subscribe(self._on_ledger_change)

    def live(self) -> tuple[PortalRecord, ...]:
        """Those that still open a portal, the oldest first. Not those of safe previews."""
        if self._is_key_kept():
            return ()
        now = self._clock()
        return tuple(record for record in self._records.values() if record.is_live(now))

    def _on_ledger_change(self, change: LedgerChange) -> None:
        for portal_id in change.removed:
            self._records.pop(portal_id, None)
        for record in change.records:
            is_run_only = record.has_url and record.link_state is LinkState.UNTIL_QUIT
            if is_run_only and record.kind is not PortalKind.SAFE_PREVIEW:
                self._records[record.portal_id] = record
            else:
                self._records.pop(record.portal_id, None)
