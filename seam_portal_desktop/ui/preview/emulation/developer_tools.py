"""The engine's developer tools for one preview, in a window of their own."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QVBoxLayout, QWidget

_SIZE = (960, 640)


class DeveloperTools(QWidget):
    """Shows the tools once `front_end` inspects a page; ends with `end()` or with its window."""

    closed = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setWindowTitle(title)
        self.resize(*_SIZE)
        # Qt's own profile: deleting one could block the window (see `ProfileRemover`).
        self.front_end = _FrontEnd(QWebEngineProfile.defaultProfile())
        self._view = QWebEngineView(self)
        self._view.setPage(self.front_end)
        self._view.setAcceptDrops(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def end(self) -> None:
        """Call it before the inspected page is deleted. Idempotent."""
        self.hide()
        for part in (self._view, self.front_end):
            if shiboken6.isValid(part):
                shiboken6.delete(part)
        self.deleteLater()


class _FrontEnd(QWebEnginePage):
    """Goes nowhere but to the tools themselves."""

    def acceptNavigationRequest(
        self,
        url: QUrl | str,
        type: QWebEnginePage.NavigationType,  # noqa: A002, ARG002 - Qt's name
        isMainFrame: bool,  # noqa: ARG002, FBT001, N803 - Qt's name
    ) -> bool:
        return QUrl(url).scheme() in ("devtools", "about")

    def javaScriptConsoleMessage(self, *_: object) -> None:
        """Dropped: Qt would log it, and it may quote the page."""
