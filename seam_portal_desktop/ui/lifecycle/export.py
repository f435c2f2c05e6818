"""Writes portals into a file that the user chooses."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, QObject

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.portal.query import PortalQuery
from seam_portal_desktop.domain.portal.record import PortalRecord
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.services.portal.export import ExportFormat, ExportResult, RegionalStyle
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.lifecycle.export_dialog import ExportDialog
from seam_portal_desktop.ui.portals.selection import SelectionController
from seam_portal_desktop.ui.shell.main_window import MainWindow
from seam_portal_desktop.ui.toolkit.save_file import choose_save_file, list_separator
from seam_portal_desktop.ui.toolkit.tasks import TaskScope
from seam_portal_desktop.ui.toolkit.theme import Tone
from seam_portal_desktop.ui.toolkit.times import to_local, zone_name

_TASK = "export"
_FILTERS = {
    ExportFormat.XLSX: _("Excel workbooks (*.xlsx)"),
    ExportFormat.CSV: _("CSV files (*.csv)"),
    ExportFormat.JSON: _("JSON files (*.json)"),
}


class ExportController(QObject):
    def __init__(
        self,
        window: MainWindow,
        services: AppServices,
        selection: SelectionController,
        clock: Clock,
        scope: TaskScope,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._clock = clock
        self._scope = scope
        window.actions_.export_portals.triggered.connect(lambda _: self.open(selection.records()))

    def open(self, selected: Sequence[PortalRecord]) -> None:
        """Ask which portals to export and in which format, then for the file."""
        connection = self._services.workspaces.current
        if connection is None:
            return
        window = self._window
        query = window.pane.query(connection.workspace.workspace_id)
        ids = [portal.portal_id for portal in selected]
        listed = window.pane.model.total
        dialog = ExportDialog(len(ids), listed, window.theme, window.icons, window)
        dialog.export_requested.connect(lambda: self._choose_file(dialog, ids, query))
        dialog.cancel_requested.connect(lambda: self._scope.cancel(_TASK))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _choose_file(self, dialog: ExportDialog, ids: list[str], query: PortalQuery) -> None:
        file_format = dialog.file_format()
        which = ids if dialog.only_selected.isChecked() else query
        choose_save_file(
            dialog,
            _("Export portals"),
            f"portals-{self._clock():%Y-%m-%d}.{file_format.value}",
            _FILTERS[file_format],
            lambda path: self._scope.start(self._write(dialog, which, path), name=_TASK),
        )

    async def _write(
        self, dialog: ExportDialog, which: list[str] | PortalQuery, target: Path
    ) -> None:
        dialog.set_busy(busy=True, text=_("Writing the file…"))
        try:
            result = await self._services.export.export(
                which,
                target,
                dialog.file_format(),
                RegionalStyle(list_separator(), to_local, zone_name()),
                with_links=dialog.with_links.isChecked(),
            )
        except asyncio.CancelledError:
            dialog.set_busy(False)
            raise
        except UserFacingError as error:
            dialog.show_error(error)
        else:
            dialog.set_busy(False)
            dialog.accept()
            self._show_result(result, target)

    def _show_result(self, result: ExportResult, target: Path) -> None:
        number = QLocale().toString(result.portals)
        text = ngettext(
            "{count} portal in {file}.", "{count} portals in {file}.", result.portals
        ).format(count=number, file=target.name)
        if not result.unreadable_links:
            self._window.status_area.show_message(text)
            return
        missing = ngettext(
            "{count} link can’t be read on this computer and is left out.",
            "{count} links can’t be read on this computer and are left out.",
            result.unreadable_links,
        ).format(count=QLocale().toString(result.unreadable_links))
        self._window.status_area.show_message(f"{text} {missing}", tone=Tone.WARNING)
