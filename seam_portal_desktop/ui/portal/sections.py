"""Sections that fold, and rows of names and values."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFormLayout, QSizePolicy, QVBoxLayout, QWidget

from seam_portal_desktop.ui.toolkit.form_parts import muted_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconButton
from seam_portal_desktop.ui.toolkit.theme import Spacing


class DetailSection(QWidget):
    """A title that folds and unfolds the content below it."""

    def __init__(
        self, icons: Icons, title: str, content: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icons = icons
        self._content = content
        self.header = IconButton(icons.icon("chevron-down"), title)
        self.header.setText(title)
        self.header.setToolTip("")
        self.header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.header.clicked.connect(self._toggle)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.header, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addWidget(content)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._update_header()

    def _toggle(self) -> None:
        self._content.setVisible(self._content.isHidden())
        self._update_header()

    def _update_header(self) -> None:
        # It takes long to import, and the details aren't shown at the start.
        from seam_portal_desktop.ui.toolkit.access.expandable import set_expanded

        unfolded = not self._content.isHidden()
        self.header.setIcon(self._icons.icon("chevron-down" if unfolded else "chevron-right"))
        set_expanded(self.header, unfolded)


class Facts(QWidget):
    """Rows of a name and a value; a value can be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: list[str] = []
        self._values: list[ElidedLabel] = []
        self._form = QFormLayout(self)
        self._form.setContentsMargins(Spacing.XL, 0, 0, Spacing.S)
        self._form.setHorizontalSpacing(Spacing.L)
        self._form.setVerticalSpacing(Spacing.XS)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)

    def set_rows(self, rows: Sequence[tuple[str, str, str]]) -> None:
        """Show rows of name, value and further text for the tooltip (may be empty)."""
        names = [name for name, _, _ in rows]
        if names != self._names:
            self._rebuild(names)
        for shown, (_, value, hover) in zip(self._values, rows, strict=True):
            shown.set_full_text(value, hover=hover)

    def _rebuild(self, names: list[str]) -> None:
        self._names = names
        while self._form.rowCount():
            self._form.removeRow(0)
        self._values = [ElidedLabel(selectable=True) for _ in names]
        for name, shown in zip(names, self._values, strict=True):
            label = muted_label(name)
            self._form.addRow(label, shown)
