"""The same request as a form or as text: which of the two is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, cast

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QWidget

from seam_portal_desktop.ui.toolkit.segments import Segment, Segments
from seam_portal_desktop.ui.toolkit.theme import Spacing

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import PortalRequest

_FORM, _JSON = "form", "json"


class RequestView(Protocol):
    """A widget that shows a request and lets it be edited."""

    changed: SignalInstance

    def set_request(self, request: PortalRequest | Mapping[str, Any]) -> None: ...

    def request(self) -> PortalRequest | None:
        """None while what was written is no request."""

    def lock(self, locked: bool) -> None: ...  # noqa: FBT001 - a setter like Qt's own


class ViewBar(QWidget):
    """The line above the form: presets on the left, 'Form | JSON' on the right.

    It is hidden until there is something for it to show. `switched` follows each change of view.
    """

    switched = Signal()

    def __init__(self, form: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._form = form
        self.view: RequestView | None = None
        self._segments = Segments(
            [
                Segment(_FORM, "Form", "Form", quiet=True),
                Segment(_JSON, "JSON", "JSON", quiet=True),
            ],
            self,
        )
        self._segments.hide()
        self._segments.changed.connect(self._switch)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(Spacing.XL, Spacing.M, Spacing.XL, 0)
        self._row.setSpacing(Spacing.M)
        self._row.addStretch(1)
        self._row.addWidget(self._segments)
        self.hide()

    @property
    def is_json(self) -> bool:
        return bool(self._segments.value() == _JSON)

    @property
    def shown(self) -> QWidget:
        """What is shown now, the form or the view."""
        return cast(QWidget, self.view) if self.is_json else self._form

    def set_presets(self, widget: QWidget) -> None:
        self._row.insertWidget(0, widget, 1)
        self.show()

    def offer(self, view: RequestView) -> None:
        """Let the user go to `view`, a widget, and back."""
        self.view = view
        self._segments.show()
        self.show()

    def show_json(self, shown: bool) -> None:  # noqa: FBT001 - a setter like Qt's own
        self._segments.set_value(_JSON if shown else _FORM)

    def _switch(self) -> None:
        self._form.setVisible(not self.is_json)
        cast(QWidget, self.view).setVisible(self.is_json)
        self.switched.emit()
