"""The change feed: which records of the ledger a commit changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from seam_portal_desktop.domain.portal.record import PortalRecord


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """What one commit changed.

    ``records`` are the records that were added, changed or restored, as they are afterwards. A
    record is also in here when only its timeline, report or attachments changed. ``removed`` are
    the portal_ids of records that were deleted.
    """

    records: tuple[PortalRecord, ...] = ()
    removed: frozenset[str] = frozenset()

    def concerns(self, portal_id: str) -> bool:
        return portal_id in self.removed or any(
            record.portal_id == portal_id for record in self.records
        )


ChangeListener = Callable[[LedgerChange], None]


class ChangeFeed:
    """Calls its listeners after each commit, on the event loop's thread."""

    def __init__(self) -> None:
        self._listeners: list[ChangeListener] = []

    def subscribe(self, listener: ChangeListener) -> Callable[[], None]:
        """Call `listener` with every change from now on. Returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(self, change: LedgerChange) -> None:
        for listener in tuple(self._listeners):
            listener(change)
