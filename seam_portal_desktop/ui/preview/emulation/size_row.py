"""Two small fields for a size in CSS pixels."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.emulation.settings import LARGEST_SIDE, clamp_side
from seam_portal_desktop.ui.toolkit.theme import Spacing, set_kind

_DIGITS = 6


class SizeRow(QWidget):
    """Width × height; `changed` comes with Enter or when a field is left."""

    changed = Signal(int, int)

    def __init__(self, what: str, parent: QWidget | None = None) -> None:
        """`what` names the thing that has the size, for a screen reader."""
        super().__init__(parent)
        self._size = (0, 0)
        self._fields = [
            _field(_("{side} of {what} in pixels").format(side=side, what=what))
            for side in (_("Width"), _("Height"))
        ]
        between, unit = QLabel("×"), QLabel("pixels")
        for label in (between, unit):
            set_kind(label, "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Spacing.XS)
        for widget in (self._fields[0], between, self._fields[1], unit):
            row.addWidget(widget)
        for field in self._fields:
            field.editingFinished.connect(self._on_editing_finished)

    def set_size(self, width: int, height: int) -> None:
        self._size = (width, height)
        for field, value in zip(self._fields, self._size, strict=True):
            field.setText(str(value))

    def set_width_enabled(self, *, enabled: bool) -> None:
        """Disable the width's field if something else decides the width."""
        self._fields[0].setEnabled(enabled)

    def _on_editing_finished(self) -> None:
        width, height = (
            clamp_side(int(field.text())) if field.text() else before
            for field, before in zip(self._fields, self._size, strict=True)
        )
        changed = (width, height) != self._size
        self.set_size(width, height)
        if changed:
            self.changed.emit(width, height)


def _field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setValidator(QIntValidator(0, 10 * LARGEST_SIDE, field))
    field.setFixedWidth(field.fontMetrics().averageCharWidth() * _DIGITS + 2 * Spacing.S)
    field.setAccessibleName(name)
    field.setToolTip(name)
    return field
