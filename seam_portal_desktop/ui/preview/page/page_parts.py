"""The engine's objects for one page. They are made together and ended in the order it needs."""

from __future__ import annotations

from typing import Generic, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.preview.limits.page_monitor import PageMonitor
from seam_portal_desktop.ui.preview.limits.rate_limiter import RateLimiter
from seam_portal_desktop.ui.preview.network.local_addresses import is_local_host
from seam_portal_desktop.ui.preview.page.failure_watcher import watch_for_failures
from seam_portal_desktop.ui.preview.page.target import PreviewOptions
from seam_portal_desktop.ui.preview.popups.popup_windows import PopupWindows
from seam_portal_desktop.ui.preview.security.addresses import Origin
from seam_portal_desktop.ui.preview.security.blocked_api_monitor import install_blocked_api_monitor
from seam_portal_desktop.ui.preview.security.clipboard_guard import CopyKeys
from seam_portal_desktop.ui.preview.security.page_policy import PreviewWebPage
from seam_portal_desktop.ui.preview.security.profile import RequestInterceptor, new_profile
from seam_portal_desktop.ui.preview.security.request_policy import PortalRules
from seam_portal_desktop.ui.preview.security.view_guard import ViewGuard

_Page = TypeVar("_Page", bound=PreviewWebPage)


class PageParts(Generic[_Page]):
    """A profile, a page of `page_type`, its view, and the objects that check what the page does.

    They can be made before the link is known. Until `set_link` the page may load nothing.
    """

    def __init__(
        self,
        page_type: type[_Page],
        options: PreviewOptions,
        parent: QWidget,
    ) -> None:
        self._owner = QObject()
        self._remover = options.profiles
        self._network = options.network
        self._local_portal: Origin | None = None
        self._profile = new_profile(None, self._owner, trusted=options.authorities.certificates())
        self.rules = PortalRules()
        limiter = RateLimiter(options.limits)
        prefix = install_blocked_api_monitor(self._profile)
        self.page = page_type(self._profile, self.rules, limiter, report_prefix=prefix)
        self.monitor = PageMonitor(self.page, limiter, options.limits, parent)
        # The profile keeps no reference to the Python object. Without one nothing is intercepted.
        self.interceptor = RequestInterceptor(self.rules, limiter, self._profile)
        self._profile.setUrlRequestInterceptor(self.interceptor)
        self.record = self.interceptor.record = self.page.record
        watch_for_failures(self.page)
        self.page.setBackgroundColor(QColor(Qt.GlobalColor.white))  # what a browser starts with
        # The view gets no parent. On X11 Qt creates a window again when it gets its first view.
        self.view = QWebEngineView()
        self.view.setPage(self.page)
        # The engine's menu offers saving, source and the link as plain text.
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.view.setAcceptDrops(False)
        CopyKeys(self.view)
        ViewGuard(self.view, self.page)
        self.popups = PopupWindows(
            self._profile,
            self.rules,
            limiter,
            options.network,
            report_prefix=prefix,
            parent=parent,
        )
        self.popups.attach(self.page)

    def set_link(self, url: Secret, accept_language: str | None) -> Secret:
        """Let the page open `url`. Returns it as browsers write it.

        Raises InvalidLinkError for one that must not be opened.
        """
        link = self.rules.set_link(url)
        if is_local_host(self.rules.home.host):
            self._local_portal = self.rules.home
            self._network.allow(self._local_portal.host, self._local_portal.port)
        if accept_language:
            self._profile.setHttpAcceptLanguage(accept_language)
        return link

    def end(self) -> None:
        """End view and page now, and the profile soon after them."""
        if self._local_portal is not None:
            self._network.disallow(self._local_portal.host, self._local_portal.port)
            self._local_portal = None
        for guard in (self.monitor, self.popups):
            guard.end()
            guard.deleteLater()
        for part in (self.view, self.page):
            if shiboken6.isValid(part):
                shiboken6.delete(part)
        # A method of this object, so that the interceptor lives as long as the profile.
        self._remover.remove(self._delete_profile)

    def _delete_profile(self) -> None:
        if shiboken6.isValid(self._owner):
            shiboken6.delete(self._owner)
