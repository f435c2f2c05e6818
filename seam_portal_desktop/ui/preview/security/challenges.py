"""Bad certificates, client certificates and passwords: the preview refuses them."""

from __future__ import annotations

import ctypes

import shiboken6
from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtNetwork import QAuthenticator
from PySide6.QtWebEngineCore import (
    QWebEngineCertificateError,
    QWebEngineClientCertificateSelection,
    QWebEnginePage,
)

from seam_portal_desktop.domain.preview.load_failure import FailureKind, LoadFailure
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.security.certificates import certificate_reason
from seam_portal_desktop.ui.preview.security.shown_text import shown_text


class ChallengeGuard(QObject):
    """Refuses each challenge of a server. The user never sees a dialog.

    `failed` comes before the load of the page itself fails. A refused part of the page gives
    only `asked`.
    """

    failed = Signal(object)  # LoadFailure
    asked = Signal(str)  # the rest of a sentence that begins with "The portal asked"

    def __init__(self, page: QWebEnginePage) -> None:
        super().__init__(page)
        page.certificateError.connect(self._refuse_certificate)
        page.selectClientCertificate.connect(self._refuse_client_certificate)
        page.authenticationRequired.connect(self._refuse_password)

    def _refuse_certificate(self, error: QWebEngineCertificateError) -> None:
        error.rejectCertificate()
        if error.isMainFrame():
            self.failed.emit(LoadFailure(FailureKind.TLS, certificate_reason(error)))

    def _refuse_client_certificate(self, selection: QWebEngineClientCertificateSelection) -> None:
        selection.selectNone()
        self.asked.emit(_("for a certificate that says who you are"))

    def _refuse_password(self, url: QUrl, authenticator: QAuthenticator) -> None:
        realm = shown_text(authenticator.realm())
        _make_null(authenticator)
        self.asked.emit(_("for a name and password"))
        request = _("{host} asks for a name and password").format(host=shown_text(url.host()))
        detail = f"{request}: “{realm}”." if realm else f"{request}."
        self.failed.emit(LoadFailure(FailureKind.SIGN_IN, detail))


def _make_null(authenticator: QAuthenticator) -> None:
    """Make the authenticator null, which refuses to sign in.

    The engine takes a null authenticator for a refusal. For any other it sends an empty name and
    password to the server, over and over (32 requests were seen). C++ code assigns
    `QAuthenticator()` to it. Python can't, and `clear()` doesn't make it null (PySide6 6.11.3).
    A QAuthenticator consists of one pointer, so this sets that pointer to null. The object behind
    it, a realm and two empty strings, is not freed.
    """
    (address,) = shiboken6.getCppPointer(authenticator)
    ctypes.c_void_p.from_address(address).value = None
