"""Finds out when a document has painted its first content."""

from __future__ import annotations

import json

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineScript

# Often at first, for the page is covered until it is found to be painted: a second, about. Later
# less often, for a page that takes its time or is hidden.
_CHECK_MS = 10
_QUICK_CHECKS = 100
_SLOWEST_CHECK_MS = 250

# Asked in a script world of our own, where the page can't answer for the engine.
_FIRST_PAINT = """JSON.stringify([performance.timeOrigin,
    performance.getEntriesByName('first-contentful-paint').length])"""

WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld.value


class PaintDetector(QObject):
    """Asks the document from `start` to `stop`; the engine has no signal for it.

    `found` comes with every answer that says that a document of the load since `begin` is painted.
    """

    found = Signal()

    def __init__(self, page: QWebEnginePage, parent: QObject) -> None:
        super().__init__(parent)
        self._page = page
        self._is_running = False
        self._is_asking = False
        self._checks = 0
        self._document = 0.0
        self._document_before = 0.0
        self._timer = QTimer(self, singleShot=True, interval=_CHECK_MS)
        self._timer.timeout.connect(self.check)

    def begin(self) -> None:
        """Another document is about to be loaded: the present one doesn't count."""
        self._is_running = True
        self._is_asking = False
        self._document_before = self._document
        self._timer.setInterval(_CHECK_MS)
        self._checks = 0

    def start(self) -> None:
        """Ask in a moment, and until `stop`."""
        self._timer.start()

    def stop(self) -> None:
        self._is_running = False
        self._timer.stop()

    def check(self) -> None:
        """Ask now."""
        if self._is_running and not self._is_asking:
            self._is_asking = True
            self._page.runJavaScript(_FIRST_PAINT, WORLD, self._on_answer)

    def _on_answer(self, answer: object) -> None:
        self._is_asking = False
        if not self._is_running:
            return
        document, paints = json.loads(answer) if isinstance(answer, str) and answer else (0, 0)
        self._judge(document, painted=bool(paints))
        self._ask_later()

    def _judge(self, document: float, *, painted: bool) -> None:
        # The document before this one has been painted too, and may still be the one that answers.
        if painted and document != self._document_before:
            self._document = document
            self.found.emit()

    def _ask_later(self) -> None:
        if self._is_running:
            self._checks += 1
            slower = self._timer.interval() * 6 // 5 if self._checks > _QUICK_CHECKS else _CHECK_MS
            self._timer.start(min(slower, _SLOWEST_CHECK_MS))
