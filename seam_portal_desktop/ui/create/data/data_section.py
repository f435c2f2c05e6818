"""The customer's own places, people and stays, each kind a table of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.ui.create.data.kind_list import KindList
from seam_portal_desktop.ui.create.data.metadata_dialog import MetadataDialog
from seam_portal_desktop.ui.create.data.resource_model import ResourceModel
from seam_portal_desktop.ui.create.data.resource_table import ResourceTable
from seam_portal_desktop.ui.create.data.resources import (
    MISSING,
    Column,
    ResourceKind,
    Row,
    resource_kinds,
    value_at,
)
from seam_portal_desktop.ui.create.data.tabular import decode_csv, import_table, parse_csv
from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.form.form_section import FormSection
from seam_portal_desktop.ui.create.data.verticals import (
    ANY,
    VERTICALS,
    Vertical,
    plural,
    vertical_named,
)
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import (
    CalmComboBox,
    FieldNote,
    plain_label,
    shortened,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconButton
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind

_ROOT = "customer_data"
_TITLE_CHARACTERS = 40


class DataSection(FormSection):
    """`file_chosen` carries the path of a CSV file; whoever reads it calls import_csv().

    `vertical_changed` carries the name of the line of business whose words are used.
    """

    file_chosen = Signal(str)
    vertical_changed = Signal(str)
    rows_changed = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._given: set[str] = set()
        self._vertical = ANY
        self.vertical_box = CalmComboBox(self)
        self.vertical_box.setObjectName("vertical")
        self.vertical_box.setAccessibleName("Kind of business")
        for vertical in VERTICALS:
            self.vertical_box.addItem(vertical.title, vertical.name)
        self.all_columns = QCheckBox("All columns", self)
        self.all_columns.setObjectName("allColumns")
        self.all_columns.hide()  # they are all there until a kind of business is chosen
        self.model = ResourceModel(icons, _row_problems, self)
        self.kinds = KindList(lambda name: len(self.model.rows(name)), self)
        self.kinds.setObjectName("kinds")
        self.table = ResourceTable(self.model, self)
        self.table.setObjectName("resources")
        self.note = FieldNote(self.table, icons)
        self._build()
        self.vertical_box.currentIndexChanged.connect(self._use_vertical)
        self.all_columns.toggled.connect(lambda _all: self._show_kind(self.model.kind.name))
        self.kinds.chosen.connect(self._show_kind)
        self.model.edited.connect(self._rows_edited)
        self.model.kind_shown.connect(self.kinds.choose)
        self.table.told.connect(self._tell)
        self.table.metadata_wanted.connect(self._edit_metadata)
        self.kinds.show_vertical(ANY, self.model.kind.name)
        self._show_kind(self.model.kind.name)

    @property
    def vertical(self) -> Vertical:
        return self._vertical

    def set_vertical(self, name: str) -> None:
        """Use the words of that line of business, and put its kinds first."""
        self.vertical_box.setCurrentIndex(self.vertical_box.findData(vertical_named(name).name))

    def show_kind(self, kind: str) -> None:
        """Make `kind` the table."""
        self.kinds.choose(kind)

    def import_csv(self, data: bytes) -> None:
        """Add the rows of a CSV file to the kind that is shown."""
        table = parse_csv(decode_csv(data))
        if not table:
            self.note.show_note("The file has no rows.", Tone.WARNING)
            return
        rows = import_table(table, self.model.kind, self.model.columns).rows
        self.table.append(rows, table[0])

    def rows(self, kind: str) -> Sequence[Row]:
        return self.model.rows(kind)

    def keys(self, kind: str) -> list[str]:
        """The keys of the rows of `kind`; none if there is no such kind."""
        for each in resource_kinds():
            if each.name == kind:
                return [str(row[each.key]) for row in self.model.rows(kind) if each.key in row]
        return []

    def metadata(self) -> list[Mapping[str, Any]]:
        """The custom metadata of every resource that can have some."""
        found = []
        for kind in resource_kinds():
            if kind.has_metadata:
                for row in self.model.rows(kind.name):
                    value = value_at(row, ("custom_metadata",))
                    found.append(value if isinstance(value, Mapping) else {})
        return found

    def read(self, draft: RequestDraft) -> None:
        for kind in resource_kinds():
            rows = self.model.rows(kind.name)
            sent = list(rows) if rows or kind.name in self._given else None
            draft.put(f"{_ROOT}.{kind.name}", sent)

    def fill(self, draft: RequestDraft) -> None:
        rows = {kind.name: draft.get(f"{_ROOT}.{kind.name}") for kind in resource_kinds()}
        # A list that came empty is sent empty for as long as it is.
        self._given = {name for name, each in rows.items() if each == []}
        self.model.reset(rows)
        self.kinds.show_vertical(self._vertical, self.model.kind.name)
        self._show_kind(self.model.kind.name)
        self.note.clear()
        filled = next((name for name, each in rows.items() if each), None)
        if filled is not None and not rows[self.model.kind.name]:
            self.show_kind(filled)
        self.rows_changed.emit()
        self.changed.emit()

    def show_error(self, path: str, reason: str) -> QWidget | None:
        root, _, rest = path.partition(".")
        kind, _, place = rest.partition(".")
        if root != _ROOT or all(kind != each.name for each in resource_kinds()):
            return None
        row, _, field = place.partition(".")
        self.show_kind(kind)
        words = f"{self._vertical.many(kind)}: {reason}"
        if row.isdigit():
            words = f"{self._vertical.many(kind)}, row {int(row) + 1}: {reason}"
            self._mark(kind, int(row), field, reason)
        self.note.show_error(words)
        return self.table

    def clear_errors(self) -> None:
        self.note.clear()
        self.model.clear_refusals()

    def summary(self) -> str:
        counts = {name: len(self.model.rows(name)) for name in self.kinds.names()}
        return " · ".join(
            f"{count} {self._called(name, count).lower()}"
            for name, count in counts.items()
            if count
        )

    def _called(self, kind: str, count: int) -> str:
        return self._vertical.one(kind) if count == 1 else self._vertical.many(kind)

    def _build(self) -> None:
        words = plain_label("Kind of business", parent=self)
        words.setBuddy(self.vertical_box)
        top = QHBoxLayout()
        top.setSpacing(Spacing.S)
        top.addWidget(words)
        top.addWidget(self.vertical_box)
        top.addStretch(1)
        top.addWidget(self.all_columns)
        tools = FlowLayout(spacing=Spacing.XS)
        side = self.fontMetrics().height()
        for name, icon, text, action in (
            ("addRow", "plus", "Add row", self.table.add_row),
            ("removeRows", "trash-2", "Remove", self.table.remove_selected_rows),
            ("pasteRows", "clipboard-paste", "Paste", self._paste),
            ("importCsv", "file-input", "Import CSV…", self._choose_file),
        ):
            button = QPushButton(self._icons.icon(icon), text, self)
            button.setObjectName(name)
            button.setAutoDefault(False)
            button.setIconSize(QSize(side, side))
            set_kind(button, "quiet")
            button.clicked.connect(action)
            tools.addWidget(button)
        stack = self.model.undo_stack
        for name, icon, text, action, can in (
            ("undo", "undo-2", "Undo", stack.undo, stack.canUndoChanged),
            ("redo", "redo-2", "Redo", stack.redo, stack.canRedoChanged),
        ):
            step = IconButton(self._icons.icon(icon), text, self)
            step.setObjectName(name)
            step.setEnabled(False)
            step.clicked.connect(action)
            can.connect(step.setEnabled)
            tools.addWidget(step)
        right = QVBoxLayout()
        right.setSpacing(Spacing.XS)
        right.addLayout(tools)
        right.addWidget(self.table, 1)
        right.addWidget(self.note)
        middle = QHBoxLayout()
        middle.setSpacing(Spacing.M)
        middle.addWidget(self.kinds)
        middle.addLayout(right, 1)
        self.legend = legend = plain_label(
            "Sent along with the request. Columns with * are required; paste or import with the "
            "columns’ names in the first row.",
            wrap=True,
            parent=self,
        )
        set_kind(legend, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.S)
        column.addWidget(legend)
        column.addLayout(top)
        column.addLayout(middle)

    def _use_vertical(self) -> None:
        self._vertical = vertical_named(self.vertical_box.currentData())
        self.all_columns.setVisible(bool(self._vertical.kinds))
        self.kinds.show_vertical(self._vertical, self.model.kind.name)
        if not self.model.rows(self.model.kind.name):
            self.kinds.setCurrentRow(0)
        self._show_kind(self.kinds.currentItem().data(Qt.ItemDataRole.UserRole))
        self.vertical_changed.emit(self._vertical.name)
        self.changed.emit()

    def _show_kind(self, name: str) -> None:
        kind = next(each for each in resource_kinds() if each.name == name)
        self.model.show_kind(name, self._vertical, self._columns(kind))
        self.table.setAccessibleName(f"Table of {self._vertical.many(name)}")
        self.table.go_to(0, 0)

    def _columns(self, kind: ResourceKind) -> list[Column]:
        """The vertical's columns first, then whatever else is in use or asked for."""
        usual = [column for column in kind.columns if self._is_usual(kind, column)]
        others = [column for column in kind.columns if column not in usual]
        if not self.all_columns.isChecked():
            rows = self.model.rows(kind.name)
            others = [
                column
                for column in others
                if any(value_at(row, column.path) is not MISSING for row in rows)
            ]
        return [*usual, *others]

    def _is_usual(self, kind: ResourceKind, column: Column) -> bool:
        name = column.path[-1].removeprefix("parent_").removesuffix("s")
        if not self._vertical.kinds or not name.endswith("_key") or name == kind.key:
            return True
        return plural(name.removesuffix("_key")) in self._vertical.kinds

    def _rows_edited(self, kind: str) -> None:
        self.kinds.refresh(kind)
        self.rows_changed.emit()
        self.changed.emit()

    def _mark(self, kind: str, row: int, field: str, reason: str) -> None:
        for place, column in enumerate(self.model.columns):
            if field == column.dotted or field.startswith(f"{column.dotted}."):
                self.model.refuse(kind, row, column.dotted, reason)
                self.table.go_to(row, place)
                return
        self.table.go_to(row, 0)

    def _tell(self, text: str) -> None:
        # After the edit, which clears what was said before.
        QTimer.singleShot(0, self, lambda: self.note.show_note(text, Tone.INFO))

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self.table.paste(text)
        else:
            self.note.show_note("Copy cells in a spreadsheet first.", Tone.INFO)

    def _choose_file(self) -> None:
        chooser = QFileDialog(self, "Import CSV")
        chooser.setNameFilters(["CSV files (*.csv *.tsv *.txt)", "All files (*)"])
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.fileSelected.connect(self.file_chosen)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def _edit_metadata(self, row: int, column: Column) -> None:
        rows = self.model.rows(self.model.kind.name)
        resource: Row = rows[row] if row < len(rows) else {}
        value = value_at(resource, column.path)
        name = resource.get("name") or resource.get(self.model.kind.key) or ""
        title = shortened(str(name), _TITLE_CHARACTERS)
        metadata = value if isinstance(value, Mapping) else {}
        dialog = MetadataDialog(title, metadata, self._icons, self)
        dialog.chosen.connect(
            lambda chosen: self.model.set_value(row, column, chosen or _nothing(value))
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _nothing(before: object) -> object:
    """What no metadata means: what it meant before, when that was an empty object."""
    return before if before == {} else MISSING


def _row_problems(kind: str, row: Row) -> Mapping[str, str]:
    from seam_portal_desktop.domain.request.problems import check_against_contract

    checked = check_against_contract({_ROOT: {"customer_key": "k", kind: [row]}})
    start = f"{_ROOT}.{kind}.0."
    return {
        _column_of(kind, problem.path.removeprefix(start)): problem.reason
        for problem in reversed(checked.problems)
    }


def _column_of(kind: str, path: str) -> str:
    """The column that a path inside a row belongs to."""
    described = next(each for each in resource_kinds() if each.name == kind)
    for column in described.columns:
        if path == column.dotted or path.startswith(f"{column.dotted}."):
            return column.dotted
    return path
