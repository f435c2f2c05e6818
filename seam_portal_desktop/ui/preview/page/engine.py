"""Starts the web engine before its first page is wanted, and makes pages beforehand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from PySide6.QtWebEngineCore import QWebEngineProfile

_PAUSE_MS = 50
_IDLE_MS = 1_000
# The user looks at a page that has just been painted.
_NEXT_PAGE_MS = 250
# A driver that fails does so at once: with the engine's start or with the first page's painting.
_PROOF_MS = 3_000
_PAGE_PROOF_MS = 30_000


class EngineStart(QObject):
    """Loads the engine's library, starts it by making a profile, prepares a page, loads TLS.

    Each step blocks the window for up to a tenth of a second, so the window may paint and take
    keys between them. Qt's TLS library is what certificates are shown with; the engine would load
    it in the middle of the first page whose certificate is wrong. After each painted page the next
    one is prepared.

    `starting` comes before something that a graphics driver may answer by ending the process, and
    `proven` when that went well. After the first page that was painted neither comes again.
    """

    starting = Signal()
    proven = Signal()

    def __init__(
        self, preload: Callable[[], None], prepare: Callable[[], None], parent: QObject
    ) -> None:
        """`preload` imports what pages need beside the engine itself; `prepare` makes a page."""
        super().__init__(parent)
        self._preload = preload
        self._prepare = prepare
        self._profile: QWebEngineProfile | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._run_step)
        self._steps = [self._load, self._start, self._prepare, self._load_tls]
        self._ended = False
        self._in_doubt = False
        self._has_painted = False
        self._proof = QTimer(self, singleShot=True)
        self._proof.timeout.connect(self._end_doubt)

    def begin(self) -> None:
        """Do soon what isn't done yet, and have a page prepared."""
        self._prepare_after(_PAUSE_MS)

    def begin_later(self) -> None:
        """Start once the program has painted its list, if that isn't begun yet."""
        if not self._ended and self._steps and not self._timer.isActive():
            self._timer.start(_IDLE_MS)

    def end(self) -> None:
        """Give up what was started, before the event loop ends. Idempotent."""
        self._ended = True
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
        if self._profile is not None:
            self._prepare_after(_NEXT_PAGE_MS)

    def page_failed(self) -> None:
        """It ended in an orderly way, painted or not."""
        self._end_doubt()

    def _prepare_after(self, pause_ms: int) -> None:
        if not self._ended:
            if self._prepare not in self._steps:
                self._steps.append(self._prepare)
            self._timer.start(pause_ms)

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

    def _run_step(self) -> None:
        self._steps.pop(0)()
        if self._steps:
            self._timer.start(_PAUSE_MS)

    def _load(self) -> None:
        import psutil  # noqa: F401 - as the first page's monitor will

        import seam_portal_desktop.ui.preview.page.page_session  # noqa: F401 - as a page will

        self._preload()

    def _start(self) -> None:
        from PySide6.QtWebEngineCore import QWebEngineProfile

        self._doubt(_PROOF_MS)
        self._profile = QWebEngineProfile()

    def _load_tls(self) -> None:
        from PySide6.QtNetwork import QSslCertificate

        QSslCertificate()
