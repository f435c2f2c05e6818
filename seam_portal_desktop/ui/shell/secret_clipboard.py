"""Copies a secret in a way that clipboard managers don't keep, and clears it after a while."""

from __future__ import annotations

import hashlib
import hmac
import os

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QClipboard, QGuiApplication

from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.labels import own_copy

_AFTER_ACTIVATION_MS = 200

# Each system's clipboard managers look for their own format and ignore the others.
# - KDE's Klipper and the managers that follow it.
# - Windows: the name after value= becomes the clipboard format; the two Can… formats are DWORDs
#   (https://learn.microsoft.com/windows/win32/dataxchg/clipboard-formats).
# - macOS: nspasteboard.org's type. PySide has no QUtiMimeConverter to map it to the native type,
#   so managers written with Qt see it and others may not.
_DO_NOT_KEEP = {
    "x-kde-passwordManagerHint": b"secret",
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': (
        b"\x01\0\0\0"
    ),
    'application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"': b"\0\0\0\0",
    'application/x-qt-windows-mime;value="CanUploadToCloudClipboard"': b"\0\0\0\0",
    "application/x-nspasteboard-concealed-type": b"",
    "org.nspasteboard.ConcealedType": b"",
}


class SecretClipboard(QObject):
    """Puts secrets on the clipboard, marked as such, and clears them after ``clear_after_s``.

    It clears only its own secret. If another program has copied something meanwhile, that stays. It
    stores a keyed digest instead of the text. It never sets X11's selection.

    `cleared` means that the secret was read back and is gone. `not_cleared` means that it may still
    be there: Wayland lets only the active program change and read the clipboard, and on Windows
    another program can lock it. Then it tries again as soon as this program is active.
    """

    cleared = Signal()
    not_cleared = Signal()

    def __init__(
        self,
        clipboard: QClipboard,
        parent: QObject | None = None,
        *,
        clear_after_s: float = 60,
    ) -> None:
        super().__init__(parent)
        self._clipboard = clipboard
        # A digest without a key would let a short link be guessed.
        self._digest_key = os.urandom(32)
        self._digest: bytes | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self.clear_after_s = clear_after_s
        self._timer.timeout.connect(self.clear_if_ours)
        self._is_pending = False
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)  # noqa: S101 - it has a clipboard
        application.applicationStateChanged.connect(self._on_state_changed)

    @property
    def clears_after(self) -> str:
        """How long a secret stays: '60 s', '2 min'."""
        seconds = round(self.clear_after_s)
        minutes = seconds // 60
        return (
            _("{seconds} s").format(seconds=seconds)
            if minutes < 2 or seconds % 60
            else _("{minutes} min").format(minutes=minutes)
        )

    def copy(self, secret: Secret, html: Secret | None = None) -> None:
        """Put `secret` on the clipboard and start the time until it is cleared.

        `html` is the same for programs that take it.
        """
        text = secret.reveal()
        data = own_copy(text)
        if html is not None:
            data.setHtml(html.reveal())
        for name, value in _DO_NOT_KEEP.items():
            data.setData(name, value)
        self._clipboard.setMimeData(data, QClipboard.Mode.Clipboard)
        self._digest = self._digest_of(text)
        self._is_pending = False
        self._timer.start(round(self.clear_after_s * 1000))

    def clear_if_ours(self) -> None:
        """Clear the secret now, if it is still there. Call it when the program ends."""
        self._timer.stop()
        if self._digest is None:
            return
        # Ownership first: reading what another program owns can block for seconds on X11. The
        # offscreen platform never reports ownership. While clearing is pending, another program
        # may own the secret, because it keeps copies.
        owns = self._clipboard.ownsClipboard() or QGuiApplication.platformName() == "offscreen"
        if not owns and not self._is_pending:
            self._digest = None
            return
        was_pending = self._is_pending
        if self._holds_secret():
            self._clipboard.clear(QClipboard.Mode.Clipboard)
        elif not was_pending:
            self._digest = None
            return
        self._is_pending = not _may_read_clipboard() or self._holds_secret()
        if not self._is_pending:
            self._digest = None
            self.cleared.emit()
        elif not was_pending:
            self.not_cleared.emit()

    def _on_state_changed(self, state: Qt.ApplicationState) -> None:
        if self._is_pending and state == Qt.ApplicationState.ApplicationActive:
            # Not now: Wayland's clipboard is announced a moment after the window is active.
            QTimer.singleShot(_AFTER_ACTIVATION_MS, self, self._try_again)

    def _try_again(self) -> None:
        if self._is_pending and _may_read_clipboard():
            self.clear_if_ours()

    def _holds_secret(self) -> bool:
        text = self._clipboard.text(QClipboard.Mode.Clipboard)
        return self._digest is not None and hmac.compare_digest(self._digest, self._digest_of(text))

    def _digest_of(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), key=self._digest_key).digest()


def _may_read_clipboard() -> bool:
    """Whether what is read is what is there. On Wayland an inactive program reads nothing."""
    if not QGuiApplication.platformName().startswith("wayland"):
        return True
    return QGuiApplication.applicationState() == Qt.ApplicationState.ApplicationActive
