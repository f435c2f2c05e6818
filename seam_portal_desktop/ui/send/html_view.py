"""Shows the HTML of a message in the web engine, without scripts and without the network."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QColor
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)
from PySide6.QtWebEngineWidgets import QWebEngineView

from seam_portal_desktop.domain.message.handover.markup import as_pasted_html
from seam_portal_desktop.domain.message.template import RenderedMessage
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.security.profile import new_profile

_LARGEST = 1_400_000
"""Bytes. Qt sends a page as a URL of at most 2 MB, in which some characters take three."""

_BLANK = QUrl("about:blank")


class MessageHtmlView:
    """A view of one message after the other, with its own page and off-the-record profile.

    It loads what `show` was given and nothing else. Its links can't be followed. Call `end` when
    it isn't needed any more. `remove_profile` calls what deletes a profile, at a good moment.
    """

    def __init__(self, remove_profile: Callable[[Callable[[], None]], None]) -> None:
        self._remove_profile = remove_profile
        self._owner = QObject()
        profile = new_profile(None, self._owner)
        settings = profile.settings()
        attribute = QWebEngineSettings.WebAttribute
        for name in (attribute.JavascriptEnabled, attribute.JavascriptCanOpenWindows):
            settings.setAttribute(name, False)  # noqa: FBT003 - Qt's signature
        # The profile keeps no reference to the Python object. Without one nothing is intercepted.
        self._interceptor = _DataOnly(profile)
        profile.setUrlRequestInterceptor(self._interceptor)
        self._page = _ShownPage(profile)
        self._page.setBackgroundColor(QColor("white"))  # what mail programs have behind a message
        self.view = QWebEngineView()
        self.view.setPage(self._page)
        self.view.setAcceptDrops(False)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.view.setAccessibleName(_("The message as it will arrive"))

    @staticmethod
    def can_show(html: str) -> bool:
        return len(html.encode()) <= _LARGEST

    def show(self, rendered: RenderedMessage) -> None:
        self._page.expects_message = True
        self._page.setHtml(as_pasted_html(rendered), _BLANK)

    def end(self) -> None:
        """End view and page now, and the profile soon after them."""
        for part in (self.view, self._page):
            if shiboken6.isValid(part):
                shiboken6.delete(part)
        # A method of this object, so that the interceptor lives as long as the profile.
        self._remove_profile(self._delete_profile)

    def _delete_profile(self) -> None:
        if shiboken6.isValid(self._owner):
            shiboken6.delete(self._owner)


class _ShownPage(QWebEnginePage):
    """Opens what `setHtml` gives it, and follows no link."""

    expects_message = False

    def acceptNavigationRequest(
        self,
        url: QUrl | str,
        _kind: QWebEnginePage.NavigationType,
        is_main_frame: bool,  # noqa: FBT001 - Qt's signature
    ) -> bool:
        is_message = (
            self.expects_message and is_main_frame and QUrl(url).scheme() in ("data", "about")
        )
        self.expects_message = False
        return is_message


class _DataOnly(QWebEngineUrlRequestInterceptor):
    """Blocks everything that isn't in the message itself."""

    def __init__(self, profile: QWebEngineProfile) -> None:
        super().__init__(profile)

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        if info.requestUrl().scheme() not in ("data", "about"):
            info.block(True)  # noqa: FBT003 - Qt's signature
