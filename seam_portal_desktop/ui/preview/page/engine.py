"""The web engine, started before its first page is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from PySide6.QtWebEngineCore import QWebEngineProfile

_PAUSE_MS = 50
# A driver that fails does so at once: with the engine's start or with the first page's painting.
_PROOF_MS = 3_000
_PAGE_PROOF_MS = 30_000


class EngineStart(QObject):
    """Loads the engine's library, starts it by making a profile that nothing uses, loads TLS.

    Each of the three holds the window up for about a tenth of a second, so the window may paint
    and take keys between them. Qt's TLS library is what certificates are shown with; the engine
    would load it in the middle of the first page whose certificate is wrong.

    `starting` comes before something that a graphics driver may answer by ending the process, and
    `proven` when that went well. After the first page that was painted neither comes again.
    """

    starting = Signal()
    proven = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._profile: QWebEngineProfile | None = None
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._load)
        self._begun = False
        self._in_doubt = False
        self._has_painted = False
        self._proof = QTimer(self, singleShot=True)
        self._proof.timeout.connect(self._end_doubt)

    def begin(self) -> None:
        """Start soon. Calls after the first one change nothing."""
        if not self._begun:
            self._begun = True
            self._timer.start()

    def end(self) -> None:
        """Give up what was started, before the event loop ends. Idempotent."""
        self._begun = True
        self._timer.stop()
        self._end_doubt()
        if self._profile is not None:
            shiboken6.delete(self._profile)
            self._profile = None

    def page_opening(self) -> None:
        """A page is about to be made."""
        self._doubt(_PAGE_PROOF_MS)

    def page_painted(self) -> None:
        self._has_painted = True
        self._end_doubt()

    def page_failed(self) -> None:
        """It ended in an orderly way, painted or not."""
        self._end_doubt()

    def _doubt(self, for_ms: int) -> None:
        if not self._has_painted:
            self._proof.start(for_ms)
            if not self._in_doubt:
                self._in_doubt = True
                self.starting.emit()

    def _end_doubt(self) -> None:
        self._proof.stop()
        if self._in_doubt:
            self._in_doubt = False
            self.proven.emit()

    def _load(self) -> None:
        import seam_portal_desktop.ui.preview.page.page_session  # noqa: F401 - as a screen will

        self._timer.timeout.disconnect(self._load)
        self._timer.timeout.connect(self._start)
        self._timer.start()

    def _start(self) -> None:
        from PySide6.QtWebEngineCore import QWebEngineProfile

        self._doubt(_PROOF_MS)
        self._profile = QWebEngineProfile()
        self._timer.timeout.disconnect(self._start)
        self._timer.timeout.connect(self._load_tls)
        self._timer.start()

    def _load_tls(self) -> None:
        from PySide6.QtNetwork import QSslCertificate

        QSslCertificate()
