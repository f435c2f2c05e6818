"""A pop-up: a page that a previewed page opened, such as one to connect an account."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QColor
from PySide6.QtWebEngineCore import QWebEngineLoadingInfo, QWebEnginePage, QWebEngineProfile
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.preview.load_failure import FailureKind, LoadFailure
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.limits.rate_limiter import RateLimiter
from seam_portal_desktop.ui.preview.network.page_network import PageNetwork
from seam_portal_desktop.ui.preview.security.addresses import mask_address
from seam_portal_desktop.ui.preview.security.clipboard_guard import CopyKeys
from seam_portal_desktop.ui.preview.security.failed_load import failure_of
from seam_portal_desktop.ui.preview.security.page_policy import PreviewWebPage
from seam_portal_desktop.ui.preview.security.profile import encoded
from seam_portal_desktop.ui.preview.security.request_policy import PopupRules
from seam_portal_desktop.ui.preview.security.view_guard import ViewGuard

_Status = QWebEngineLoadingInfo.LoadStatus


class PopupPage(QObject):
    """One pop-up in the portal's profile, with rules of its own. `widget` goes into a layout.

    `closed` comes once: when the user or the page closes it, when the page crashes, and when it
    opens too many message boxes. `failed` comes when a load fails; then `reload` may be called.
    """

    closed = Signal()
    loading_changed = Signal(bool)
    loaded = Signal()
    failed = Signal(object)  # LoadFailure
    address_changed = Signal(object)  # MaskedAddress | None: the page has no web address

    def __init__(
        self,
        profile: QWebEngineProfile,
        rules: PopupRules,
        limiter: RateLimiter,
        network: PageNetwork,
        *,
        report_prefix: str,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._rules = rules
        self._network = network
        self.page = PreviewWebPage(
            profile, rules, limiter, report_prefix=report_prefix, subject=_("The pop-up")
        )
        self.page.setBackgroundColor(QColor(Qt.GlobalColor.white))  # what a browser starts with
        self.widget = QWebEngineView(parent)
        self.widget.setPage(self.page)
        self.widget.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.widget.setAcceptDrops(False)
        CopyKeys(self.widget)
        ViewGuard(self.widget, self.page)
        self._is_alive = True
        self._cause: LoadFailure | None = None
        self.page.blocked.connect(self._on_blocked)
        self.page.windowCloseRequested.connect(self._close_soon)
        self.page.renderProcessTerminated.connect(self._on_process_ended)
        self.page.urlChanged.connect(self._on_url_changed)
        self.page.loadingChanged.connect(self._on_loading_changed)

    @property
    def external_address(self) -> Secret | None:
        """The address if the system browser may open it: public, over TLS and not the portal's."""
        address = encoded(self.page.url())
        return Secret(address) if self._rules.is_public(address) else None

    def reload(self) -> None:
        self.page.begin_load()
        self.page.may_leave = True
        self.page.triggerAction(QWebEnginePage.WebAction.Reload)

    def stop(self) -> None:
        self.page.triggerAction(QWebEnginePage.WebAction.Stop)

    def close(self) -> None:
        """Emit `closed`, so that the owner ends the pop-up. Don't call it in its page's signals."""
        if self._is_alive:
            self.closed.emit()

    def destroy(self) -> None:
        """End view and page, before their profile. Idempotent."""
        if not self._is_alive:
            return
        self._is_alive = False
        for part in (self.widget, self.page):
            if shiboken6.isValid(part):
                shiboken6.delete(part)

    def _on_url_changed(self, url: QUrl) -> None:
        if self._is_alive:
            self.address_changed.emit(mask_address(encoded(url)))

    def _on_loading_changed(self, info: QWebEngineLoadingInfo) -> None:
        if not self._is_alive:
            return
        status = info.status()
        self.loading_changed.emit(status is _Status.LoadStartedStatus)
        if status is _Status.LoadStartedStatus:
            self.page.may_leave = False
            self._cause = None
        elif status is _Status.LoadSucceededStatus:
            self.loaded.emit()
        elif status is _Status.LoadFailedStatus:
            self.failed.emit(self._failure_of(info))

    def _failure_of(self, info: QWebEngineLoadingInfo) -> LoadFailure:
        return failure_of(info, self._cause, self._network, at_home=False)

    def _on_blocked(self, failure: LoadFailure) -> None:
        self._cause = failure
        if failure.kind is FailureKind.FLOODED:
            self.page.notify(_("The pop-up kept opening message boxes and was closed."))
            self._close_soon()

    def _on_process_ended(self, status: QWebEnginePage.RenderProcessTerminationStatus) -> None:
        normal = QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus
        if self._is_alive and status is not normal:
            self.page.notify(_("The pop-up stopped working and was closed."))
            self._close_soon()

    def _close_soon(self) -> None:
        # Not now: the engine is inside its own call.
        QTimer.singleShot(0, self, self.close)
