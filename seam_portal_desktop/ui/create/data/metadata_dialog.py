"""One resource's custom metadata as fields and values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.ui.create.form.controls import KeptText
from seam_portal_desktop.ui.toolkit.form_parts import BodyScroll, CalmComboBox, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconButton
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone, set_kind

TEXT, YES, NO, REMOVE = "text", "yes", "no", "remove"
_MEANINGS: dict[str, str | bool | None] = {TEXT: "", YES: True, NO: False, REMOVE: None}
_KINDS = ((TEXT, "Text"), (YES, "Yes"), (NO, "No"), (REMOVE, "Remove in Seam"))
_CHARACTERS = 84
_LONGEST_TEXT = 500


class MetadataDialog(QDialog):
    """Open it with open(); `chosen` carries the mapping when the user is done."""

    chosen = Signal(object)

    def __init__(
        self, title: str, metadata: Mapping[str, Any], icons: Icons, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icons = icons
        self.setWindowTitle(f"Metadata of {title}" if title else "Metadata")
        content = QWidget(self)
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Spacing.S)
        self._column.addStretch(1)
        self.rows: list[MetadataRow] = []
        self.add_button = QPushButton(icons.icon("plus"), "Add a field", self)
        self.add_button.setAutoDefault(False)
        set_kind(self.add_button, "secondary")
        self.add_button.clicked.connect(self._add_and_go)
        self._note = plain_label(wrap=True, parent=self)
        set_kind(self._note, "tone", Tone.DANGER)
        self._note.hide()
        self.done_button = QPushButton("Done", self)
        set_kind(self.done_button, "primary")
        self.done_button.setDefault(True)
        self.done_button.clicked.connect(self._finish)
        cancel = QPushButton("Cancel", self)
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        buttons = QDialogButtonBox(self)
        buttons.addButton(self.done_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        hint = plain_label(
            "Your own facts about it, by name. Filters can show only what has a given one.",
            wrap=True,
            parent=self,
        )
        set_kind(hint, "muted")
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
        if not metadata:
            self.add_row().name.setFocus()
        self.resize(self.fontMetrics().averageCharWidth() * _CHARACTERS, self.sizeHint().height())

    def add_row(self, name: str = "", value: str | bool | None = "") -> MetadataRow:  # noqa: FBT001
        row = MetadataRow(self._icons, self)
        row.fill(name, value)
        row.removed.connect(lambda: self._remove(row))
        self._column.insertWidget(len(self.rows), row)
        self.rows.append(row)
        previous: QWidget = self.rows[-2].remove if len(self.rows) > 1 else self
        for each in (row.name, row.kind, row.text, row.remove):
            if previous is not self:
                QWidget.setTabOrder(previous, each)
            previous = each
        QWidget.setTabOrder(previous, self.add_button)
        return row

    def metadata(self) -> dict[str, Any]:
        """The rows that have a name."""
        return {row.name_text(): row.value() for row in self.rows if row.is_meant()}

    def _add_and_go(self) -> None:
        self.add_row().name.setFocus()

    def _finish(self) -> None:
        names = [row.name_text() for row in self.rows if row.is_meant()]
        twice = next((name for name in names if names.count(name) > 1), None)
        nameless = any(not row.is_meant() and row.text.text() for row in self.rows)
        long = next((row for row in self.rows if len(row.text.text()) > _LONGEST_TEXT), None)
        mistake = ""
        if twice is not None:
            mistake = f"{twice} is there twice."
        elif nameless:
            mistake = "A value has no name."
        elif long is not None:
            mistake = f"A text may have {_LONGEST_TEXT} characters."
        self._note.setText(mistake)
        self._note.setVisible(bool(mistake))
        if not mistake:
            self.chosen.emit(self.metadata())
            self.accept()

    def _remove(self, row: MetadataRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.deleteLater()
        self.add_button.setFocus()


class MetadataRow(QWidget):
    removed = Signal()

    def __init__(self, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._kept_name, self._kept_text = KeptText(), KeptText()
        self._was_given = False
        self.name = QLineEdit(self)
        self.name.setAccessibleName("Field")
        self.name.setPlaceholderText("floor")
        self.kind = CalmComboBox(self)
        self.kind.setAccessibleName("Kind of value")
        for kind, word in _KINDS:
            self.kind.addItem(word, kind)
        self.text = QLineEdit(self)
        self.text.setAccessibleName("Value")
        shape = self.text.sizePolicy()
        shape.setRetainSizeWhenHidden(True)
        self.text.setSizePolicy(shape)
        self.remove = IconButton(icons.icon("x"), "Remove this field", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Spacing.S)
        row.addWidget(self.name, 2)
        row.addWidget(self.kind)
        row.addWidget(self.text, 3)
        row.addWidget(self.remove)
        self.kind.currentIndexChanged.connect(
            lambda: self.text.setVisible(self.kind.currentData() == TEXT)
        )
        self.remove.clicked.connect(self.removed)

    def fill(self, name: str, value: str | bool | None) -> None:  # noqa: FBT001
        self._was_given = bool(name)
        self.name.setText(name)
        self._kept_name.give(name, self.name.text())
        text = value if isinstance(value, str) else ""
        self.text.setText(text)
        self._kept_text.give(text, self.text.text())
        kind = TEXT if isinstance(value, str) else {True: YES, False: NO, None: REMOVE}[value]
        self.kind.setCurrentIndex(self.kind.findData(kind))

    def is_meant(self) -> bool:
        return bool(self.name_text())

    def name_text(self) -> str:
        text = self.name.text()
        return self._kept_name.take(text, text.strip()) or ""

    def value(self) -> str | bool | None:
        kind = self.kind.currentData()
        if kind != TEXT:
            return _MEANINGS[kind]
        text = self.text.text()
        return self._kept_text.take(text, text) or ""
