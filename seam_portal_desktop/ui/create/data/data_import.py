"""Joins the tables of a dialog with the import."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from seam_portal_desktop.domain.request.resources import ResourceKind, Row, resource_kinds
from seam_portal_desktop.domain.request.verticals import Vertical
from seam_portal_desktop.domain.tables.conversion import ConversionContext
from seam_portal_desktop.domain.tables.sheet import Sheet
from seam_portal_desktop.services.app import AppServices
from seam_portal_desktop.ui.create.data.cells.cell_conversion import (
    conversion_context,
    space_facts,
)
from seam_portal_desktop.ui.create.data.data_section import DataSection
from seam_portal_desktop.ui.import_data.controller import ImportController
from seam_portal_desktop.ui.import_data.file_drop import FileDrop
from seam_portal_desktop.ui.toolkit.form_dialog import FormDialog
from seam_portal_desktop.ui.toolkit.tasks import TaskScope

TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods"})
"""Of the files that the import takes when they are dropped."""


def add_import(
    dialog: FormDialog,
    data: DataSection,
    services: AppServices,
    scope: TaskScope,
    preset_id: Callable[[], str] = str,
) -> ImportController:
    """Import the files and cells that `data` asks for. `preset_id` is that of the form, or ""."""
    controller = ImportController(
        dialog, SectionDestination(data), services.import_tables, services.table_mappings, scope
    )
    controller.preset_id = preset_id

    def open_cells(sheet: Sheet, at: int | None) -> None:
        first = max(0, data.table.currentIndex().column())
        controller.open_cells(sheet, at, data.model.columns[first:])

    FileDrop(dialog, TABLE_SUFFIXES).dropped.connect(data.toolbar.file_chosen)
    data.toolbar.file_chosen.connect(lambda path: controller.open_file(Path(path)))
    data.table.import_requested.connect(open_cells)
    return controller


class SectionDestination:
    """Imported rows go into the tables of a `DataSection`. It is an ImportDestination."""

    def __init__(self, section: DataSection) -> None:
        self._section = section

    @property
    def vertical(self) -> Vertical:
        return self._section.vertical

    def kinds(self) -> Sequence[ResourceKind]:
        kinds = {kind.name: kind for kind in resource_kinds()}
        return [kinds[name] for name in self._section.kinds.names()]

    def shown_kind(self) -> ResourceKind:
        return self._section.model.kind

    def rows(self, kind: str) -> Sequence[Row]:
        return self._section.model.rows(kind)

    def context(self) -> ConversionContext:
        return conversion_context(space_facts(self._section.model.rows("spaces")))

    def take(
        self, kind: str, text: str, rows: Sequence[Row], changed: Mapping[int, frozenset[str]]
    ) -> None:
        self._section.kinds.set_current_kind(kind)
        self._section.table.apply_rows(text, rows, changed)
        self._section.table.setFocus()

    def show_message(self, text: str) -> None:
        self._section.table.message.emit(text)
