"""A preview's browser profile: off the record, and with every setting that a page doesn't need off.

Private to one preview, and gone with it: cookies, cache, storage and history live in its memory.
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
from seam_portal_desktop.ui.preview.limits.tally import PageTally
from seam_portal_desktop.ui.preview.page.page_record import PageRecord
from seam_portal_desktop.ui.preview.security.request_policy import (
    PortalRules,
    is_local_address,
    readable_target,
)

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
    # On, so that each attempt reaches newWindowRequested, where it is judged.
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
    """A profile without a name: off the record, nothing of it reaches the disk.

    It ends with `owner`, and only so: after somebody has called a page's `profile()`, PySide takes
    the profile for the page's child and its wrapper for dead once the page is (6.11.3), so that
    deleting the wrapper would do nothing.

    `trusted` are authorities that count beside those that the engine trusts by itself.
    """
    builder = QWebEngineProfileBuilder()
    if trusted:
        builder.setAdditionalTrustedCertificates(trusted)
    # The only way to an off-the-record profile that takes certificates is the empty name.
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
    """Blocks what a page may not fetch. Where it may go is the page's to judge.

    Qt asks about each hop of a redirect, but only once that hop was already requested: its answer
    doesn't reach the page. What keeps a public page's redirects off the local network is the
    engine's own check (see runtime.py).
    """

    refused_local = Signal(str)  # the host, and the port if it is an unusual one

    def __init__(self, rules: PortalRules, tally: PageTally, parent: QWebEngineProfile) -> None:
        super().__init__(parent)
        self._rules = rules
        self._tally = tally
        self.record = PageRecord()

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        if not self._tally.count(Counted.REQUEST):
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
            # Where the page goes was judged before. What it only fetches for later was not.
            return self._rules.is_home(address) or not is_local_address(address)
        if not self._rules.may_fetch(address):
            return False
        if kind in _FRAMES:
            return True
        asker = info.initiator()
        if asker.isEmpty():  # an opaque origin, such as a sandboxed frame's
            asker = info.firstPartyUrl()
        return self._rules.may_fetch_for(encoded(asker), address)


def encoded(url: QUrl) -> str:
    """The address as it goes over the wire: ASCII, the host in punycode."""
    return bytes(url.toEncoded().data()).decode("ascii")
