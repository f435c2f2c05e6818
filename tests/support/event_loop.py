"""Qt's event loop for tests, where many asyncio loops run in one process.

A second `QApplication.exec()` after WebEngine was used crashes, and qasync calls exec() at each
run. So qasync gets an object in place of the application that runs a new QEventLoop.
"""

from __future__ import annotations

import qasync
from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QApplication


class _NestedApplication:
    def __init__(self, app: QCoreApplication) -> None:
        self._app = app
        self._loop: QEventLoop | None = None
        self.aboutToQuit = app.aboutToQuit

    def exec(self) -> int:
        self._loop = QEventLoop()
        try:
            return self._loop.exec()
        finally:
            self._loop = None

    def exit(self, code: int = 0) -> None:
        if self._loop is not None:
            self._loop.exit(code)

    def processEvents(self) -> None:  # noqa: N802 - Qt's name
        self._app.processEvents()

    def eventDispatcher(self):  # noqa: N802 - Qt's name
        return self._app.eventDispatcher()


def qt_event_loop() -> qasync.QEventLoop:
    app = QApplication.instance()
    assert app is not None
    return qasync.QEventLoop(_NestedApplication(app))
