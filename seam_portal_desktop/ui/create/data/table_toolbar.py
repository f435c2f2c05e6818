"""The buttons above a table of customer data."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.data.resource_model import ResourceModel
from seam_portal_desktop.ui.create.data.resource_table import ResourceTable
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconButton
from seam_portal_desktop.ui.toolkit.theme import Spacing, set_kind

_TEXTS = "*.csv *.tsv *.txt"
_SPREADSHEETS = "*.xlsx *.xlsm *.xls *.ods"
_PATTERNS = f"{_TEXTS} {_SPREADSHEETS}"


class TableToolbar(QWidget):
    """`file_chosen` carries the path of a file to import."""

    file_chosen = Signal(str)

    def __init__(
        self, table: ResourceTable, model: ResourceModel, icons: Icons, parent: QWidget
    ) -> None:
        super().__init__(parent)
        table.file_dropped.connect(self.file_chosen)
        layout = FlowLayout(self, Spacing.XS)
        side = self.fontMetrics().height()
        for name, icon, text, action in (
            ("addRow", "plus", _("Add row"), table.add_row),
            ("removeRows", "trash-2", _("Remove"), table.remove_selected_rows),
            ("pasteRows", "clipboard-paste", _("Paste"), table.paste),
            ("fillDown", "arrow-down", _("Fill down"), table.fill_down.trigger),
            ("importFile", "file-input", _("Import…"), self._choose_file),
        ):
            button = QPushButton(icons.icon(icon), text, self)
            button.setObjectName(name)
            button.setAutoDefault(False)
            button.setIconSize(QSize(side, side))
            set_kind(button, "quiet")
            button.clicked.connect(action)
            layout.addWidget(button)
        stack = model.undo_stack
        for name, icon, text, action, possible in (
            ("undo", "undo-2", _("Undo"), stack.undo, stack.canUndoChanged),
            ("redo", "redo-2", _("Redo"), stack.redo, stack.canRedoChanged),
        ):
            step = IconButton(icons.icon(icon), text, self)
            step.setObjectName(name)
            step.setEnabled(False)
            step.clicked.connect(action)
            possible.connect(step.setEnabled)
            layout.addWidget(step)

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, _("Import a table"))
        dialog.setNameFilters(
            [
                _("Tables ({patterns})").format(patterns=_PATTERNS),
                _("Excel and OpenDocument ({patterns})").format(patterns=_SPREADSHEETS),
                _("Text ({patterns})").format(patterns=_TEXTS),
                _("All files (*)"),
            ]
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.file_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
