"""The section with the customer's own places, people and stays, one table for each kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from seam_portal_desktop.domain.request.resources import (
    Column,
    ResourceKind,
    resource_kinds,
    value_at,
)
from seam_portal_desktop.domain.request.verticals import (
    ANY,
    VERTICALS,
    Vertical,
    plural,
    vertical_named,
)
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.background import BackgroundCall
from seam_portal_desktop.ui.create.data.cell_bar import CellBar
from seam_portal_desktop.ui.create.data.cells.cell_conversion import load_converters
from seam_portal_desktop.ui.create.data.data_check import DataCheck
from seam_portal_desktop.ui.create.data.kind_list import KindList
from seam_portal_desktop.ui.create.data.resource_model import ResourceModel
from seam_portal_desktop.ui.create.data.resource_table import ResourceTable
from seam_portal_desktop.ui.create.data.table_toolbar import TableToolbar
from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.form.form_section import FormSection
from seam_portal_desktop.ui.toolkit.form_parts import (
    CalmComboBox,
    FieldNote,
    muted_label,
    plain_label,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import announce
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone

_ROOT = "customer_data"


class DataSection(FormSection):
    """The ``table`` emits `import_requested` and the ``toolbar`` `file_chosen` for an import. Its
    result comes back through ``table.apply_rows()``.

    `vertical_changed` follows another line of business. `rows_changed` follows every change of the
    rows, and fill().
    """

    vertical_changed = Signal()
    rows_changed = Signal()

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sent_empty: set[str] = set()
        self._vertical = ANY
        self.vertical_box = CalmComboBox(self)
        self.vertical_box.setObjectName("vertical")
        self.vertical_box.setAccessibleName(_("Kind of business"))
        for vertical in VERTICALS:
            self.vertical_box.addItem(vertical.title, vertical.name)
        self.all_columns = QCheckBox(_("All columns"), self)
        self.all_columns.setObjectName("allColumns")
        self.all_columns.hide()  # without a line of business every column is shown
        self.model = ResourceModel(icons, self)
        self.kinds = KindList(lambda name: len(self.model.rows(name)), self)
        self.kinds.setObjectName("kinds")
        self.table = ResourceTable(self.model, icons, self)
        self.table.setObjectName("resources")
        self.note = FieldNote(self.table, icons)
        self.cell_bar = CellBar(self.model, self.note, icons, self)
        self.legend = muted_label(
            _(
                "Sent along with the request. Columns with * are required. Paste cells of a "
                "spreadsheet, or import a file or drop it here."
            ),
            wrap=True,
            parent=self,
        )
        self.toolbar = TableToolbar(self.table, self.model, icons, self)
        self._make_layout()
        self.vertical_box.currentIndexChanged.connect(self._on_vertical_changed)
        self.all_columns.toggled.connect(lambda _all: self._show_table(self.model.kind.name))
        self.kinds.chosen.connect(self._show_table)
        self.model.edited.connect(self._on_rows_edited)
        self.model.kind_shown.connect(self.kinds.set_current_kind)
        self.table.message.connect(self._show_message)
        self.model.noted.connect(self._show_message)
        self.table.current_changed.connect(self.cell_bar.set_cell)
        self.cell_bar.first_requested.connect(self.table.go_to)
        self.checking = DataCheck(self.model, self)
        self._loading = BackgroundCall(self)
        self._is_loaded = False
        self.kinds.show_vertical(ANY, self.model.kind.name)
        self._show_table(self.model.kind.name)

    @property
    def vertical(self) -> Vertical:
        return self._vertical

    def set_vertical(self, name: str) -> None:
        """Use the names of that line of business, and put its kinds first."""
        self.vertical_box.setCurrentIndex(self.vertical_box.findData(vertical_named(name).name))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._is_loaded:
            self._is_loaded = True
            self._loading.start(load_converters)

    def keys(self, kind: str) -> list[str]:
        """The keys of the rows of `kind`; empty for an unknown kind."""
        for each in resource_kinds():
            if each.name == kind:
                return [str(row[each.key]) for row in self.model.rows(kind) if each.key in row]
        return []

    def metadata(self) -> Iterator[Mapping[str, Any]]:
        """The custom metadata of every resource of a kind that has metadata."""
        for kind in resource_kinds():
            if kind.has_metadata:
                for row in list(self.model.rows(kind.name)):
                    value = value_at(row, ("custom_metadata",))
                    yield value if isinstance(value, Mapping) else {}

    def write_to(self, draft: RequestDraft) -> None:
        for kind in resource_kinds():
            rows = self.model.rows(kind.name)
            sent = list(rows) if rows or kind.name in self._sent_empty else None
            draft.put(f"{_ROOT}.{kind.name}", sent)

    def fill(self, draft: RequestDraft) -> None:
        rows = {kind.name: draft.get(f"{_ROOT}.{kind.name}") for kind in resource_kinds()}
        # An empty list of the request is sent again, unless rows are added.
        self._sent_empty = {name for name, each in rows.items() if each == []}
        self.model.reset(rows)
        self.checking.start_soon()
        self.kinds.show_vertical(self._vertical, self.model.kind.name)
        self._show_table(self.model.kind.name)
        self.note.clear()
        filled = next((name for name, each in rows.items() if each), None)
        if filled is not None and not rows[self.model.kind.name]:
            self.kinds.set_current_kind(filled)
        self.rows_changed.emit()
        self.changed.emit()

    def unsent(self) -> list[Any]:
        return [self._vertical.name, self.all_columns.isChecked(), self.model.kind.name]

    def restore_unsent(self, entered: Sequence[Any]) -> None:
        vertical, all_columns, kind = entered
        self.set_vertical(vertical)
        self.all_columns.setChecked(all_columns)
        self.kinds.set_current_kind(kind)

    def show_field_error(self, path: str, reason: str) -> QWidget | None:
        root, _unused, rest = path.partition(".")
        kind, _unused, rest = rest.partition(".")
        if root != _ROOT or all(kind != each.name for each in resource_kinds()):
            return None
        row, _unused, field = rest.partition(".")
        self.kinds.set_current_kind(kind)
        text = f"{self._vertical.many(kind)}: {reason}"
        if row.isdigit():
            text = _("{many}, row {row}: {reason}").format(
                many=self._vertical.many(kind), row=int(row) + 1, reason=reason
            )
            self._mark_cell(int(row), field, reason)
        self.note.show_error(text)
        return self.table

    def clear_errors(self) -> None:
        self.note.clear()
        self.model.clear_errors()

    def summary(self) -> str:
        counts = {name: len(self.model.rows(name)) for name in self.kinds.names()}
        return " · ".join(
            f"{count} {self._title(name, count).lower()}" for name, count in counts.items() if count
        )

    def _title(self, kind: str, count: int) -> str:
        return self._vertical.one(kind) if count == 1 else self._vertical.many(kind)

    def _make_layout(self) -> None:
        label = plain_label(_("Kind of business"), parent=self)
        label.setBuddy(self.vertical_box)
        top = QHBoxLayout()
        top.setSpacing(Spacing.S)
        top.addWidget(label)
        top.addWidget(self.vertical_box)
        top.addStretch(1)
        top.addWidget(self.all_columns)
        right = QVBoxLayout()
        right.setSpacing(Spacing.XS)
        right.addWidget(self.toolbar)
        right.addWidget(self.table, 1)
        right.addWidget(self.note)
        right.addWidget(self.cell_bar)
        middle = QHBoxLayout()
        middle.setSpacing(Spacing.M)
        middle.addWidget(self.kinds)
        middle.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.S)
        column.addWidget(self.legend)
        column.addLayout(top)
        column.addLayout(middle)

    def _on_vertical_changed(self) -> None:
        self._vertical = vertical_named(self.vertical_box.currentData())
        self.all_columns.setVisible(bool(self._vertical.kinds))
        self.kinds.show_vertical(self._vertical, self.model.kind.name)
        if not self.model.rows(self.model.kind.name):
            self.kinds.setCurrentRow(0)
        self._show_table(self.kinds.currentItem().data(Qt.ItemDataRole.UserRole))
        self.vertical_changed.emit()
        self.changed.emit()

    def _show_table(self, name: str) -> None:
        kind = next(each for each in resource_kinds() if each.name == name)
        self.model.show_kind(name, self._vertical, self._columns(kind))
        self.table.setAccessibleName(_("Table of {many}").format(many=self._vertical.many(name)))
        self.table.go_to(0, 0)

    def _columns(self, kind: ResourceKind) -> list[Column]:
        """The vertical's columns first, then the others that have values or are asked for."""
        usual = [column for column in kind.columns if self._is_usual(kind, column)]
        others = [column for column in kind.columns if column not in usual]
        if not self.all_columns.isChecked():
            used: set[str] = set().union(*self.model.rows(kind.name))
            others = [column for column in others if column.path[0] in used]
        return [*usual, *others]

    def _is_usual(self, kind: ResourceKind, column: Column) -> bool:
        name = column.path[-1].removeprefix("parent_").removesuffix("s")
        if not self._vertical.kinds or not name.endswith("_key") or name == kind.key:
            return True
        return plural(name.removesuffix("_key")) in self._vertical.kinds

    def _on_rows_edited(self, kind: str) -> None:
        self.kinds.update_count(kind)
        self.checking.start_soon()
        self.rows_changed.emit()
        self.changed.emit()

    def _mark_cell(self, row: int, field: str, reason: str) -> None:
        column = self.model.kind.column_with(field)
        if column is None or column not in self.model.columns:
            self.table.go_to(row, 0)
            return
        self.model.set_error(row, column, reason)
        self.table.go_to(row, list(self.model.columns).index(column))

    def _show_message(self, text: str) -> None:
        announce(self.table, text)
        # After the edit, which clears the note.
        QTimer.singleShot(0, self, lambda: self.note.show_note(text, Tone.INFO))
