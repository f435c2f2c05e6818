"""Tells when a web view really shows its portal."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtWebEngineWidgets import QWebEngineView

_LOOK_EVERY_MS = 10
_PATIENCE_SECONDS = 60
_LEAST_COLOURS = 8
_GRID = 24

# The portal page says by itself when it is complete; the engine says whether it was painted.
_READY = """JSON.stringify(
    document.readyState === 'complete'
    && document.documentElement.dataset.portalReady === 'true'
    && performance.getEntriesByName('first-contentful-paint').length > 0)"""


class RenderProbe(QObject):
    """Looks for a view in a window until its page is complete, painted, and seen as pixels.

    Counts from `begin`, prints the report and ends the process.
    """

    def __init__(self, window: QWidget, begin: Callable[[], None]) -> None:
        super().__init__(window)
        self._window = window
        self._asked = False
        self._timer = QTimer(self, interval=_LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._began = time.monotonic()
        self._timer.start()
        begin()

    def _look(self) -> None:
        if time.monotonic() - self._began > _PATIENCE_SECONDS:
            sys.stderr.write("The portal was never rendered.\n")
            sys.stderr.flush()
            os._exit(1)
        # Importing it here would take that over from the program.
        engine = sys.modules.get("PySide6.QtWebEngineWidgets")
        view = self._window.findChild(engine.QWebEngineView) if engine else None
        if view is not None and not self._asked:
            self._asked = True
            view.page().runJavaScript(_READY, 1, lambda answer: self._hear(view, answer))

    def _hear(self, view: QWebEngineView, answer: object) -> None:
        self._asked = False
        if answer == "true" and _is_picture(view):
            print(json.dumps({"rendered": time.monotonic() - self._began}), flush=True)
            os._exit(0)


def _is_picture(view: QWebEngineView) -> bool:
    image = view.grab().toImage()
    points = [
        (image.width() * x // _GRID, image.height() * y // _GRID)
        for x in range(_GRID)
        for y in range(_GRID)
    ]
    return len({image.pixel(x, y) for x, y in points}) >= _LEAST_COLOURS
