"""Calls a function in a thread: to read a long text, or to import libraries."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

_POLLED_EVERY_MS = 20


class BackgroundCall(QObject):
    """Runs one function at a time in a thread. `done` carries the result of the newest call.

    While one runs, only the newest of the later calls is kept. What the function raises is raised
    on the window's thread. The thread knows nothing of Qt, so an object that is deleted meanwhile
    does no harm.
    """

    done = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._threads = ThreadPoolExecutor(1, "background")
        self._running: Future[Any] | None = None
        self._next: Callable[[], Any] | None = None
        self._is_wanted = False
        self._timer = QTimer(self)
        self._timer.setInterval(_POLLED_EVERY_MS)
        self._timer.timeout.connect(self._poll)

    def start(self, function: Callable[[], Any]) -> None:
        """Call `function`, which must not use Qt nor change what others read."""
        self._is_wanted = True
        if self._running is not None:
            self._next = function
            return
        self._running = self._threads.submit(function)
        self._timer.start()

    def cancel(self) -> None:
        """Emit nothing for the calls until now."""
        self._is_wanted, self._next = False, None

    def _poll(self) -> None:
        if self._running is None or not self._running.done():
            return
        finished, self._running = self._running, None
        self._timer.stop()
        if self._next is not None:
            following, self._next = self._next, None
            self.start(following)
        elif self._is_wanted:
            self.done.emit(finished.result())
