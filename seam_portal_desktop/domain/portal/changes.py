"""The change feed, which publishes the records that each commit of the ledger changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from seam_portal_desktop.domain.portal.record import PortalRecord


@dataclass(frozen=True, slots=True)
class LedgerChange:
    """The changes of one commit.

    ``records`` are the new state of records that were added, changed or restored, or whose
    timeline, report or attachments changed. ``removed`` are the portal_ids of deleted records.
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
        """Call `listener` with every change. Returns a function that unsubscribes it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(self, change: LedgerChange) -> None:
        for listener in tuple(self._listeners):
            listener(change)
