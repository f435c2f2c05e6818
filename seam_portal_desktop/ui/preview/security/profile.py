"""The browser profile of one preview: off the record, with every unneeded setting switched off.

Its cookies, cache, storage and history are kept in memory and end with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtWebEngineCore import (
    QWebEngineProfile,
    QWebEngineProfileBuilder,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)

from seam_portal_desktop.ui.preview.limits.limits import Counted
from seam_portal_desktop.ui.preview.limits.rate_limiter import RateLimiter
from seam_portal_desktop.ui.preview.security.addresses import is_local_address, readable_target
from seam_portal_desktop.ui.preview.security.page_record import PageRecord
from seam_portal_desktop.ui.preview.security.request_policy import PortalRules

if TYPE_CHECKING:
    from PySide6.QtNetwork import QSslCertificate

_Attribute = QWebEngineSettings.WebAttribute
_SETTINGS = {
    _Attribute.AllowGeolocationOnInsecureOrigins: False,
    _Attribute.AllowRunningInsecureContent: False,
    _Attribute.AllowWindowActivationFromJavaScript: False,
    _Attribute.AutoLoadIconsForPage: False,
    _Attribute.BackForwardCacheEnabled: False,
    _Attribute.DnsPrefetchEnabled: False,
    _Attribute.ErrorPageEnabled: False,
    _Attribute.FocusOnNavigationEnabled: False,
    _Attribute.FullScreenSupportEnabled: False,
    _Attribute.HyperlinkAuditingEnabled: False,
    _Attribute.JavascriptCanAccessClipboard: False,
    # On, so that each attempt reaches newWindowRequested, where we decide.
    _Attribute.JavascriptCanOpenWindows: True,
    _Attribute.JavascriptCanPaste: False,
    _Attribute.LocalContentCanAccessFileUrls: False,
    _Attribute.LocalContentCanAccessRemoteUrls: False,
    _Attribute.NavigateOnDropEnabled: False,
    _Attribute.PdfViewerEnabled: False,
    _Attribute.PlaybackRequiresUserGesture: True,
    _Attribute.PluginsEnabled: False,
    _Attribute.ScreenCaptureEnabled: False,
    _Attribute.TouchIconsEnabled: False,
    _Attribute.WebRTCPublicInterfacesOnly: True,
}

_MAIN_FRAME = frozenset(
    {
        QWebEngineUrlRequestInfo.ResourceType.ResourceTypeMainFrame,
        QWebEngineUrlRequestInfo.ResourceType.ResourceTypeNavigationPreloadMainFrame,
    }
)
_FRAMES = frozenset(
    {
        QWebEngineUrlRequestInfo.ResourceType.ResourceTypeSubFrame,
        QWebEngineUrlRequestInfo.ResourceType.ResourceTypeNavigationPreloadSubFrame,
    }
)


def new_profile(
    accept_language: str | None, owner: QObject, *, trusted: Sequence[QSslCertificate] = ()
) -> QWebEngineProfile:
    """Return a profile without a name: it is off the record and writes nothing to the disk.

    Delete it only by deleting `owner`. After a call of a page's `profile()`, PySide treats the
    profile as the page's child. Once the page is deleted, PySide thinks that the profile is deleted
    too (6.11.3). Deleting the profile itself would then do nothing.

    `trusted` are extra authorities, beside those that the engine trusts by itself.
    """
    builder = QWebEngineProfileBuilder()
    if trusted:
        builder.setAdditionalTrustedCertificates(trusted)
    # An off-the-record profile takes certificates only from a builder with an empty name.
    profile = builder.createProfile("", owner)
    profile.setPersistentCookiesPolicy(
        QWebEngineProfile.PersistentCookiesPolicy.NoPersistentCookies
    )
    profile.setPersistentPermissionsPolicy(
        QWebEngineProfile.PersistentPermissionsPolicy.AskEveryTime
    )
    profile.setHttpCacheType(QWebEngineProfile.HttpCacheType.MemoryHttpCache)
    profile.setSpellCheckEnabled(False)
    profile.setPushServiceEnabled(False)
    profile.setNotificationPresenter(lambda notification: notification.close())
    if accept_language:
        profile.setHttpAcceptLanguage(accept_language)
    for attribute, value in _SETTINGS.items():
        profile.settings().setAttribute(attribute, value)
    profile.settings().setUnknownUrlSchemePolicy(
        QWebEngineSettings.UnknownUrlSchemePolicy.DisallowUnknownUrlSchemes
    )
    return profile


class RequestInterceptor(QWebEngineUrlRequestInterceptor):
    """Blocks requests for parts of a page. PreviewWebPage decides about navigations.

    Qt asks about each redirect too, but only after its request was sent. If it is blocked, the
    answer doesn't reach the page. Qt doesn't ask about the sockets of service workers and
    SharedWorkers, nor about preconnections. The previews' proxy (`network/`) refuses what of all
    that leads into the local network.
    """

    refused_local = Signal(str)  # the host, and the port if it is an unusual one

    def __init__(self, rules: PortalRules, limiter: RateLimiter, parent: QWebEngineProfile) -> None:
        super().__init__(parent)
        self._rules = rules
        self._limiter = limiter
        self.record = PageRecord()

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        if not self._limiter.count(Counted.REQUEST):
            info.block(True)  # noqa: FBT003 - Qt's signature
            return
        address = encoded(info.requestUrl())
        if not self._allows(info, address):
            info.block(True)  # noqa: FBT003 - Qt's signature
            self.record.refused(address)
            if is_local_address(address):
                self.refused_local.emit(readable_target(address))

    def _allows(self, info: QWebEngineUrlRequestInfo, address: str) -> bool:
        kind = info.resourceType()
        if kind in _MAIN_FRAME:
            # PreviewWebPage has decided about navigations. It isn't asked about a prefetch.
            return self._rules.is_home(address) or not is_local_address(address)
        if not self._rules.may_fetch(address):
            return False
        if kind in _FRAMES:
            return True
        initiator = info.initiator()
        if initiator.isEmpty():  # an opaque origin, such as a sandboxed frame's
            initiator = info.firstPartyUrl()
        return self._rules.may_fetch_for(encoded(initiator), address)


def encoded(url: QUrl) -> str:
    """The address as it goes over the wire: ASCII, the host in punycode."""
    return bytes(url.toEncoded().data()).decode("ascii")
