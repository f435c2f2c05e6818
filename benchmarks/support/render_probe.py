"""Finds out when a web view really shows its portal."""

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

_LOOK_EVERY_MS = 5
_PATIENCE_SECONDS = 60
_LEAST_COLOURS = 8
_GRID = 24

# The portal page marks itself when it is complete; the engine knows whether it was painted.
_STATE = """JSON.stringify([
    performance.getEntriesByName('first-contentful-paint').length > 0,
    document.readyState === 'complete'
        && document.documentElement.dataset.portalReady === 'true'])"""


FindView = Callable[[], "QWebEngineView | None"]
"""The view in question, or None while there is none."""


class RenderProbe(QObject):
    """Looks at the view until its page is complete, painted, and seen as pixels.

    `find_view` must cost nothing: searching the program's window each time took 2 ms. Counts from
    `begin`; `done` gets the seconds to when pixels of the page were first seen
    ("painted") and to when it was complete as well ("rendered").
    """

    def __init__(
        self,
        window: QWidget,
        find_view: FindView,
        begin: Callable[[], None],
        done: Callable[[dict[str, float]], None],
    ) -> None:
        super().__init__(window)
        self._find_view = find_view
        self._done = done
        self._painted = 0.0
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
        view = self._find_view()
        if view is not None and not self._asked:
            self._asked = True
            view.page().runJavaScript(_STATE, 1, lambda answer: self._on_answer(view, answer))

    def _on_answer(self, view: QWebEngineView, answer: object) -> None:
        self._asked = False
        painted, complete = json.loads(answer) if isinstance(answer, str) and answer else (0, 0)
        if painted and not self._painted and _is_uncovered(view) and _is_picture(view):
            self._painted = time.monotonic() - self._began
        if self._painted and complete:
            self._timer.stop()
            self._done({"painted": self._painted, "rendered": time.monotonic() - self._began})


def print_and_end(report: dict[str, float]) -> None:
    """What most scripts do when they are done: without tearing anything down."""
    print(json.dumps(report), flush=True)
    os._exit(0)


def _is_uncovered(view: QWebEngineView) -> bool:
    """Whether the middle of the view is what a click there would hit."""
    window = view.window()
    hit = window.childAt(view.mapTo(window, view.rect().center()))
    return hit is view or view.isAncestorOf(hit)


def _is_picture(view: QWebEngineView) -> bool:
    image = view.grab().toImage()
    points = [
        (image.width() * x // _GRID, image.height() * y // _GRID)
        for x in range(_GRID)
        for y in range(_GRID)
    ]
    return len({image.pixel(x, y) for x, y in points}) >= _LEAST_COLOURS
