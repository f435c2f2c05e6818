"""The same request as a form or as text: which of the two is shown, and both the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QWidget

from seam_portal_desktop.ui.create.segments import Segment, Segments
from seam_portal_desktop.ui.theme import Space

if TYPE_CHECKING:
    from seam_portal_desktop.domain.portal_request import PortalRequest

FORM, JSON = "form", "json"


class RequestView(Protocol):
    """A widget that shows a request and lets it be edited."""

    changed: SignalInstance

    def set_request(self, request: PortalRequest | Mapping[str, Any]) -> None: ...

    def request(self) -> PortalRequest | None:
        """None while what was written is no request."""

    def lock(self, locked: bool) -> None: ...  # noqa: FBT001 - a setter like Qt's own


class ViewBar(QWidget):
    """The line above the form: presets on the left, 'Form | JSON' on the right.

    It is hidden until there is something for it to show. `chosen` carries FORM or JSON.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.segments = Segments(
            [Segment(FORM, "Form", "Form", quiet=True), Segment(JSON, "JSON", "JSON", quiet=True)],
            self,
        )
        self.segments.hide()
        self.segments.changed.connect(lambda: self.chosen.emit(self.segments.value()))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(Space.XL, Space.M, Space.XL, 0)
        self._row.setSpacing(Space.M)
        self._row.addStretch(1)
        self._row.addWidget(self.segments)
        self.hide()

    def set_presets(self, widget: QWidget) -> None:
        self._row.insertWidget(0, widget, 1)
        self.show()

    def offer_json(self) -> None:
        self.segments.show()
        self.show()
