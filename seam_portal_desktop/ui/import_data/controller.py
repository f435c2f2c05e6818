"""Opens the import dialog for a file or for pasted cells."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.request.resources import Column
from seam_portal_desktop.domain.tables.mapping import SheetMapping
from seam_portal_desktop.domain.tables.sheet import Sheet
from seam_portal_desktop.services.import_tables import ImportTablesService
from seam_portal_desktop.services.table_mappings import TableMappings
from seam_portal_desktop.ui.import_data.destination import ImportDestination
from seam_portal_desktop.ui.import_data.dialog import ImportDialog
from seam_portal_desktop.ui.import_data.run import ImportRun
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

_LOG = logging.getLogger(__name__)


class ImportController:
    """For one dialog with tables of customer data, which is the `parent` of each import dialog.

    The mapping of each import is remembered, together with the ``preset_id`` of the form.
    """

    def __init__(
        self,
        parent: FormDialog,
        destination: ImportDestination,
        tables: ImportTablesService,
        mappings: TableMappings,
        scope: TaskScope,
    ) -> None:
        self.preset_id: Callable[[], str] = str
        self._parent = parent
        self._destination = destination
        self._tables = tables
        self._mappings = mappings
        self._scope = scope
        self._dialog: ImportDialog | None = None
        parent.finished.connect(self._close)

    def open_file(self, path: Path, *, any_kind: bool = False) -> None:
        """With `any_kind` the titles decide what the rows are; else it is the shown kind."""
        self._open(lambda run: run.read_file(path, any_kind=any_kind))

    def open_cells(self, sheet: Sheet, at: int | None, columns: Sequence[Column]) -> None:
        """Take pasted cells: with titles, or for the rows from `at` on and for `columns`."""
        if at is None:
            self._open(lambda run: run.use_cells(sheet))
        else:
            self._open(lambda run: run.place_cells(sheet, at, columns))

    def _open(self, start: Callable[[ImportRun], None]) -> None:
        if self._dialog is not None:
            return  # such as the second file of two that are dropped quickly
        dialog = ImportDialog(self._parent.theme, self._parent.icons, self._parent)
        run = ImportRun(dialog, self._destination, self._tables, self._mappings, self._scope)
        run.imported.connect(
            lambda mapping: self._scope.start(self._remember(mapping, self.preset_id()))
        )
        self._dialog = dialog
        dialog.finished.connect(self._on_finished)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        start(run)

    def _close(self) -> None:
        if self._dialog is not None:
            self._dialog.reject()

    def _on_finished(self) -> None:
        self._dialog = None
        # The button of the import is at the place of the one that sends the form.
        self._parent.pause_submit()

    async def _remember(self, mapping: SheetMapping, preset_id: str) -> None:
        try:
            await self._mappings.remember(mapping, preset_id)
        except UserFacingError:
            # The import is done. The next one asks again.
            _LOG.warning("The mapping of a table wasn't saved", exc_info=True)
