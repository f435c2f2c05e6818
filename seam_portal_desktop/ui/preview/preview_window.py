"""A window of its own for the preview, beside the main window or on another screen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.pane import PreviewPane

_FIRST_SIZE = QSize(1100, 800)


class PreviewWindow(QWidget):
    """Holds toolbar and preview while it is shown. Whoever made it takes them out again.

    `actions` are the main window's: their shortcuts work here too.
    """

    closed = Signal()

    def __init__(self, pane: PreviewPane, actions: Sequence[QAction]) -> None:
        super().__init__()
        self.addActions(list(actions))
        self.show_title("")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for widget, stretch in ((pane.toolbar, 0), (pane, 1)):
            rows.addWidget(widget, stretch)
            widget.show()  # another page of the portal may have been shown
        screen = self.screen()
        self.resize(_FIRST_SIZE.boundedTo(screen.availableSize() * 0.9) if screen else _FIRST_SIZE)

    def show_title(self, customer_key: str) -> None:
        """Name the customer whose portal is shown; empty for none or several."""
        self.setWindowTitle(
            _("{customer_key} – Preview").format(customer_key=customer_key)
            if customer_key
            else _("Preview")
        )

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()
