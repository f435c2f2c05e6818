"""Tries again by itself while a portal can't be reached, and at once when the network is back."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from seam_portal_desktop.domain.preview.load_failure import FailureKind

RETRIED = frozenset(
    {
        FailureKind.OFFLINE,
        FailureKind.NAME,
        FailureKind.REFUSED,
        FailureKind.TIMED_OUT,
        FailureKind.CONNECTION,
    }
)
"""Failures that may end by themselves. Only the GET request that opens the link is repeated."""

_SECOND_MS = 1_000


class NetworkReturn(QObject):
    """Emits `came_back` when the system has a network again, where it reports that."""

    came_back = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._begun = False

    def begin(self) -> None:
        """Connect to the system's backend. Only the first call does something."""
        if self._begun:
            return
        self._begun = True
        from PySide6.QtNetwork import QNetworkInformation

        if QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Reachability):
            QNetworkInformation.instance().reachabilityChanged.connect(
                self._on_reachability_changed
            )

    def _on_reachability_changed(self, reachability: object) -> None:
        from PySide6.QtNetwork import QNetworkInformation

        if reachability is QNetworkInformation.Reachability.Online:
            self.came_back.emit()


class Retry(QObject):
    """Counts the seconds down with `waiting`, then emits `due`. Each pause is longer."""

    waiting = Signal(int)
    due = Signal()

    def __init__(
        self,
        parent: QObject,
        *,
        pauses: tuple[timedelta, ...],
        network: NetworkReturn | None = None,
    ) -> None:
        super().__init__(parent)
        self._pauses = pauses
        self._network = network or NetworkReturn(self)
        self._network.came_back.connect(self._retry_now)
        self._tries = 0
        self._left_ms = 0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._count)

    @property
    def has_begun(self) -> bool:
        """Whether a failed load is being tried again."""
        return self._tries > 0

    def begin(self) -> None:
        """Wait for the next try, longer than the last time, because the load failed."""
        self._network.begin()
        pause = self._pauses[min(self._tries, len(self._pauses) - 1)]
        self._tries += 1
        self._left_ms = pause // timedelta(milliseconds=1)
        self._emit_waiting()

    def stop(self) -> None:
        """Stop, because the load succeeded or something else is shown."""
        self._tries = 0
        self._timer.stop()

    def _retry_now(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self.due.emit()

    def _count(self) -> None:
        self._left_ms -= _SECOND_MS
        if self._left_ms > 0:
            self._emit_waiting()
        else:
            self.due.emit()

    def _emit_waiting(self) -> None:
        self.waiting.emit(-(-self._left_ms // _SECOND_MS))
        self._timer.start(min(_SECOND_MS, self._left_ms))
