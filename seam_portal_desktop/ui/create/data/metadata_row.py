"""One field of custom metadata: its name, the kind of its value, and the value."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.create.form.controls import OriginalText
from seam_portal_desktop.ui.toolkit.form_parts import CalmComboBox
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconButton
from seam_portal_desktop.ui.toolkit.theme import Spacing

TEXT, YES, NO, REMOVE = "text", "yes", "no", "remove"
_VALUES: Mapping[str, bool | None] = {YES: True, NO: False, REMOVE: None}


class MetadataRow(QWidget):
    """`kinds` are the kinds of value to choose from, with their texts."""

    changed = Signal()

    def __init__(
        self, kinds: Mapping[str, str], remove_text: str, icons: Icons, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._original_name, self._original_text = OriginalText(), OriginalText()
        self.name = QLineEdit(self)
        self.name.setPlaceholderText("floor")
        self.kind = CalmComboBox(self)
        for kind, title in kinds.items():
            self.kind.addItem(title, kind)
        self.text = QLineEdit(self)
        self.text.setAccessibleName(_("Value"))
        policy = self.text.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.text.setSizePolicy(policy)
        self.remove_button = IconButton(icons.icon("x"), remove_text, self)
        self.line = QHBoxLayout()
        self.line.setSpacing(Spacing.S)
        self.line.addWidget(self.name, 2)
        self.line.addWidget(self.kind)
        self.line.addWidget(self.text, 3)
        self.line.addWidget(self.remove_button)
        self.fill("", "")
        self.name.textChanged.connect(self.changed)
        self.text.textChanged.connect(self.changed)
        self.kind.currentIndexChanged.connect(self._on_kind_changed)

    def fill(self, name: str, value: str | bool | None) -> None:  # noqa: FBT001 - the contract's own union
        self.name.setText(name)
        self._original_name.set(name, self.name.text())
        text = value if isinstance(value, str) else ""
        self.text.setText(text)
        self._original_text.set(text, self.text.text())
        kinds = (kind for kind, each in _VALUES.items() if each is value)
        self.kind.setCurrentIndex(self.kind.findData(next(kinds, TEXT)))

    def field_name(self) -> str:
        text = self.name.text()
        return self._original_name.value(text, text.strip()) or ""

    def value(self) -> str | bool | None:
        kind = self.kind.currentData()
        if kind != TEXT:
            return _VALUES[kind]
        text = self.text.text()
        return self._original_text.value(text, text) or ""

    def add_to_tab_order(self, previous: QWidget | None) -> QWidget:
        """Put the row's fields after `previous`. Returns the last one."""
        for each in (self.name, self.kind, self.text, self.remove_button):
            if previous is not None:
                QWidget.setTabOrder(previous, each)
            previous = each
        return self.remove_button

    def _on_kind_changed(self) -> None:
        self.text.setVisible(self.kind.currentData() == TEXT)
        self.changed.emit()
