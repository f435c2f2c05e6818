"""A bare QWebEngineView in a window that is already on the screen. Argument: the URL to load."""

from __future__ import annotations

import sys

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication, QMainWindow
from support.render_probe import RenderProbe, print_and_end

_SIZE = (560, 700)  # about the program's preview
_SETTLE_MS = 500


def main() -> None:
    app = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.resize(*_SIZE)
    window.show()

    def load() -> None:
        view = QWebEngineView()
        window.setCentralWidget(view)
        view.load(QUrl(sys.argv[1]))

    def find_view() -> QWebEngineView | None:
        view = window.centralWidget()
        return view if isinstance(view, QWebEngineView) else None

    QTimer.singleShot(_SETTLE_MS, lambda: RenderProbe(window, find_view, load, print_and_end))
    app.exec()


main()
