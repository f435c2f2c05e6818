"""Deletes browser profiles at a moment at which that doesn't block the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from seam_portal_desktop.ui.preview.limits.engine_processes import page_processes, resume, suspend

if TYPE_CHECKING:
    import psutil
    from PySide6.QtWebEngineCore import QWebEngineProfile

_PAUSE_MS = 300  # first the next page may begin to load
_ANSWERS = 3
_BETWEEN_MS = 10
_LIMIT_MS = 10_000
_TRY_AGAIN_MS = 1_000


class ProfileRemover(QObject):
    """Deletes each profile a moment after `remove`.

    When a profile is deleted, Qt handles all messages of all pages until there is none left
    (``WebEngineContext::flushMessages``, Qt 6.11). A page that sends messages without end would
    block the window for minutes, also if it belongs to another profile. So the processes of all
    pages are suspended first, and the engine is asked something. Its answer comes after the
    messages that the pages have sent. Meanwhile the window answers. Then the profile is deleted
    and the processes run again. That takes some 50 ms, and some seconds beside such a page.
    """

    def __init__(self) -> None:
        super().__init__()
        self._waiting: list[Callable[[], None]] = []
        self._asked: QWebEngineProfile | None = None
        self._suspended: list[psutil.Process] = []
        self._answers = 0
        self._start_timer = QTimer(self, singleShot=True)
        self._start_timer.timeout.connect(self._start)
        self._limit_timer = QTimer(self, singleShot=True, interval=_LIMIT_MS)
        self._limit_timer.timeout.connect(self._give_up)

    def remove(self, delete: Callable[[], None]) -> None:
        """Call `delete` soon, which deletes a profile. Its pages must have been deleted."""
        self._waiting.append(delete)
        if not self._limit_timer.isActive() and not self._start_timer.isActive():
            self._start_timer.start(_PAUSE_MS)

    def remove_now(self) -> None:
        """Delete all that wait. Call it at the program's end, when no page is open any more."""
        self._start_timer.stop()
        self._end()
        while self._waiting:
            self._waiting.pop(0)()

    def _start(self) -> None:
        self._suspended = page_processes()
        suspend(self._suspended)
        self._limit_timer.start()
        self._answers = 0
        self._ask()

    def _ask(self) -> None:
        # Any question will do. This one needs no page. No page of ours uses this profile's cache.
        if self._asked is None:
            from PySide6.QtWebEngineCore import QWebEngineProfile

            self._asked = QWebEngineProfile.defaultProfile()
            self._asked.clearHttpCacheCompleted.connect(self._on_answer)
        self._asked.clearHttpCache()

    def _on_answer(self) -> None:
        # What the engine did for the last messages may lead to others. So ask more than once.
        self._answers += 1
        # The engine is inside its own call.
        QTimer.singleShot(_BETWEEN_MS, self, self._go_on)

    def _go_on(self) -> None:
        if not self._limit_timer.isActive():
            return
        if self._answers < _ANSWERS:
            self._ask()
            return
        self._waiting.pop(0)()
        self._end()
        if self._waiting:
            self._start_timer.start(_BETWEEN_MS)

    def _give_up(self) -> None:
        self._end()
        self._start_timer.start(_TRY_AGAIN_MS)

    def _end(self) -> None:
        self._limit_timer.stop()
        resume(self._suspended)
        self._suspended = []
