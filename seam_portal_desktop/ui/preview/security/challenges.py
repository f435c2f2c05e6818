"""Certificates that don't hold and servers that want a password: refused, with the reason."""

from __future__ import annotations

import ctypes

import shiboken6
from PySide6.QtCore import QDateTime, QLocale, QObject, QUrl, Signal
from PySide6.QtNetwork import QAuthenticator, QSsl, QSslCertificate
from PySide6.QtWebEngineCore import (
    QWebEngineCertificateError,
    QWebEngineClientCertificateSelection,
    QWebEnginePage,
)

from seam_portal_desktop.domain.preview.load_failure import FailureKind, LoadFailure

_Error = QWebEngineCertificateError.Type
_REASONS = {
    _Error.CertificateRevoked: "The certificate was revoked by its issuer.",
    _Error.CertificateInvalid: "The certificate is not a valid one.",
    _Error.CertificateContainsErrors: "The certificate is not a valid one.",
    _Error.CertificateWeakKey: "The certificate’s key is too weak.",
    _Error.CertificateWeakSignatureAlgorithm: "The certificate’s signature is too weak.",
    _Error.CertificateNameConstraintViolation: "The issuer may not vouch for this name.",
    _Error.CertificateValidityTooLong: "The certificate is valid for longer than is allowed.",
    _Error.CertificateTransparencyRequired: "The certificate isn’t publicly logged.",
    _Error.SslPinnedKeyNotInCertificateChain: "The certificate isn’t the one this name must have.",
    _Error.CertificateKnownInterceptionBlocked: "The connection is being intercepted.",
    _Error.SslObsoleteVersion: "The server speaks an outdated version of TLS.",
}
_LONGEST_NAME = 60
_NAMES_SHOWN = 3


class ChallengeGuard(QObject):
    """Refuses what the engine would otherwise ask about. Nobody is ever shown a dialog.

    `failed` says why the page itself can't be had; the load fails after it. A part of a page that
    is refused gives only an `asked`, the rest of "The portal asked …".
    """

    failed = Signal(object)  # LoadFailure
    asked = Signal(str)

    def __init__(self, page: QWebEnginePage) -> None:
        super().__init__(page)
        page.certificateError.connect(self._refuse_certificate)
        page.selectClientCertificate.connect(self._give_no_certificate)
        page.authenticationRequired.connect(self._give_no_password)
        page.proxyAuthenticationRequired.connect(self._give_no_proxy_password)

    def _refuse_certificate(self, error: QWebEngineCertificateError) -> None:
        error.rejectCertificate()
        if error.isMainFrame():
            self.failed.emit(LoadFailure(FailureKind.TLS, certificate_reason(error)))

    def _give_no_certificate(self, selection: QWebEngineClientCertificateSelection) -> None:
        selection.selectNone()
        self.asked.emit("for a certificate that says who you are")

    def _give_no_password(self, url: QUrl, authenticator: QAuthenticator) -> None:
        realm = _short(authenticator.realm())
        _make_null(authenticator)
        self.asked.emit("for a name and password")
        who = f"{_short(url.host())} asks for a name and password"
        detail = f"{who}: “{realm}”." if realm else f"{who}."
        self.failed.emit(LoadFailure(FailureKind.SIGN_IN, detail))

    def _give_no_proxy_password(
        self, _url: QUrl, authenticator: QAuthenticator, proxy: str
    ) -> None:
        _make_null(authenticator)
        detail = f"The proxy {_short(proxy)} asks for a name and password."
        self.failed.emit(LoadFailure(FailureKind.SIGN_IN, detail))


def _make_null(authenticator: QAuthenticator) -> None:
    """Refuse to sign in.

    The engine takes a null authenticator for a no. For any other it answers the server with what
    is in it, an empty name and password, over and over (32 requests were seen). In C++ one assigns
    `QAuthenticator()` to it. Python can't, and `clear()` doesn't make it null (PySide6 6.11.3), so
    the one pointer that a QAuthenticator consists of is set to null, which is what makes it so.
    What it pointed to, a realm and two empty strings, is not freed.
    """
    (address,) = shiboken6.getCppPointer(authenticator)
    ctypes.c_void_p.from_address(address).value = None


def certificate_reason(error: QWebEngineCertificateError) -> str:
    """One sentence that says what is wrong with the certificate. Its names are the server's."""
    chain = error.certificateChain()
    if not chain:
        return _REASONS.get(error.type(), _short(error.description()))
    leaf = chain[0]
    if error.type() is _Error.CertificateDateInvalid:
        return _date_reason(leaf)
    if error.type() is _Error.CertificateCommonNameInvalid:
        names = _names(leaf)
        return f"The certificate is for {names}, not for {_short(error.url().host())}."
    if error.type() is _Error.CertificateAuthorityInvalid:
        if len(chain) == 1 and leaf.isSelfSigned():
            return "The server signed its certificate itself."
        issuer = chain[-1].issuerInfo(QSslCertificate.SubjectInfo.CommonName)
        return f"The certificate comes from “{_short(issuer)}”, which this computer doesn’t trust."
    return _REASONS.get(error.type(), _short(error.description()))


def _date_reason(leaf: QSslCertificate) -> str:
    if leaf.effectiveDate() > QDateTime.currentDateTimeUtc():
        begin = _day(leaf.effectiveDate())
        return f"The certificate is not valid before {begin}. Is this computer’s clock right?"
    return f"The certificate expired on {_day(leaf.expiryDate())}."


def _day(moment: QDateTime) -> str:
    return QLocale().toString(moment.toLocalTime().date(), QLocale.FormatType.LongFormat)


def _names(leaf: QSslCertificate) -> str:
    names = leaf.subjectAlternativeNames().get(QSsl.AlternativeNameEntryType.DnsEntry, [])
    names = sorted(names) or leaf.subjectInfo(QSslCertificate.SubjectInfo.CommonName)
    shown = ", ".join(_short(name) for name in names[:_NAMES_SHOWN])
    return f"{shown} and others" if len(names) > _NAMES_SHOWN else shown or "no name"


def _short(text: object) -> str:
    """A server's word, fit for one line: no control characters, not too long."""
    word = ", ".join(text) if isinstance(text, list) else str(text)
    plain = "".join(letter for letter in word if letter.isprintable())
    return plain if len(plain) <= _LONGEST_NAME else f"{plain[: _LONGEST_NAME - 1]}…"
