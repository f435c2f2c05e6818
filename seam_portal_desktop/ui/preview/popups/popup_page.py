"""A page that a previewed page opened in a window of its own, such as one to connect an account."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QColor
from PySide6.QtWebEngineCore import QWebEngineLoadingInfo, QWebEnginePage, QWebEngineProfile
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.preview.load_failure import (
    FailureKind,
    LoadFailure,
    classify_http,
    classify_net_error,
)
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.preview.limits.tally import PageTally
from seam_portal_desktop.ui.preview.security.page_policy import PreviewWebPage
from seam_portal_desktop.ui.preview.security.profile import encoded
from seam_portal_desktop.ui.preview.security.request_policy import PopUpRules, mask_address

_Status = QWebEngineLoadingInfo.LoadStatus
_Domain = QWebEngineLoadingInfo.ErrorDomain


class PopupPage(QObject):
    """One pop-up: the portal's profile, rules of its own. `widget` goes into a layout.

    `closed` comes once, when the page closes itself, crashes or floods; `failed` when a load
    fails, after which `reload` may be tried.
    """

    closed = Signal()
    loading_changed = Signal(bool)
    shown = Signal()  # there is a page again after `failed`
    failed = Signal(object)  # LoadFailure
    address_changed = Signal(object)  # MaskedAddress | None: nothing to be called a place
    notice = Signal(str)

    def __init__(
        self,
        profile: QWebEngineProfile,
        rules: PopUpRules,
        tally: PageTally,
        *,
        mark: str,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._rules = rules
        self._page = PreviewWebPage(profile, rules, tally, mark=mark, who="The pop-up")
        self._page.setBackgroundColor(QColor(Qt.GlobalColor.white))  # what a browser starts with
        self._view = QWebEngineView(parent)
        self._view.setPage(self._page)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._view.setAcceptDrops(False)
        self._alive = True
        self._cause: LoadFailure | None = None
        page = self._page
        page.notice.connect(self.notice)
        page.blocked.connect(self._remember_cause)
        page.windowCloseRequested.connect(self._close_soon)
        page.renderProcessTerminated.connect(self._report_crash)
        page.urlChanged.connect(self._follow_address)
        page.loadingChanged.connect(self._follow_loading)

    @property
    def widget(self) -> QWebEngineView:
        return self._view

    @property
    def page(self) -> PreviewWebPage:
        return self._page

    @property
    def external_address(self) -> Secret | None:
        """What the system browser may open of it: a public page over TLS, not the live portal."""
        address = encoded(self._page.url())
        return Secret(address) if self._rules.is_public(address) else None

    def reload(self) -> None:
        self._page.begin_load()
        self._page.leaving_by_us = True
        self._page.triggerAction(QWebEnginePage.WebAction.Reload)

    def stop(self) -> None:
        self._page.triggerAction(QWebEnginePage.WebAction.Stop)

    def destroy(self) -> None:
        """End view and page, before their profile. Idempotent."""
        if not self._alive:
            return
        self._alive = False
        for part in (self._view, self._page):
            if shiboken6.isValid(part):
                shiboken6.delete(part)

    def _follow_address(self, url: QUrl) -> None:
        if self._alive:
            self.address_changed.emit(mask_address(encoded(url)))

    def _follow_loading(self, info: QWebEngineLoadingInfo) -> None:
        if not self._alive:
            return
        status = info.status()
        self.loading_changed.emit(status is _Status.LoadStartedStatus)
        if status is _Status.LoadStartedStatus:
            self._page.leaving_by_us = False
            self._cause = None
        elif status is _Status.LoadSucceededStatus:
            self.shown.emit()
        elif status is _Status.LoadFailedStatus:
            self.failed.emit(self._failure_of(info))

    def _failure_of(self, info: QWebEngineLoadingInfo) -> LoadFailure:
        if self._cause is not None and self._cause.kind in {FailureKind.TLS, FailureKind.SIGN_IN}:
            return self._cause
        if info.errorDomain() is _Domain.HttpStatusCodeDomain:
            return classify_http(info.errorCode(), at_home=False)
        return classify_net_error(info.errorCode())

    def _remember_cause(self, failure: LoadFailure) -> None:
        self._cause = failure
        if failure.kind is FailureKind.FLOODED:
            self.notice.emit("The pop-up kept opening message boxes and was closed.")
            self._close_soon()

    def _report_crash(self, status: QWebEnginePage.RenderProcessTerminationStatus) -> None:
        normal = QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus
        if self._alive and status is not normal:
            self.notice.emit("The pop-up stopped working and was closed.")
            self._close_soon()

    def _close_soon(self) -> None:
        # Not now: this comes from inside the engine's own call.
        QTimer.singleShot(0, self, self._close)

    def _close(self) -> None:
        if self._alive:
            self.closed.emit()
