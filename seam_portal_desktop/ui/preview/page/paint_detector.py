"""Finds out when a document has painted its first content."""

from __future__ import annotations

import json

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineScript

# The page is covered until its first paint is found. So the first checks, for about a second, come
# quickly. After that the page is slow or hidden, and the checks come less often.
_CHECK_MS = 10
_QUICK_CHECKS = 100
_SLOWEST_CHECK_MS = 250

# Runs in our own script world, where the page can't change the answer.
_FIRST_PAINT = """JSON.stringify([performance.timeOrigin,
    performance.getEntriesByName('first-contentful-paint').length])"""

WORLD = QWebEngineScript.ScriptWorldId.ApplicationWorld.value


class PaintDetector(QObject):
    """Asks the document repeatedly from `start` to `stop`, because the engine has no signal for it.

    `found` comes with each answer that says: a document that was loaded after `begin` has painted.
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
        """Ignore the present document from now on, because another one is about to be loaded."""
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
        # The answer may still come from the document before, which has painted too.
        if painted and document != self._document_before:
            self._document = document
            self.found.emit()

    def _ask_later(self) -> None:
        if self._is_running:
            self._checks += 1
            slower = self._timer.interval() * 6 // 5 if self._checks > _QUICK_CHECKS else _CHECK_MS
            self._timer.start(min(slower, _SLOWEST_CHECK_MS))
