"""The page that shows where each column of the file goes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from seam_portal_desktop.domain.request.resources import ColumnPath, ResourceKind
from seam_portal_desktop.domain.request.verticals import ANY, Vertical
from seam_portal_desktop.domain.tables.mapping import MappedColumn, SheetMapping
from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.import_data.column_list import ColumnList
from seam_portal_desktop.ui.import_data.source_panel import SourcePanel
from seam_portal_desktop.ui.import_data.target_list import TargetList
from seam_portal_desktop.ui.toolkit.form_parts import FieldNote, isolate, number, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone

_NAME_CHARACTERS = 100

_Field = tuple[ColumnPath, str | None]
"""A column of the table, and a name in the metadata."""


class ColumnsPage(QWidget):
    """`target_chosen` carries the index of a column, and its ColumnTarget or None."""

    target_chosen = Signal(int, object)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._mapping: SheetMapping | None = None
        self._vertical = ANY
        self._targets = TargetList(self)
        self.source = SourcePanel(icons, self)
        self.list = ColumnList(self._targets, theme, icons, self)
        self.list.setObjectName("importColumns")
        self.list.chosen.connect(self._on_chosen)
        self.list.current_changed.connect(self._show_name)
        self.note = FieldNote(self.list, icons)
        self._name_row = QWidget(self)
        self.name_edit = QLineEdit(self._name_row)
        self.name_edit.setObjectName("importMetadataName")
        self.name_edit.setMaxLength(_NAME_CHARACTERS)
        self.name_edit.editingFinished.connect(self._on_name_edited)
        label = plain_label(_("Name in the metadata"), parent=self._name_row)
        label.setBuddy(self.name_edit)
        self.name_edit.setAccessibleName(label.text())
        row = QHBoxLayout(self._name_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Spacing.S)
        row.addWidget(label)
        row.addWidget(self.name_edit, 1)
        self._name_row.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Spacing.M)
        column.addWidget(self.source)
        column.addWidget(self.note)
        column.addWidget(self.list, 1)
        column.addWidget(self._name_row)

    def set_kind(self, kind: ResourceKind, vertical: Vertical) -> None:
        """Offer the fields of this kind."""
        self._vertical = vertical
        self._targets.set_kind(kind, vertical)

    def set_mapping(self, mapping: SheetMapping) -> None:
        self._mapping = mapping
        fields = Counter(
            (each.target.column.path, each.target.metadata_field)
            for each in mapping.columns
            if each.target is not None
        )
        questions = [self._question(each, fields) for each in mapping.columns]
        self.list.columns.set_columns(mapping.columns, questions)
        self._show_note(mapping)
        self._show_name(self.list.currentIndex().row())

    def go_to_missing(self) -> bool:
        """Give the focus to the first choice that is missing. Returns whether there is one."""
        columns = self._mapping.columns if self._mapping is not None else ()
        missing = [at for at, column in enumerate(columns) if column.must_ask]
        if missing:
            self.list.go_to(missing[0])
        return bool(missing)

    def _on_chosen(self, at: int, target: object) -> None:
        self.target_chosen.emit(at, target)

    def _current(self) -> MappedColumn | None:
        at = self.list.currentIndex().row()
        columns = self._mapping.columns if self._mapping is not None else ()
        return columns[at] if 0 <= at < len(columns) else None

    def _show_name(self, _row: int) -> None:
        """Show the field for the name in the metadata, if the selected column has one."""
        column = self._current()
        target = column.target if column is not None else None
        name = target.metadata_field if target is not None else None
        self._name_row.setVisible(name is not None)
        if name is not None and self.name_edit.text() != name:
            self.name_edit.setText(name)

    def _on_name_edited(self) -> None:
        column, name = self._current(), self.name_edit.text().strip()
        target = column.target if column is not None else None
        if target is None or target.metadata_field in (None, name):
            return
        if name:
            self.target_chosen.emit(
                self.list.currentIndex().row(), replace(target, metadata_field=name)
            )
        else:
            self.name_edit.setText(target.metadata_field or "")

    def _question(self, column: MappedColumn, fields: Counter[_Field]) -> str:
        if not column.must_ask:
            return ""
        target = column.target
        if target is None:
            return _("Choose where this column goes, or leave it out.")
        title = isolate(target.title(self._vertical))
        same = fields[target.column.path, target.metadata_field]
        if same > 1:
            return _("{count} columns go to {field}. Choose one, leave out the other.").format(
                count=number(same), field=title
            )
        return _("This may be {field}. Choose where it goes, or leave it out.").format(field=title)

    def _show_note(self, mapping: SheetMapping) -> None:
        asked = sum(each.must_ask for each in mapping.columns)
        if asked:
            self.note.show_note(
                ngettext(
                    "{count} column needs your choice.", "{count} columns need your choice.", asked
                ).format(count=number(asked)),
                Tone.WARNING,
            )
        elif mapping.missing:
            titles = ", ".join(self._vertical.column(each.path) for each in mapping.missing)
            self.note.show_note(
                _("No column goes to {titles}, which each row needs.").format(titles=titles),
                Tone.WARNING,
            )
        else:
            self.note.clear()
