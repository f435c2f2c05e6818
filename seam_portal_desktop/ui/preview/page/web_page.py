"""One portal in one web view: from its first request until it is rendered or has failed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import QEvent, QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWebEngineCore import QWebEngineLoadingInfo, QWebEnginePage
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.preview.load_failure import FailureKind, LoadFailure
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.page.page_parts import PageParts
from seam_portal_desktop.ui.preview.page.paint_detector import WORLD, PaintDetector
from seam_portal_desktop.ui.preview.page.target import PreviewOptions
from seam_portal_desktop.ui.preview.security.addresses import (
    address_of,
    mask_address,
    readable_target,
)
from seam_portal_desktop.ui.preview.security.failed_load import failure_of
from seam_portal_desktop.ui.preview.security.page_policy import PreviewWebPage
from seam_portal_desktop.ui.preview.security.profile import encoded

_PART_ENDED = _("A part of the portal took too much memory. The preview ended that part.")

_USER_INPUT = frozenset(
    {QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.TouchBegin}
)
_Status = QWebEngineLoadingInfo.LoadStatus
_Domain = QWebEngineLoadingInfo.ErrorDomain


class PortalWebView(QObject):
    """Loads one link. `widget` goes into a layout; `destroy()` ends everything, in order.

    It can be made before its link is known. Call `set_link` before `load`. A load emits `progress`
    from 0 to 100. It emits `painted` when the page shows something, and `rendered` when the page is
    also completely loaded. If it fails, it emits one `failed`, and the object can't be used any
    more. `slow` may come before the end. `loading_changed` also comes for loads that the page
    starts by itself.

    Don't show the widget's own `url` and `title`. The URL is the link. The title is the link too,
    as long as the page has no title.
    """

    loading_changed = Signal(bool)
    progress = Signal(int)
    painted = Signal()
    rendered = Signal()
    failed = Signal(object)  # LoadFailure
    slow = Signal()
    address_changed = Signal(object)  # MaskedAddress
    leave_requested = Signal(object)  # Secret
    notice = Signal(str)

    on_wheel: Callable[[QWheelEvent], bool] | None = None
    """Gets the wheel's turns before the page. It returns whether it used them."""

    _page_type: type[PreviewWebPage] = PreviewWebPage
    is_embedded = False

    def __init__(self, options: PreviewOptions, parent: QWidget) -> None:
        super().__init__(parent)
        self._url = Secret("")
        self._network = options.network
        self._parts = PageParts(self._page_type, options, parent)
        self._page = self._parts.page
        self.monitor = self._parts.monitor
        self.popups = self._parts.popups
        self.record = self._parts.record
        self._alive = True
        self._has_begun = False
        self._loading = False
        self._loaded = False
        self._is_painted = False
        self._settled = True
        self._stopped_by_user = False
        self._cause: LoadFailure | None = None
        self._input_widget: QWidget | None = None
        self._paint = self._make_paint_detector()
        self._paint.found.connect(self._on_paint_found)
        slow_after_ms = options.slow_after // timedelta(milliseconds=1)
        self._slow_timer = QTimer(self, singleShot=True, interval=slow_after_ms)
        self._slow_timer.timeout.connect(self._report_slow)
        self._connect_signals()

    def _make_paint_detector(self) -> PaintDetector:
        return PaintDetector(self._page, self)

    def _connect_signals(self) -> None:
        page = self._page
        page.loadingChanged.connect(self._on_loading_changed)
        page.loadProgress.connect(self._on_progress)
        page.urlChanged.connect(self._on_url_changed)
        page.renderProcessTerminated.connect(self._on_process_terminated)
        page.blocked.connect(self._remember_cause)
        page.leave_requested.connect(self.leave_requested)
        page.notice.connect(self.notice)
        self._parts.interceptor.refused_local.connect(self._report_local)
        self._network.refused.connect(self._on_network_refused)
        self.monitor.overrun.connect(self._end_overrun)
        self.monitor.part_ended.connect(lambda: self.notice.emit(_PART_ENDED))

    @property
    def widget(self) -> QWebEngineView:
        return self._parts.view

    @property
    def page(self) -> PreviewWebPage:
        return self._page

    @property
    def is_rendered(self) -> bool:
        return self._is_painted and self._loaded

    def start_process(self) -> None:
        """Start the page's process before there is a link. That takes as long as a small page."""
        self._page.runJavaScript("0", WORLD)

    def set_link(self, url: Secret, accept_language: str | None) -> None:
        """Set what `load` opens. Raises InvalidLinkError for what must not be opened here."""
        self._url = self._parts.set_link(url, accept_language)

    def load(self) -> None:
        """Open the link."""
        self._begin()
        self._page.load(QUrl(self._url.reveal()))

    def reload(self) -> None:
        """Load the present page again. It may be another page of the portal than the link's."""
        self._begin()
        self._page.may_leave = True
        self._page.triggerAction(QWebEnginePage.WebAction.Reload)

    def stop(self) -> None:
        self._stopped_by_user = True
        self._slow_timer.stop()
        self._page.triggerAction(QWebEnginePage.WebAction.Stop)
        if not self._loading and not self._settled:  # loaded, and never painted anything
            self._fail(LoadFailure(FailureKind.STOPPED))

    def keep_waiting(self) -> None:
        if not self._settled:
            self._slow_timer.start()

    def ask(self, question: str, on_answer: Callable[[object], None]) -> None:
        """Evaluate a script where the page can't change the answer.

        `on_answer` gets a text, '' if the script failed. A page that hangs never answers.
        """
        if self._alive:
            self._page.runJavaScript(question, WORLD, on_answer)

    def give_up(self) -> None:
        """End a page that doesn't answer or keeps the window busy, because the user chose that."""
        self._end_overrun(LoadFailure(FailureKind.UNRESPONSIVE))

    def deactivate(self) -> None:
        """Block the page's signals, hide it and end its process. Call `destroy` some time later."""
        self.popups.close_all()
        for part in (self, self.popups, self.monitor):
            part.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.widget.hide()
        self.monitor.kill()

    def destroy(self) -> None:
        """End view, page and profile, in the order that the engine needs. Idempotent."""
        if self._alive:
            self._alive = False
            self._paint.stop()
            self._slow_timer.stop()
            self._parts.end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _USER_INPUT and self._alive:
            self._page.on_user_input()
        elif isinstance(event, QWheelEvent) and self.on_wheel is not None and self.on_wheel(event):
            return True
        return super().eventFilter(watched, event)

    def _watch_user_input(self) -> None:
        widget = self.widget.focusProxy()
        if widget is not None and widget is not self._input_widget:
            self._input_widget = widget
            widget.installEventFilter(self)

    def _begin(self) -> None:
        self._has_begun = True
        self._settled = False
        self._loaded = False
        self._is_painted = False
        self._stopped_by_user = False
        self._cause = None
        self._paint.begin()
        self._page.begin_load()
        self.monitor.begin()
        self._slow_timer.start()

    def _on_loading_changed(self, info: QWebEngineLoadingInfo) -> None:
        if not self._alive:
            return
        status = info.status()
        if status is not _Status.LoadStartedStatus:
            of_http = info.errorDomain() is _Domain.HttpStatusCodeDomain
            self.record.answered(encoded(info.url()), info.errorCode() if of_http else None)
        self._loading = status is _Status.LoadStartedStatus
        self.loading_changed.emit(self._loading)
        self._watch_user_input()
        if status is _Status.LoadStartedStatus:
            self._page.may_leave = False
            self._cause = None
            self._paint.start()
        elif status is _Status.LoadSucceededStatus:
            self._loaded = True
            self._parts.rules.landed(encoded(info.url()))
            self._paint.check()
        elif status is _Status.LoadFailedStatus:
            self._fail(self._failure_of(info))
        else:
            # The page may begin another load at once, so wait until that is known.
            QTimer.singleShot(0, self, self._judge_stop)

    def _failure_of(self, info: QWebEngineLoadingInfo) -> LoadFailure:
        at_home = self._parts.rules.is_home(encoded(info.url()))
        return failure_of(info, self._cause, self._network, at_home=at_home)

    def _judge_stop(self) -> None:
        if not self._alive or self._loading:
            return
        if self._is_painted:
            self._settle()
            self._loaded = True
        elif self._loaded:
            # The page was loaded, and another load that it began was stopped. It has yet to paint.
            self._paint.start()
        elif self._stopped_by_user:
            self._fail(LoadFailure(FailureKind.STOPPED))
        else:
            self._fail(self._cause or LoadFailure(FailureKind.NOT_A_PAGE))

    def _on_progress(self, percent: int) -> None:
        if self._alive:
            self.progress.emit(percent)

    def _on_url_changed(self, url: QUrl) -> None:
        if not self._alive:
            return
        masked = mask_address(encoded(url))
        if masked is not None:
            self.address_changed.emit(masked)
        elif self._is_painted:
            # about:blank is the one address that the engine doesn't ask the page's policy about.
            QTimer.singleShot(0, self, self._end_blank)

    def _end_blank(self) -> None:
        if self._alive:
            self._fail(LoadFailure(FailureKind.NOT_A_PAGE))

    def _on_network_refused(self, host: str, port: int) -> None:
        # Nobody knows which page it was, so all that are open say it.
        if self._alive and self._has_begun:
            self._report_local(readable_target(address_of(host, port)))

    def _report_local(self, place: str) -> None:
        self._page.notify(
            _("The portal tried to reach {place}. The preview keeps it off this network.").format(
                place=place
            )
        )

    def _remember_cause(self, failure: LoadFailure) -> None:
        if not self._alive:
            return
        self._cause = failure
        if failure.kind is FailureKind.FLOODED:
            # Not now: this comes from inside the engine's own call.
            QTimer.singleShot(0, self, self._end_flood)

    def _end_flood(self) -> None:
        if self._alive:
            self._fail(LoadFailure(FailureKind.FLOODED))

    def _on_process_terminated(self, status: QWebEnginePage.RenderProcessTerminationStatus) -> None:
        normal = QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus
        # The engine itself replaces a process that ends before there is a link.
        if self._alive and self._has_begun and status is not normal:
            self._end_overrun(self.monitor.crash_failure)

    def _end_overrun(self, failure: LoadFailure) -> None:
        if self._alive:
            self._fail(failure)

    def _report_slow(self) -> None:
        if not self._alive or self._settled:
            return
        if self.widget.isVisible():
            self.slow.emit()
        else:
            self._slow_timer.start()  # a page that isn't shown paints nothing

    def _fail(self, failure: LoadFailure) -> None:
        self._settle()
        self._loaded = False
        self._is_painted = False
        self.failed.emit(failure)

    def _settle(self) -> None:
        self._settled = True
        self._slow_timer.stop()
        self._paint.stop()

    def _on_paint_found(self) -> None:
        if not self._is_painted:
            self._is_painted = True
            self.painted.emit()
        if self._loaded:
            self._settle()
            self.rendered.emit()
