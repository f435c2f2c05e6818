"""Starts the web engine before its first page is wanted, and makes pages beforehand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal

from seam_portal_desktop.ui.preview.network.page_network import PageNetwork, PageNetworkError

if TYPE_CHECKING:
    from PySide6.QtWebEngineCore import QWebEngineProfile

_PAUSE_MS = 50
_IDLE_MS = 1_000
# The user looks at a page that has just been painted.
_NEXT_PAGE_MS = 250
# A bad graphics driver fails soon: when the engine starts, or when the first page is painted.
_START_RISK_MS = 3_000
_PAGE_RISK_MS = 30_000


class EngineStart(QObject):
    """Loads the engine's library, starts it by making a profile, prepares a page, loads TLS.

    Each step blocks the window for up to a tenth of a second. Between the steps the window paints
    and handles keys. Certificates are shown with Qt's TLS library. If it weren't loaded here, it
    would be loaded while a page with a wrong certificate opens. After each painted page the next
    one is prepared.

    `starting` comes before a step in which a bad graphics driver may end the process. `proven`
    comes when the process has survived that step. After the first painted page neither comes again.
    """

    starting = Signal()
    proven = Signal()

    def __init__(
        self,
        network: PageNetwork,
        preload: Callable[[], None],
        prepare: Callable[[], None],
        parent: QObject,
    ) -> None:
        """`preload` imports what pages need beside the engine itself; `prepare` makes a page.

        The engine isn't started if `network` can't be.
        """
        super().__init__(parent)
        self._network = network
        self._preload = preload
        self._prepare = prepare
        self._profile: QWebEngineProfile | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._run_step)
        self._steps = [self._load, self._start, self._prepare, self._load_tls]
        self._ended = False
        self._is_risky = False
        self._has_painted = False
        self._risk_timer = QTimer(self, singleShot=True)
        self._risk_timer.timeout.connect(self._end_risky_step)

    def begin(self) -> None:
        """Run the remaining steps soon, and prepare a page."""
        self._prepare_after(_PAUSE_MS)

    def begin_later(self) -> None:
        """Start in a second, after the program has painted its list. Does nothing if it runs."""
        if not self._ended and self._steps and not self._timer.isActive():
            self._timer.start(_IDLE_MS)

    def end(self) -> None:
        """Stop, and delete the profile. Call it before the event loop ends. Idempotent."""
        self._ended = True
        self._timer.stop()
        self._end_risky_step()
        if self._profile is not None:
            shiboken6.delete(self._profile)
            self._profile = None

    def page_opening(self) -> None:
        """A page is about to be made."""
        self._begin_risky_step(_PAGE_RISK_MS)

    def page_painted(self) -> None:
        self._has_painted = True
        self._end_risky_step()
        if self._profile is not None:
            self._prepare_after(_NEXT_PAGE_MS)

    def page_failed(self) -> None:
        """The page failed, but the process still runs."""
        self._end_risky_step()

    def _prepare_after(self, pause_ms: int) -> None:
        if not self._ended:
            if self._prepare not in self._steps:
                self._steps.append(self._prepare)
            self._timer.start(pause_ms)

    def _begin_risky_step(self, for_ms: int) -> None:
        if not self._has_painted:
            self._risk_timer.start(for_ms)
            if not self._is_risky:
                self._is_risky = True
                self.starting.emit()

    def _end_risky_step(self) -> None:
        self._risk_timer.stop()
        if self._is_risky:
            self._is_risky = False
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

        try:
            self._network.start()
        except PageNetworkError:  # each preview that is opened says so
            self._steps.clear()
            return
        self._begin_risky_step(_START_RISK_MS)
        self._profile = QWebEngineProfile()

    def _load_tls(self) -> None:
        from PySide6.QtNetwork import QSslCertificate

        QSslCertificate()
