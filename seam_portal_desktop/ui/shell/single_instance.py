"""One window per data directory: a second start raises the first one."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalSocket

_RAISE = b"raise\n"
_SHOW = b"show "
_LONGEST_LINE = 100
_PATIENCE_SECONDS = 5.0
"""How long a second start tries to reach a first one that is still starting."""


class InstanceLock:
    """Held by the one process that works on a data directory; freed even by a crash."""

    def __init__(self, lock_file: Path) -> None:
        self._lock_file = lock_file
        self._lock = QLockFile(str(lock_file))
        self._lock.setStaleLockTime(0)  # age says nothing; QLockFile checks whether its pid lives

    def acquire(self) -> bool:
        """True when this process is the first. Raises PermissionError for an unwritable place."""
        if self._lock.tryLock(0):
            return True
        if self._lock.error() is not QLockFile.LockError.LockFailedError:
            raise PermissionError("The data directory can't be written to.")
        holder, *_ = self._lock.getLockInfo()
        # A power cut can leave an empty file, which names no process that could be seen to be
        # gone. Removing it fails while a living one holds it.
        return not holder and self._lock.removeStaleLockFile() and self._lock.tryLock(0)

    def release(self) -> None:
        self._lock.unlock()

    def raise_other(self, portal_id: str | None = None) -> bool:
        """Ask the first process to show its window, and a portal in it.

        False when it doesn't answer.
        """
        from PySide6.QtNetwork import QLocalSocket

        name = self._name()
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            socket = QLocalSocket()
            socket.connectToServer(name)
            if socket.waitForConnected(200):
                socket.write(_RAISE if portal_id is None else _SHOW + portal_id.encode() + b"\n")
                socket.waitForBytesWritten(1000)
                # A quick answer came with the writing; waiting would be for a second one.
                answered = bool(socket.bytesAvailable()) or socket.waitForReadyRead(2000)
                socket.disconnectFromServer()
                return answered
            time.sleep(0.05)
        return False

    def listen(self, parent: QObject) -> RaiseListener:
        """Hear second starts from now on. Call it after the window is shown: QtNetwork is heavy."""
        return RaiseListener(self._name(), parent)

    def _name(self) -> str:
        import hashlib  # loads OpenSSL, and a first start needs no name before its window

        place = str(self._lock_file.resolve())  # a directory can be named in several ways
        return "seam-portal-" + hashlib.sha256(place.encode()).hexdigest()[:16]


class RaiseListener(QObject):
    """Emits `raise_requested` for every second start, and answers it.

    `portal_requested` brings the id of the portal that the second start was to show.
    """

    raise_requested = Signal()
    portal_requested = Signal(str)

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        from PySide6.QtNetwork import QLocalServer

        QLocalServer.removeServer(name)  # a crash leaves the socket's file behind
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        self._server.listen(name)

    def close(self) -> None:
        self._server.close()

    def _answer(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            socket.write(b"ok\n")

    def _read(self, socket: QLocalSocket) -> None:
        line = bytes(socket.readLine(_LONGEST_LINE).data()).strip()
        self.raise_requested.emit()
        if line.startswith(_SHOW):
            self.portal_requested.emit(line.removeprefix(_SHOW).decode("ascii", "ignore"))
