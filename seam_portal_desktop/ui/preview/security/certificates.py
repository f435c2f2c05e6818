"""Server certificates: which extra authorities are trusted, and why a certificate is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.security.shown_text import shown_text
from seam_portal_desktop.ui.toolkit.times import long_date

if TYPE_CHECKING:
    from PySide6.QtNetwork import QSslCertificate
    from PySide6.QtWebEngineCore import QWebEngineCertificateError

# By the names of QWebEngineCertificateError.Type.
_REASONS = {
    "CertificateRevoked": _("The certificate was revoked by its issuer."),
    "CertificateInvalid": _("The certificate is not a valid one."),
    "CertificateContainsErrors": _("The certificate is not a valid one."),
    "CertificateWeakKey": _("The certificate’s key is too weak."),
    "CertificateWeakSignatureAlgorithm": _("The certificate’s signature is too weak."),
    "CertificateNameConstraintViolation": _("The issuer may not vouch for this name."),
    "CertificateValidityTooLong": _("The certificate is valid for longer than is allowed."),
    "CertificateTransparencyRequired": _("The certificate isn’t publicly logged."),
    "SslPinnedKeyNotInCertificateChain": _("The certificate isn’t the one this name must have."),
    "CertificateKnownInterceptionBlocked": _("The connection is being intercepted."),
    "SslObsoleteVersion": _("The server speaks an outdated version of TLS."),
}
_NAMES_SHOWN = 3


class Authorities:
    """Certificate authorities that are trusted beside the engine's own, such as the company's.

    There are none until `set_pems` is called. Pages that are opened afterwards trust them.
    """

    def __init__(self) -> None:
        self._pems: tuple[bytes, ...] = ()
        self._certificates: list[QSslCertificate] = []

    def set_pems(self, pems: Sequence[bytes]) -> None:
        """Replace the authorities. `pems` are PEM texts; each may hold several certificates."""
        self._pems = tuple(pems)
        self._certificates = []

    def certificates(self) -> list[QSslCertificate]:
        """The readable certificates. The first call loads Qt's TLS library, some 200 ms."""
        if self._pems and not self._certificates:
            from PySide6.QtNetwork import QSslCertificate

            self._certificates = [
                certificate for pem in self._pems for certificate in QSslCertificate.fromData(pem)
            ]
        return self._certificates


def certificate_reason(error: QWebEngineCertificateError) -> str:
    """One sentence that explains the engine's error. The names in it come from the server."""
    from PySide6.QtNetwork import QSslCertificate

    kind = error.type().name
    chain = error.certificateChain()
    other = _REASONS.get(kind) or shown_text(error.description())
    if not chain:
        return other
    leaf = chain[0]
    if kind == "CertificateDateInvalid":
        return _date_reason(leaf)
    if kind == "CertificateCommonNameInvalid":
        return _("The certificate is for {names}, not for {host}.").format(
            names=_names(leaf), host=shown_text(error.url().host())
        )
    if kind != "CertificateAuthorityInvalid":
        return other
    if len(chain) == 1 and leaf.isSelfSigned():
        return _("The server signed its certificate itself.")
    names = chain[-1].issuerInfo(QSslCertificate.SubjectInfo.CommonName)
    issuer = shown_text(", ".join(names))
    return _("The certificate comes from “{issuer}”, which this computer doesn’t trust.").format(
        issuer=issuer
    )


def _date_reason(leaf: QSslCertificate) -> str:
    if leaf.effectiveDate() > QDateTime.currentDateTimeUtc():
        begin = _day(leaf.effectiveDate())
        return _(
            "The certificate is not valid before {begin}. Is this computer’s clock right?"
        ).format(begin=begin)
    return _("The certificate expired on {day}.").format(day=_day(leaf.expiryDate()))


def _day(time: QDateTime) -> str:
    return long_date(datetime.fromtimestamp(time.toSecsSinceEpoch(), UTC))


def _names(leaf: QSslCertificate) -> str:
    from PySide6.QtNetwork import QSsl, QSslCertificate

    names = leaf.subjectAlternativeNames().get(QSsl.AlternativeNameEntryType.DnsEntry, [])
    names = sorted(names) or leaf.subjectInfo(QSslCertificate.SubjectInfo.CommonName)
    shown = ", ".join(shown_text(name) for name in names[:_NAMES_SHOWN])
    return (
        _("{shown} and others").format(shown=shown)
        if len(names) > _NAMES_SHOWN
        else shown or _("no name")
    )
