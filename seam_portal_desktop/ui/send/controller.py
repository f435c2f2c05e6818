"""Opens the Send… sheet, keeps what was entered in it, and follows what was sent."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QObject, Signal

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.portal.changes import LedgerChange
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portals.selection import SelectionController
from seam_portal_desktop.ui.send.progress import SendProgress, ShowPortal
from seam_portal_desktop.ui.send.session import SendSession, SheetEntries
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

UNDO_SECONDS = 10


class SendController(QObject):
    """Sends the selected portals' links. `engine_obstacle` is why HTML can't be shown, or None."""

    fix_requested = Signal(object, object)
    """A GateItem, and the portal's record. The sheet is closed, and `open` brings it back with
    what was entered."""

    def __init__(
        self,
        window: MainWindow,
        services: AppServices,
        selection: SelectionController,
        clock: Clock,
        scope: TaskScope,
        *,
        show_portal: ShowPortal,
        engine_obstacle: str | None,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._sending = services.sending
        self._selection = selection
        self._clock = clock
        self._scope = scope
        self._engine_obstacle = engine_obstacle
        self._kept: dict[str, SheetEntries] = {}
        self._session: SendSession | None = None
        self.undo_seconds = UNDO_SECONDS
        self.progress = SendProgress(window.status_area, services, clock, scope, show_portal, self)
        window.actions_.send.triggered.connect(lambda _: self.send_selected())

    def send_selected(self) -> None:
        self._selection.update()
        portal = self._selection.only()
        if portal is not None:
            self.open(portal)

    def open(self, portal: PortalRecord) -> None:
        """Open the sheet for this portal, with what was entered before a fix."""
        if self._session is not None:
            return
        from seam_portal_desktop.ui.send.sheet import SendSheet

        window = self._window
        sheet = SendSheet(
            portal,
            window.theme,
            window.icons,
            window,
            remove_profile=window.preview.profiles.remove,
            engine_obstacle=self._engine_obstacle,
        )
        connection = self._services.workspaces.current
        if connection is not None:
            sheet.strip.set_workspace(
                connection.label, connection.workspace.kind, demo=window.is_demo
            )
        session = self._session = SendSession(
            sheet,
            self._services,
            self._clock,
            self._scope,
            undo_for=lambda: timedelta(seconds=self.undo_seconds),
            entries=self._kept.pop(portal.portal_id, None),
        )
        session.sent.connect(lambda deliveries: self.progress.follow(deliveries, self.undo_seconds))
        session.test_sent.connect(
            lambda address: window.status_area.show_message(
                _("Test sent to {address}.").format(address=address)
            )
        )
        session.fix_requested.connect(self._on_fix)
        sheet.finished.connect(self._on_finished)
        sheet.finished.connect(sheet.deleteLater)
        session.start()
        # The second of two presses of Ctrl+Enter sends nothing that nobody has seen.
        sheet.pause_submit()
        sheet.open()

    def close(self) -> None:
        """Close an open sheet: the engine's page has to end before the program does."""
        if self._session is not None:
            self._session.close()

    def on_ledger_change(self, change: LedgerChange) -> None:
        self.progress.on_ledger_change(change)
        if self._session is not None:
            self._session.on_ledger_change(change)

    def _on_fix(self, item: object, entries: SheetEntries) -> None:
        session = self.sender()
        if isinstance(session, SendSession):
            portal = session.portal
            self._kept[portal.portal_id] = entries
            self.fix_requested.emit(item, portal)

    def _on_finished(self) -> None:
        self._session = None
