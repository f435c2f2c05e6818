"""Copies a secret in a way that clipboard managers don't keep, and clears it after a while."""

from __future__ import annotations

import hashlib
import hmac
import os

from PySide6.QtCore import QMimeData, QObject, QTimer, Signal
from PySide6.QtGui import QClipboard, QGuiApplication

from seam_portal_desktop.domain.secret import Secret

CLEAR_AFTER_S = 60

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
    """Puts secrets on the clipboard, marked as such, and clears them after `clear_after_s`.

    It clears only its own secret. If another program has copied something meanwhile, that stays. It
    stores a keyed digest instead of the text. It never sets X11's selection. `cleared` is emitted
    after each clearing.
    """

    cleared = Signal()

    def __init__(
        self,
        clipboard: QClipboard,
        parent: QObject | None = None,
        *,
        clear_after_s: float = CLEAR_AFTER_S,
    ) -> None:
        super().__init__(parent)
        self._clipboard = clipboard
        # A digest without a key would let a short link be guessed.
        self._digest_key = os.urandom(32)
        self._digest: bytes | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(clear_after_s * 1000))
        self._timer.timeout.connect(self.clear_if_ours)

    def copy(self, secret: Secret) -> None:
        """Put `secret` on the clipboard and start the time until it is cleared."""
        text = secret.reveal()
        data = QMimeData()
        data.setText(text)
        for name, value in _DO_NOT_KEEP.items():
            data.setData(name, value)
        self._clipboard.setMimeData(data, QClipboard.Mode.Clipboard)
        self._digest = self._digest_of(text)
        self._timer.start()

    def clear_if_ours(self) -> None:
        """Clear the secret now, if it is still there. Call it when the program ends."""
        self._timer.stop()
        digest, self._digest = self._digest, None
        if digest is not None and self._holds(digest):
            self._clipboard.clear(QClipboard.Mode.Clipboard)
            self.cleared.emit()

    def _holds(self, digest: bytes) -> bool:
        # Ownership first: reading what another program owns can block for seconds on X11. The
        # offscreen platform never reports ownership.
        if not self._clipboard.ownsClipboard() and QGuiApplication.platformName() != "offscreen":
            return False
        text = self._clipboard.text(QClipboard.Mode.Clipboard)
        return hmac.compare_digest(digest, self._digest_of(text))

    def _digest_of(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), key=self._digest_key).digest()
