"""A dialog to edit the custom metadata of one resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.data.metadata_row import NO, REMOVE, TEXT, YES, MetadataRow
from seam_portal_desktop.ui.toolkit.access.reading_order import order_by_layout
from seam_portal_desktop.ui.toolkit.form_parts import BodyScroll, muted_label, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind

_KINDS = {TEXT: _("Text"), YES: _("Yes"), NO: _("No"), REMOVE: _("Remove in Seam")}
_WIDTH_IN_CHARACTERS = 84
_MAX_TEXT = 500


class MetadataDialog(QDialog):
    """Open it with open(). `chosen` carries the mapping once the user presses Done."""

    chosen = Signal(object)

    def __init__(
        self, title: str, metadata: Mapping[str, Any], icons: Icons, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icons = icons
        self.setWindowTitle(
            _("Metadata of {title}").format(title=title) if title else _("Metadata")
        )
        content = QWidget(self)
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Spacing.S)
        self._column.addStretch(1)
        self.rows: list[MetadataRow] = []
        self.add_button = QPushButton(icons.icon("plus"), _("Add a field"), self)
        self.add_button.setAutoDefault(False)
        set_kind(self.add_button, "secondary")
        self.add_button.clicked.connect(self._on_add_clicked)
        self._note = plain_label(wrap=True, parent=self)
        set_kind(self._note, "tone", Tone.DANGER)
        self._note.hide()
        self.done_button = QPushButton(_("Done"), self)
        set_kind(self.done_button, "primary")
        self.done_button.setDefault(True)
        self.done_button.clicked.connect(self._finish)
        cancel = QPushButton(_("Cancel"), self)
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        buttons = QDialogButtonBox(self)
        buttons.addButton(self.done_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        hint = muted_label(
            _("Your own facts about it, by name. Filters can show only what has a given one."),
            wrap=True,
            parent=self,
        )
        footer = QHBoxLayout()
        footer.addWidget(self.add_button)
        footer.addStretch(1)
        footer.addWidget(buttons)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(Spacing.XL, Spacing.L, Spacing.XL, Spacing.L)
        outer.setSpacing(Spacing.M)
        outer.addWidget(hint)
        outer.addWidget(BodyScroll(content, self), 1)
        outer.addWidget(self._note)
        outer.addLayout(footer)
        for name, value in metadata.items():
            self.add_row(name, value)
        order_by_layout(self)
        if not metadata:
            self.add_row().name.setFocus()
        width = self.fontMetrics().averageCharWidth() * _WIDTH_IN_CHARACTERS
        self.resize(width, self.sizeHint().height())

    def add_row(self, name: str = "", value: str | bool | None = "") -> MetadataRow:  # noqa: FBT001
        row = MetadataRow(_KINDS, _("Remove this field"), self._icons, self)
        row.setLayout(row.line)
        row.line.setContentsMargins(0, 0, 0, 0)
        row.name.setAccessibleName(_("Field"))
        row.kind.setAccessibleName(_("Kind of value"))
        row.fill(name, value)
        row.remove_button.clicked.connect(lambda: self._remove(row))
        self._column.insertWidget(len(self.rows), row)
        previous = self.rows[-1].remove_button if self.rows else None
        self.rows.append(row)
        QWidget.setTabOrder(row.add_to_tab_order(previous), self.add_button)
        return row

    def metadata(self) -> dict[str, Any]:
        """The rows that have a name."""
        return {name: row.value() for row in self.rows if (name := row.field_name())}

    def _on_add_clicked(self) -> None:
        self.add_row().name.setFocus()

    def _finish(self) -> None:
        names = [name for row in self.rows if (name := row.field_name())]
        twice = next((name for name in names if names.count(name) > 1), None)
        nameless = any(row.text.text() and not row.field_name() for row in self.rows)
        long = next((row for row in self.rows if len(row.text.text()) > _MAX_TEXT), None)
        problem = ""
        if twice is not None:
            problem = _("{twice} is there twice.").format(twice=twice)
        elif nameless:
            problem = _("A value has no name.")
        elif long is not None:
            problem = _("A text may have {max_text} characters.").format(max_text=_MAX_TEXT)
        self._note.setText(problem)
        self._note.setVisible(bool(problem))
        if not problem:
            self.chosen.emit(self.metadata())
            self.accept()

    def _remove(self, row: MetadataRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.deleteLater()
        self.add_button.setFocus()
