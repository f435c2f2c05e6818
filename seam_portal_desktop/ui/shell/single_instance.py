"""One program per data directory: a second start shows the first one's window and ends."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLockFile, QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalSocket

_LONGEST_LINE = 1000
_CONNECT_SECONDS = 5.0
"""How long a second start tries to reach a first one that is still starting."""

_LOCAL_DISKS = frozenset(
    [
        "apfs",
        "bcachefs",
        "btrfs",
        "ext2",
        "ext3",
        "ext4",
        "f2fs",
        "hfs",
        "jfs",
        "overlay",
        "reiserfs",
        "tmpfs",
        "ufs",
        "xfs",
        "zfs",
    ]
)
"""File systems that no other computer can write to."""


@dataclass(frozen=True, slots=True)
class LockHolder:
    """What the lock's file tells. ``process`` is 0 if it tells nothing.

    ``is_elsewhere`` means that the process is, or was, on another computer, or on this one before
    its identity changed. ``since`` is aware, in UTC.
    """

    process: int
    host: str
    is_elsewhere: bool
    since: datetime | None


@dataclass(frozen=True, slots=True)
class RaiseAnswer:
    """What the first program says: whether it showed its window, and on which display it is."""

    raised: bool
    display: str = ""


class InstanceLock:
    """A lock on a data directory for one process. A crash frees it too."""

    def __init__(self, lock_file: Path) -> None:
        self._lock_file = lock_file
        self._lock = QLockFile(str(lock_file))
        self._lock.setStaleLockTime(0)  # QLockFile checks whether its process lives

    def acquire(self) -> bool:
        """True for the first process. Raises PermissionError if the directory isn't writable.

        A holder that is provably gone loses the lock.
        """
        if self._lock.tryLock(0):
            return True
        if self._lock.error() is not QLockFile.LockError.LockFailedError:
            raise PermissionError("The data directory can't be written to.")
        holder = self.holder()
        # A power cut can leave an empty file, which names no process to check. A restored or
        # cloned disk has the lock of another computer, which can't write to a disk of this one.
        can_be_gone = not holder.process or (holder.is_elsewhere and _is_local(self._lock_file))
        return can_be_gone and self.take_over()

    def take_over(self) -> bool:
        """Take the lock from its holder; False while a process holds the file itself.

        On a network drive that can't tell, the holder may still run.
        """
        return self._lock.removeStaleLockFile() and self._lock.tryLock(0)

    def release(self) -> None:
        self._lock.unlock()

    def holder(self) -> LockHolder:
        """Who has the lock, as far as its file tells."""
        from PySide6.QtCore import QSysInfo

        process, host, _program = self._lock.getLockInfo()
        try:
            lines = self._lock_file.read_bytes().split(b"\n")
            since = datetime.fromtimestamp(self._lock_file.stat().st_mtime, UTC)
        except (OSError, ValueError, OverflowError):
            return LockHolder(process, host, is_elsewhere=False, since=None)
        # The order is QLockFile's: process, program, host's name, machine's id, start's id.
        machine = lines[3].strip() if len(lines) > 3 else b""
        own = bytes(QSysInfo.machineUniqueId().data())
        if machine and own:
            is_elsewhere = machine != own
        else:
            is_elsewhere = bool(host) and host != QSysInfo.machineHostName()
        return LockHolder(process, host, is_elsewhere=is_elsewhere, since=since)

    def raise_other(
        self, address: str | None = None, *, anywhere: bool = False
    ) -> RaiseAnswer | None:
        """Ask the first process to show its window, and what `address` asks for; None without an
        answer.

        If its window is on another display, it isn't raised unless `anywhere`.
        """
        return self._ask({"displays": _displays(), "address": address, "anywhere": anywhere})

    def ask_to_close(self) -> bool:
        """Ask the first process to close its window, as its user would. False without an answer."""
        return self._ask({"close": True}) is not None

    def listen(self, parent: QObject) -> RaiseListener:
        """Answer second processes from now on. QtNetwork is slow to load: show the window first."""
        return RaiseListener(self._name(), parent)

    def _ask(self, question: dict[str, Any]) -> RaiseAnswer | None:
        from PySide6.QtNetwork import QLocalSocket

        name = self._name()
        deadline = time.monotonic() + _CONNECT_SECONDS
        while time.monotonic() < deadline:
            socket = QLocalSocket()
            socket.connectToServer(name)
            if socket.waitForConnected(200):
                socket.write(json.dumps(question).encode() + b"\n")
                socket.waitForBytesWritten(1000)
                # A quick answer may have come already: waitForReadyRead would wait for another one.
                answered = bool(socket.bytesAvailable()) or socket.waitForReadyRead(2000)
                line = _read_line(socket)
                socket.disconnectFromServer()
                return _parse_answer(line) if answered else None
            time.sleep(0.05)
        return None

    def _name(self) -> str:
        import hashlib  # loads OpenSSL, which no process needs before its window

        path = str(self._lock_file.resolve())  # a directory can have several names
        return "seam-portal-" + hashlib.sha256(path.encode()).hexdigest()[:16]


class RaiseListener(QObject):
    """Emits `raise_requested` for second processes on this display, and answers all of them.

    `address_requested` carries the address of the program's own scheme that the second process was
    started with, unchecked.
    `close_requested` means that the user wants to go on at the other display.
    """

    raise_requested = Signal()
    address_requested = Signal(str)
    close_requested = Signal()

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        from PySide6.QtNetwork import QLocalServer

        QLocalServer.removeServer(name)  # a crash leaves the socket's file behind
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._accept)
        self._server.listen(name)

    def close(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            if socket.canReadLine():
                self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            return
        question = _parse(_read_line(socket))
        here, there = _displays(), question.get("displays")
        there = there if isinstance(there, list) else []
        raised = not here or not there or any(each in here for each in there)
        raised = raised or question.get("anywhere") is True
        answer = {"raised": raised, "display": here[0] if here else ""}
        socket.write(json.dumps(answer).encode() + b"\n")
        socket.flush()
        if question.get("close") is True:
            self.close_requested.emit()
        elif raised:
            self.raise_requested.emit()
            if isinstance(address := question.get("address"), str):
                self.address_requested.emit(address)


def _displays() -> list[str]:
    """The names of the displays that this process can show windows on, the best one first.

    A window can't move from one to another. The list is empty where there is one for all.
    """
    if sys.platform == "win32":
        import ctypes

        session = ctypes.c_ulong()
        if ctypes.windll.kernel32.ProcessIdToSessionId(os.getpid(), ctypes.byref(session)):
            return [f"session {session.value}"]
        return []
    found = []
    if name := os.environ.get("WAYLAND_DISPLAY"):
        found.append(f"display {name}")
    if name := os.environ.get("DISPLAY"):
        host, _, number = name.rpartition(":")
        # ":0" is the first screen of ":0.0".
        found.append(f"display {host}:{number.removesuffix('.0')}")
    return found


def _is_local(file: Path) -> bool:
    """Whether only this computer can write there. False if that isn't certain."""
    if sys.platform == "win32":
        import ctypes

        fixed = 3
        return bool(ctypes.windll.kernel32.GetDriveTypeW(f"{file.resolve().drive}\\") == fixed)
    from PySide6.QtCore import QStorageInfo

    kind = QStorageInfo(str(file.parent.resolve())).fileSystemType()
    return bytes(kind.data()).decode("ascii", "replace").lower() in _LOCAL_DISKS


def _read_line(socket: QLocalSocket) -> bytes:
    return bytes(socket.readLine(_LONGEST_LINE).data()).strip()


def _parse(line: bytes) -> dict[str, Any]:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _parse_answer(line: bytes) -> RaiseAnswer:
    answer = _parse(line)
    return RaiseAnswer(answer.get("raised", True) is not False, str(answer.get("display", "")))
