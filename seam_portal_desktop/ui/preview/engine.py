"""The web engine, started before its first page is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from PySide6.QtWebEngineCore import QWebEngineProfile

_PAUSE_MS = 50


class EngineStart(QObject):
    """Loads the engine's library, then starts it by making a profile that nothing uses.

    Each of the two holds the window up for about a tenth of a second, so the window may paint
    and take keys between them.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._profile: QWebEngineProfile | None = None
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._load)
        self._begun = False

    def begin(self) -> None:
        """Start soon. Calls after the first one change nothing."""
        if not self._begun:
            self._begun = True
            self._timer.start()

    def end(self) -> None:
        """Give up what was started, before the event loop ends. Idempotent."""
        self._begun = True
        self._timer.stop()
        if self._profile is not None:
            shiboken6.delete(self._profile)
            self._profile = None

    def _load(self) -> None:
        import seam_portal_desktop.ui.preview.web_view  # noqa: F401 - as `PreviewPane` will

        self._timer.timeout.disconnect(self._load)
        self._timer.timeout.connect(self._start)
        self._timer.start()

    def _start(self) -> None:
        from PySide6.QtWebEngineCore import QWebEngineProfile

        self._profile = QWebEngineProfile()
