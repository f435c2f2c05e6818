"""The selected records, and the actions that they enable."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, QObject, Signal

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.portal.record import Outcome, PortalRecord
from seam_portal_desktop.ui.portals.pane import PortalsPane
from seam_portal_desktop.ui.shell.actions import WindowActions


class SelectionController(QObject):
    """Enables the actions that the selected records allow."""

    changed = Signal(list)
    """The selected records, in the table's order: others are selected, or one may have changed."""

    def __init__(
        self, pane: PortalsPane, actions: WindowActions, clock: Clock, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._pane = pane
        self._actions = actions
        self._clock = clock
        pane.table.selection_changed.connect(lambda _ids: self.update())

    def update(self) -> None:
        """Enable the actions for the selected records as they are now, and emit `changed`."""
        records = self.records()
        self._enable(records)
        self.changed.emit(records)

    def records(self) -> list[PortalRecord]:
        """The selected records, in the table's order."""
        model = self._pane.model
        rows = [model.row_of(portal_id) for portal_id in self._pane.table.selected_ids()]
        return [model.portal(row) for row in sorted(row for row in rows if row is not None)]

    def only(self) -> PortalRecord | None:
        """The selected record, if it is the only one."""
        records = self.records()
        return records[0] if len(records) == 1 else None

    def _enable(self, selected: Sequence[PortalRecord]) -> None:
        now = self._clock()
        one = selected[0] if len(selected) == 1 else None
        live = one is not None and one.is_live(now)
        actions = self._actions
        for action in (
            actions.copy_link,
            actions.reveal_link,
            actions.open_in_browser,
            actions.reload_preview,
            actions.mark_sent,
            actions.revoke,
        ):
            action.setEnabled(live)
        actions.undo_sent.setEnabled(one is not None and one.sent is not None)
        actions.check_outcome.setEnabled(one is not None and one.outcome is Outcome.UNKNOWN)
        actions.duplicate.setEnabled(one is not None)
        actions.export_portals.setEnabled(self._pane.model.total > 0)
        renewed = len(renewable(selected))
        actions.renew.setEnabled(renewed > 0)
        actions.renew.setText(
            "Renew link" if renewed <= 1 else f"Renew {QLocale().toString(renewed)} links"
        )
        actions.delete.setEnabled(bool(selected))


def renewable(portals: Sequence[PortalRecord]) -> list[PortalRecord]:
    """Those that have, or had, a link."""
    return [portal for portal in portals if portal.outcome is Outcome.CREATED]
