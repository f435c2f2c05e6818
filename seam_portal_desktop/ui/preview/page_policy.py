"""The web engine's page, told to refuse everything that a portal's preview doesn't need."""

from __future__ import annotations

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWebEngineCore import (
    QWebEngineCertificateError,
    QWebEngineClientCertificateSelection,
    QWebEngineDesktopMediaRequest,
    QWebEngineDownloadRequest,
    QWebEngineFileSystemAccessRequest,
    QWebEngineFullScreenRequest,
    QWebEngineNewWindowRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineRegisterProtocolHandlerRequest,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineWebAuthUxRequest,
)

from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.preview.load_failure import FailureKind, LoadFailure
from seam_portal_desktop.ui.preview.page_record import PageRecord
from seam_portal_desktop.ui.preview.request_policy import PortalRules, Verdict, readable_target

_DIALOG_LIMIT = 20

_Attribute = QWebEngineSettings.WebAttribute
_SETTINGS = {
    _Attribute.AllowGeolocationOnInsecureOrigins: False,
    _Attribute.AllowRunningInsecureContent: False,
    _Attribute.AllowWindowActivationFromJavaScript: False,
    _Attribute.AutoLoadIconsForPage: False,
    _Attribute.DnsPrefetchEnabled: False,
    _Attribute.ErrorPageEnabled: False,
    _Attribute.FocusOnNavigationEnabled: False,
    _Attribute.FullScreenSupportEnabled: False,
    _Attribute.HyperlinkAuditingEnabled: False,
    _Attribute.JavascriptCanAccessClipboard: False,
    # On, so that each attempt reaches newWindowRequested, where it is refused with a word.
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

_Permission = QWebEnginePermission.PermissionType
_PERMISSION_WORDS = {
    _Permission.MediaAudioCapture: "to use the microphone",
    _Permission.MediaVideoCapture: "to use the camera",
    _Permission.MediaAudioVideoCapture: "to use the camera and microphone",
    _Permission.DesktopVideoCapture: "to record the screen",
    _Permission.DesktopAudioVideoCapture: "to record the screen",
    _Permission.MouseLock: "to hold the mouse pointer",
    _Permission.Notifications: "to show notifications",
    _Permission.Geolocation: "where you are",
    _Permission.ClipboardReadWrite: "to read the clipboard",
    _Permission.LocalFontsAccess: "which fonts you have",
}


def new_profile(accept_language: str | None) -> QWebEngineProfile:
    """A profile without a name: off the record, nothing of it reaches the disk."""
    profile = QWebEngineProfile()
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
    """Blocks what the page may not fetch; navigations of the main frame are the page's."""

    def __init__(self, rules: PortalRules, parent: QWebEngineProfile) -> None:
        super().__init__(parent)
        self._rules = rules
        self.record = PageRecord()

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        kind = info.resourceType()
        main = (
            QWebEngineUrlRequestInfo.ResourceType.ResourceTypeMainFrame,
            QWebEngineUrlRequestInfo.ResourceType.ResourceTypeNavigationPreloadMainFrame,
        )
        if kind not in main and not self._rules.may_fetch(encoded(info.requestUrl())):
            info.block(True)  # noqa: FBT003 - Qt's signature
            self.record.refused(encoded(info.requestUrl()))


class PortalPage(QWebEnginePage):
    """One portal's page. It never opens a window, a dialog, a file, or a way out by itself."""

    notice = Signal(str)
    leave_requested = Signal(object)  # Secret: the address, which may carry the token
    blocked = Signal(object)  # LoadFailure

    def __init__(self, profile: QWebEngineProfile, rules: PortalRules) -> None:
        super().__init__(profile)
        self._rules = rules
        self.record = PageRecord()
        self._said: set[str] = set()
        self._dialogs = 0
        self._stay_hosts: set[str] = set()
        self.leaving_by_us = False
        self.certificateError.connect(self._refuse_certificate)
        self.permissionRequested.connect(self._deny_permission)
        self.newWindowRequested.connect(self._refuse_window)
        self.fullScreenRequested.connect(self._refuse_full_screen)
        self.registerProtocolHandlerRequested.connect(self._reject_request)
        self.fileSystemAccessRequested.connect(self._reject_request)
        self.desktopMediaRequested.connect(self._cancel_capture)
        self.webAuthUxRequested.connect(self._cancel_web_auth)
        self.selectClientCertificate.connect(self._give_no_certificate)
        profile.downloadRequested.connect(self._cancel_download)

    def begin_load(self) -> None:
        """A load that we start: what the last page asked for is forgotten."""
        self.record.begin()
        self._said.clear()
        self._stay_hosts.clear()
        self._dialogs = 0

    def stay(self, host: str) -> None:
        """The user chose not to follow to `host`: don't ask again before they use the page."""
        self._stay_hosts.add(host)

    def used(self) -> None:
        """The user clicked or typed on the page, so what it asks for now may be their wish."""
        self._stay_hosts.clear()

    # What Qt calls ------------------------------------------------------------------------

    def acceptNavigationRequest(
        self,
        url: QUrl | str,
        type: QWebEnginePage.NavigationType,  # noqa: A002 - Qt's name
        isMainFrame: bool,  # noqa: FBT001, N803 - Qt's name
    ) -> bool:
        address = encoded(QUrl(url))
        redirect = type is QWebEnginePage.NavigationType.NavigationTypeRedirect
        verdict = self._rules.judge(address, main_frame=isMainFrame, redirect=redirect)
        if verdict is Verdict.ALLOW:
            if isMainFrame and redirect:
                self.record.redirected()
            return True
        if not isMainFrame:
            self.record.refused(address)
            return False
        place = readable_target(address)
        self.blocked.emit(LoadFailure(FailureKind.BLOCKED, place))
        if verdict is Verdict.REFUSE:
            self._say(f"The portal tried to open {place}. The preview doesn’t go there.")
        elif place not in self._stay_hosts:
            self.leave_requested.emit(Secret(address))
        return False

    def chooseFiles(self, *_: object) -> list[str]:
        self._say("The portal asked for a file. The preview never gives it one.")
        return []

    def javaScriptAlert(self, *_: object) -> None:
        self._count_dialog()

    def javaScriptConfirm(self, *_: object) -> bool:
        if self.leaving_by_us:  # "Leave this page?" asked because of our own reload
            return True
        self._count_dialog()
        return False

    def javaScriptPrompt(self, *_: object) -> tuple[bool, str]:
        self._count_dialog()
        return False, ""

    def javaScriptConsoleMessage(
        self,
        level: QWebEnginePage.JavaScriptConsoleMessageLevel,
        message: str,
        lineNumber: int,  # noqa: ARG002, N803 - Qt's name
        sourceID: str,  # noqa: ARG002, N803 - Qt's name
    ) -> None:
        """Only counted: Qt would log it, and it may quote the link."""
        error = QWebEnginePage.JavaScriptConsoleMessageLevel.ErrorMessageLevel
        self.record.console(message, is_error=level is error)

    # What the page asks for ---------------------------------------------------------------

    def _say(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self.notice.emit(text)

    def _count_dialog(self) -> None:
        self._dialogs += 1
        self._say("The portal opened a message box. The preview dismisses them.")
        if self._dialogs == _DIALOG_LIMIT:
            self.blocked.emit(LoadFailure(FailureKind.FLOODED))

    def _refuse_certificate(self, error: QWebEngineCertificateError) -> None:
        error.rejectCertificate()
        if error.isMainFrame():
            self.blocked.emit(LoadFailure(FailureKind.TLS, error.description()))

    def _deny_permission(self, permission: QWebEnginePermission) -> None:
        permission.deny()
        wish = _PERMISSION_WORDS.get(permission.permissionType(), "for a permission")
        self._say(f"The portal asked {wish}. The preview never allows it.")

    def _refuse_window(self, request: QWebEngineNewWindowRequest) -> None:
        # Not calling openIn() is the refusal.
        address = encoded(request.requestedUrl())
        verdict = self._rules.judge(address, main_frame=True)
        asks = request.isUserInitiated() and readable_target(address) not in self._stay_hosts
        if asks and verdict is not Verdict.REFUSE:
            self.leave_requested.emit(Secret(address))
        else:
            self._say("The portal tried to open a new window. The preview keeps to one page.")

    def _refuse_full_screen(self, request: QWebEngineFullScreenRequest) -> None:
        request.reject()
        self._say("The portal asked for the whole screen. The preview keeps to its place.")

    def _reject_request(
        self,
        request: QWebEngineRegisterProtocolHandlerRequest | QWebEngineFileSystemAccessRequest,
    ) -> None:
        request.reject()

    def _cancel_capture(self, request: QWebEngineDesktopMediaRequest) -> None:
        request.cancel()
        self._say("The portal asked to record the screen. The preview never allows it.")

    def _cancel_web_auth(self, request: QWebEngineWebAuthUxRequest) -> None:
        request.cancel()
        self._say("The portal asked for a passkey. The preview never gives one.")

    def _give_no_certificate(self, selection: QWebEngineClientCertificateSelection) -> None:
        selection.selectNone()

    def _cancel_download(self, download: QWebEngineDownloadRequest) -> None:
        download.cancel()
        self.blocked.emit(LoadFailure(FailureKind.NOT_A_PAGE))
        self._say("The portal offered a file to download. The preview doesn’t save files.")


def encoded(url: QUrl) -> str:
    """The address as it goes over the wire: ASCII, the host in punycode."""
    return bytes(url.toEncoded().data()).decode("ascii")
