"""One window per data directory: a second process shows the first one's window and ends."""

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
_CONNECT_SECONDS = 5.0
"""How long a second process tries to reach a first one that is still starting."""


class InstanceLock:
    """A lock on a data directory for one process. A crash frees it too."""

    def __init__(self, lock_file: Path) -> None:
        self._lock_file = lock_file
        self._lock = QLockFile(str(lock_file))
        self._lock.setStaleLockTime(0)  # QLockFile checks whether its process lives

    def acquire(self) -> bool:
        """True for the first process. Raises PermissionError if the directory isn't writable."""
        if self._lock.tryLock(0):
            return True
        if self._lock.error() is not QLockFile.LockError.LockFailedError:
            raise PermissionError("The data directory can't be written to.")
        holder, *_ = self._lock.getLockInfo()
        # A power cut can leave an empty file, which names no process to check. Removing it fails
        # while a process holds it.
        return not holder and self._lock.removeStaleLockFile() and self._lock.tryLock(0)

    def release(self) -> None:
        self._lock.unlock()

    def raise_other(self, portal_id: str | None = None) -> bool:
        """Ask the first process to show its window, and a portal in it; False without an answer."""
        from PySide6.QtNetwork import QLocalSocket

        name = self._name()
        deadline = time.monotonic() + _CONNECT_SECONDS
        while time.monotonic() < deadline:
            socket = QLocalSocket()
            socket.connectToServer(name)
            if socket.waitForConnected(200):
                socket.write(_RAISE if portal_id is None else _SHOW + portal_id.encode() + b"\n")
                socket.waitForBytesWritten(1000)
                # A quick answer may have come already: waitForReadyRead would wait for another one.
                answered = bool(socket.bytesAvailable()) or socket.waitForReadyRead(2000)
                socket.disconnectFromServer()
                return answered
            time.sleep(0.05)
        return False

    def listen(self, parent: QObject) -> RaiseListener:
        """Answer second processes from now on. QtNetwork is slow to load: show the window first."""
        return RaiseListener(self._name(), parent)

    def _name(self) -> str:
        import hashlib  # loads OpenSSL, which no process needs before its window

        path = str(self._lock_file.resolve())  # a directory can have several names
        return "seam-portal-" + hashlib.sha256(path.encode()).hexdigest()[:16]


class RaiseListener(QObject):
    """Emits `raise_requested` for every second process, and answers it.

    `portal_requested` carries the id of the portal that the second process was started with.
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
