"""Opens the Send… sheet, keeps what was entered in it, and follows what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import QObject, Signal

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.message.delivery import Delivery
from seam_portal_desktop.domain.message.gate.items import GateItem
from seam_portal_desktop.domain.portal.changes import LedgerChange
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portals.selection import SelectionController, copyable
from seam_portal_desktop.ui.send.handover import HandoverController
from seam_portal_desktop.ui.send.progress import SendProgress, ShowPortal
from seam_portal_desktop.ui.send.rows import SheetEntries
from seam_portal_desktop.ui.send.session import SendSession
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.shell.secret_clipboard import SecretClipboard
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone

UNDO_SECONDS = 10


class SendController(QObject):
    """Sends the selected portals' links. `engine_obstacle` is why HTML can't be shown, or None.

    `undo_seconds` is how long a message can be taken back; 0 for not at all.
    """

    fix_requested = Signal(object, object)
    """A GateItem, and the records that it is about. The sheet is closed. `open` brings it back with
    what was entered."""

    def __init__(
        self,
        window: MainWindow,
        services: AppServices,
        selection: SelectionController,
        clipboard: SecretClipboard,
        clock: Clock,
        scope: TaskScope,
        *,
        show_portal: ShowPortal,
        engine_obstacle: str | None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._selection = selection
        self._clock = clock
        self._scope = scope
        self._engine_obstacle = engine_obstacle
        self._clipboard = clipboard
        self._kept: dict[tuple[str, ...], SheetEntries] = {}
        self._session: SendSession | None = None
        self.undo_seconds = UNDO_SECONDS
        self._handover = HandoverController(window, services.sending, clipboard, scope)
        self._progress = SendProgress(window.status_area, services, clock, scope, show_portal, self)
        window.actions_.send.triggered.connect(lambda _: self.send_selected())

    def send_selected(self) -> None:
        """Open the sheet for the selected portals whose links work."""
        self._selection.update()
        selected = self._selection.records()
        found = copyable(selected, self._clock())
        if found.portals:
            self.open(found.portals)
        if found.reason or not selected:
            reason = found.reason or _("Select a portal first.")
            self._window.status_area.show_message(reason, tone=Tone.INFO)

    def use_copy(self, template_id: str, copy_id: str) -> None:
        """Where sheets that were closed for a fix have this template, choose its copy instead."""
        for key, entries in self._kept.items():
            if entries.template_id == template_id:
                self._kept[key] = replace(entries, template_id=copy_id)

    def open(self, portals: Sequence[PortalRecord], entries: SheetEntries | None = None) -> None:
        """Open the sheet for these portals, with `entries`, else with what was entered before a
        fix."""
        if self._session is not None:
            return
        from seam_portal_desktop.ui.send.sheet import SendSheet

        window, current = self._window, self._services.workspaces.current
        sheet = SendSheet(
            portals,
            window.theme,
            window.icons,
            window,
            remove_profile=window.preview.profiles.remove,
            engine_obstacle=self._engine_obstacle,
        )
        if current is not None:
            sheet.strip.set_workspace(current.label, current.workspace.kind, demo=window.is_demo)
        session = self._session = SendSession(
            sheet,
            self._services,
            self._clock,
            self._scope,
            undo_for=lambda: timedelta(seconds=self.undo_seconds),
            entries=entries or self._kept.pop(tuple(each.portal_id for each in portals), None),
        )
        session.sent.connect(self._on_sent)
        sheet.message.copied.connect(self.copy_text)
        session.handed_over.connect(self._handover.give)
        session.test_sent.connect(self._on_test_sent)
        session.fix_requested.connect(self._on_fix)
        sheet.finished.connect(self._on_finished)
        sheet.finished.connect(sheet.deleteLater)
        session.start()
        # The second of two presses of Ctrl+Enter sends nothing that nobody has seen.
        sheet.pause_submit()
        sheet.open()

    def copy_text(self, text: str) -> None:
        """Copy a part of a message as the link in it is copied: it is cleared after a while."""
        self._clipboard.copy(Secret(text))

    def close(self) -> None:
        """Close an open sheet: the engine's page has to end before the program does."""
        if self._session is not None:
            self._session.close()

    def on_ledger_change(self, change: LedgerChange) -> None:
        self._progress.on_ledger_change(change)
        if self._session is not None:
            self._session.on_ledger_change(change)

    def _on_sent(self, deliveries: Sequence[Delivery]) -> None:
        self._progress.follow(deliveries, self.undo_seconds)

    def _on_test_sent(self, address: str) -> None:
        self._window.status_area.show_message(_("Test sent to {address}.").format(address=address))

    def _on_fix(
        self, item: GateItem, concerned: Sequence[PortalRecord], entries: SheetEntries
    ) -> None:
        self._kept[tuple(entries.texts)] = entries
        self.fix_requested.emit(item, concerned)

    def _on_finished(self) -> None:
        self._session = None
