"""Permissions that a page asks the engine for: each is refused, with a notice."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWebEngineCore import (
    QWebEngineDesktopMediaRequest,
    QWebEngineFileSystemAccessRequest,
    QWebEngineFullScreenRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineRegisterProtocolHandlerRequest,
    QWebEngineWebAuthUxRequest,
)

from seam_portal_desktop.texts import _

_Permission = QWebEnginePermission.PermissionType
_PERMISSION_WORDS = {
    _Permission.MediaAudioCapture: _("to use the microphone"),
    _Permission.MediaVideoCapture: _("to use the camera"),
    _Permission.MediaAudioVideoCapture: _("to use the camera and microphone"),
    _Permission.DesktopVideoCapture: _("to record the screen"),
    _Permission.DesktopAudioVideoCapture: _("to record the screen"),
    _Permission.MouseLock: _("to hold the mouse pointer"),
    _Permission.Notifications: _("to show notifications"),
    _Permission.Geolocation: _("where you are"),
    _Permission.ClipboardReadWrite: _("to use the clipboard"),
    _Permission.LocalFontsAccess: _("which fonts you have"),
}


class PermissionGuard(QObject):
    """Refuses each request. `notify_asked` gets the rest of "The portal asked …"."""

    def __init__(self, page: QWebEnginePage, notify_asked: Callable[[str], None]) -> None:
        super().__init__(page)
        self._notify_asked = notify_asked
        page.permissionRequested.connect(self._refuse_permission)
        page.fullScreenRequested.connect(self._refuse_full_screen)
        page.registerProtocolHandlerRequested.connect(self._refuse_protocol)
        page.fileSystemAccessRequested.connect(self._refuse_files)
        page.desktopMediaRequested.connect(self._refuse_capture)
        page.webAuthUxRequested.connect(self._refuse_web_auth)
        # Qt prints nothing by itself. It only emits these signals.
        page.printRequested.connect(self._notify_print)
        page.printRequestedByFrame.connect(self._notify_print)

    def _refuse_permission(self, permission: QWebEnginePermission) -> None:
        permission.deny()
        self._notify_asked(
            _PERMISSION_WORDS.get(permission.permissionType(), _("for a permission"))
        )

    def _refuse_full_screen(self, request: QWebEngineFullScreenRequest) -> None:
        request.reject()
        self._notify_asked(_("for the whole screen"))

    def _refuse_protocol(self, request: QWebEngineRegisterProtocolHandlerRequest) -> None:
        request.reject()
        self._notify_asked(_("to open links of other programs"))

    def _refuse_files(self, request: QWebEngineFileSystemAccessRequest) -> None:
        request.reject()
        self._notify_asked(_("for a file or folder"))

    def _refuse_capture(self, request: QWebEngineDesktopMediaRequest) -> None:
        request.cancel()
        self._notify_asked(_("to record the screen"))

    def _refuse_web_auth(self, request: QWebEngineWebAuthUxRequest) -> None:
        request.cancel()
        self._notify_asked(_("for a passkey or password"))

    def _notify_print(self, *_unused: object) -> None:
        self._notify_asked(_("to print"))
