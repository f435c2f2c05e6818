"""The line above the form: presets on the left, 'Form | JSON' on the right."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.segments import Segment, Segments
from seam_portal_desktop.ui.toolkit.theme import Spacing

_FORM, _JSON = "form", "json"


class ViewBar(QWidget):
    """Its ``segments`` switch between the two views of the request."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.segments = Segments(
            [
                Segment(_FORM, _("Form"), _("Form"), quiet=True),
                Segment(_JSON, "JSON", "JSON", quiet=True),
            ],
            self,
        )
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(Spacing.XL, Spacing.M, Spacing.XL, 0)
        self._row.setSpacing(Spacing.M)
        self._row.addStretch(1)
        self._row.addWidget(self.segments)

    @property
    def is_json(self) -> bool:
        return bool(self.segments.value() == _JSON)

    def set_preset_bar(self, preset_bar: QWidget) -> None:
        self._row.insertWidget(0, preset_bar, 1)

    def show_form(self) -> None:
        self.segments.set_value(_FORM)

    def show_json(self) -> None:
        self.segments.set_value(_JSON)
