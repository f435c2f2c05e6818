"""One portal in one web view, with a profile of its own, from first request to ordered end."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QColor
from PySide6.QtWebEngineCore import QWebEngineLoadingInfo, QWebEnginePage, QWebEngineScript
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.preview.checks.failure_watcher import watch_for_failures
from seam_portal_desktop.ui.preview.limits.limits import PageLimits
from seam_portal_desktop.ui.preview.limits.page_monitor import PageMonitor
from seam_portal_desktop.ui.preview.limits.rate_limiter import RateLimiter
from seam_portal_desktop.ui.preview.page.load_failure import (
    FailureKind,
    LoadFailure,
    classify_http,
    classify_net_error,
)
from seam_portal_desktop.ui.preview.popups.popup_windows import PopupWindows
from seam_portal_desktop.ui.preview.security.addresses import mask_address
from seam_portal_desktop.ui.preview.security.blocked_api_monitor import install_blocked_api_monitor
from seam_portal_desktop.ui.preview.security.certificates import Authorities
from seam_portal_desktop.ui.preview.security.page_policy import PreviewWebPage
from seam_portal_desktop.ui.preview.security.profile import RequestInterceptor, encoded, new_profile
from seam_portal_desktop.ui.preview.security.request_policy import PortalRules

# Quick at first, so that nobody waits for us; slower for a page that takes its time or is hidden.
_PAINT_CHECK_MS = 8
_PAINT_CHECK_SLOWEST_MS = 250

# Asked in a script world of our own, where the page can't answer for the engine.
_FIRST_PAINT = """JSON.stringify([performance.timeOrigin,
    performance.getEntriesByName('first-contentful-paint').length])"""

_REST_MS = 2_000
_PART_ENDED = "A part of the portal took too much memory. The preview ended that part."

_HANDS_ON = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.TouchBegin})
_Status = QWebEngineLoadingInfo.LoadStatus
_Domain = QWebEngineLoadingInfo.ErrorDomain


class PortalWebView(QObject):
    """Loads one link. `widget` goes into a layout; `destroy()` ends everything, in order.

    A load gives `progress` 0 to 100, `painted` once something is to be seen, and `rendered` when
    it is also completely loaded; or one `failed`, after which the object is of no more use.
    `slow` may come between. `loading_changed` also follows what the page does by itself.

    The widget's own `url` and `title` must not be shown: the one holds the link, and so does the
    other as long as the page has no title.
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
    popup_opened = Signal(object)  # PopupPage: to be shown
    popup_closed = Signal(object)  # PopupPage: not to be shown any more
    not_answering = Signal()
    busying = Signal()  # the page keeps the window's own thread busy
    answering = Signal()  # after one of the two

    _page_type = PreviewWebPage
    is_embedded = False

    def __init__(
        self,
        url: Secret,
        *,
        slow_after: timedelta,
        accept_language: str | None,
        limits: PageLimits,
        authorities: Authorities,
        parent: QWidget,
    ) -> None:
        """Raises InvalidPortalUrlError for a link that must not be opened here."""
        super().__init__(parent)
        self._url = url
        self._rules = PortalRules(url)
        self._owner = QObject()
        self._profile = new_profile(
            accept_language, self._owner, trusted=authorities.certificates()
        )
        limiter = RateLimiter(limits)
        prefix = install_blocked_api_monitor(self._profile)
        self._page = self._page_type(self._profile, self._rules, limiter, report_prefix=prefix)
        self._watch = PageMonitor(self._page, limiter, limits, self)
        # The profile keeps no reference of Python's, and without one nothing is intercepted.
        self._interceptor = RequestInterceptor(self._rules, limiter, self._profile)
        self._profile.setUrlRequestInterceptor(self._interceptor)
        self.record = self._interceptor.record = self._page.record
        watch_for_failures(self._page)
        self._page.setBackgroundColor(QColor(Qt.GlobalColor.white))  # what a browser starts with
        self._view = QWebEngineView(parent)
        self._view.setPage(self._page)
        # The engine's menu offers saving, source and the link as plain text.
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._view.setAcceptDrops(False)
        self._popups = PopupWindows(
            self._profile, self._rules, limiter, report_prefix=prefix, parent=parent
        )
        self._popups.attach(self._page)
        self._alive = True
        self._gave_up = False
        self._loading = False
        self._loaded = False
        self._is_painted = False
        self._asking = False
        self._settled = True
        self._stopped_by_user = False
        self._cause: LoadFailure | None = None
        self._hands: QWidget | None = None
        self._document = 0.0
        self._document_before = 0.0
        self._paint_timer = QTimer(self, singleShot=True, interval=_PAINT_CHECK_MS)
        self._paint_timer.timeout.connect(self._ask_for_paint)
        slow_after_ms = slow_after // timedelta(milliseconds=1)
        self._slow_timer = QTimer(self, singleShot=True, interval=slow_after_ms)
        self._slow_timer.timeout.connect(self._report_slow)
        self._listen()

    def _listen(self) -> None:
        self._interceptor.refused_local.connect(self._say_local)
        page = self._page
        page.loadingChanged.connect(self._follow_loading)
        page.loadProgress.connect(self._follow_progress)
        page.urlChanged.connect(self._follow_address)
        page.renderProcessTerminated.connect(self._report_crash)
        page.blocked.connect(self._remember_cause)
        page.leave_requested.connect(self.leave_requested)
        page.notice.connect(self.notice)
        popups = self._popups
        popups.opened.connect(self.popup_opened)
        popups.closed.connect(self.popup_closed)
        popups.notice.connect(self.notice)
        watch = self._watch
        watch.not_answering.connect(self.not_answering)
        watch.keeping_busy.connect(self.busying)
        watch.answering.connect(self.answering)
        watch.overrun.connect(self._end_overrun)
        watch.part_ended.connect(lambda: self.notice.emit(_PART_ENDED))

    @property
    def widget(self) -> QWebEngineView:
        return self._view

    @property
    def is_rendered(self) -> bool:
        return self._is_painted and self._loaded

    def load(self) -> None:
        """Open the link."""
        self._begin()
        self._page.load(QUrl(self._url.reveal()))

    def reload(self) -> None:
        """Load the page that is shown, wherever in the portal that is, again."""
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
        """Evaluate a script where the page can't meddle; `hear` gets a text, '' if it failed, or
        is never called by a page that hangs."""
        if self._alive:
            world = QWebEngineScript.ScriptWorldId.ApplicationWorld.value
            self._page.runJavaScript(question, world, on_answer)

    @property
    def is_answering(self) -> bool:
        """False once `not_answering` was said, until it answers again."""
        return self._watch.is_answering

    def wait_longer(self) -> None:
        """The user wants to give a page that doesn't answer more time."""
        self._watch.wait_longer()

    def give_up(self) -> None:
        """The user has enough of a page that doesn't answer, or keeps the window busy."""
        self._end_overrun(LoadFailure(FailureKind.UNRESPONSIVE))

    def let_go(self) -> int:
        """Silence the page for good; after how many milliseconds it is best destroyed.

        To delete a page with thousands of requests or messages under way would hold the window up
        for half a second. With its process gone they end one by one.
        """
        self._popups.close_all()
        self.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self._view.hide()
        if self._watch.has_just_answered and not self._gave_up:
            return 0
        self._watch.kill()
        return _REST_MS

    def destroy(self) -> None:
        """End view, page and profile, in the one order that the engine survives. Idempotent."""
        if not self._alive:
            return
        self._alive = False
        self._paint_timer.stop()
        self._slow_timer.stop()
        self._watch.end()
        self._popups.end()
        for part in (self._view, self._page, self._owner):
            if shiboken6.isValid(part):
                shiboken6.delete(part)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _HANDS_ON and self._alive:
            self._page.on_user_input()
        return super().eventFilter(watched, event)

    def _watch_hands(self) -> None:
        hands = self._view.focusProxy()
        if hands is not None and hands is not self._hands:
            self._hands = hands
            hands.installEventFilter(self)

    def _begin(self) -> None:
        self._settled = False
        self._loaded = False
        self._is_painted = False
        self._stopped_by_user = False
        self._cause = None
        self._asking = False
        self._document_before = self._document
        self._paint_timer.setInterval(_PAINT_CHECK_MS)
        self._page.begin_load()
        self._watch.begin()
        self._slow_timer.start()

    # Loading ------------------------------------------------------------------------------

    def _follow_loading(self, info: QWebEngineLoadingInfo) -> None:
        if not self._alive:
            return
        status = info.status()
        if status is not _Status.LoadStartedStatus:
            of_http = info.errorDomain() is _Domain.HttpStatusCodeDomain
            self.record.answered(encoded(info.url()), info.errorCode() if of_http else None)
        self._loading = status is _Status.LoadStartedStatus
        self.loading_changed.emit(self._loading)
        self._watch_hands()
        if status is _Status.LoadStartedStatus:
            self._page.may_leave = False
            self._cause = None
            self._paint_timer.start()
        elif status is _Status.LoadSucceededStatus:
            self._loaded = True
            self._rules.landed(encoded(info.url()))
            self._ask_for_paint()
        elif status is _Status.LoadFailedStatus:
            self._fail(self._failure_of(info))
        else:
            # A page may have begun another load at once; judge when that is known.
            QTimer.singleShot(0, self, self._judge_stop)

    def _failure_of(self, info: QWebEngineLoadingInfo) -> LoadFailure:
        if self._cause is not None and self._cause.kind in {FailureKind.TLS, FailureKind.SIGN_IN}:
            return self._cause
        if info.errorDomain() is _Domain.HttpStatusCodeDomain:
            at_home = self._rules.is_home(encoded(info.url()))
            return classify_http(info.errorCode(), at_home=at_home)
        return classify_net_error(info.errorCode())

    def _judge_stop(self) -> None:
        if not self._alive or self._loading:
            return
        if self._is_painted:
            self._settle()
            self._loaded = True
        elif self._loaded:
            # Something that the page began after it had arrived; its paint is still to come.
            self._paint_timer.start()
        elif self._stopped_by_user:
            self._fail(LoadFailure(FailureKind.STOPPED))
        else:
            self._fail(self._cause or LoadFailure(FailureKind.NOT_A_PAGE))

    def _follow_progress(self, percent: int) -> None:
        if self._alive:
            self.progress.emit(percent)

    def _follow_address(self, url: QUrl) -> None:
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

    def _say_local(self, place: str) -> None:
        self._page.notify(
            f"The portal tried to reach {place}. The preview keeps it off this network."
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

    def _report_crash(self, status: QWebEnginePage.RenderProcessTerminationStatus) -> None:
        normal = QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus
        if self._alive and status is not normal:
            self._end_overrun(self._watch.crash_failure)

    def _end_overrun(self, failure: LoadFailure) -> None:
        if self._alive:
            self._gave_up = True
            self._fail(failure)

    def _report_slow(self) -> None:
        if self._alive and not self._settled:
            self.slow.emit()

    def _fail(self, failure: LoadFailure) -> None:
        self._settle()
        self._loaded = False
        self._is_painted = False
        self.failed.emit(failure)

    def _settle(self) -> None:
        self._settled = True
        self._slow_timer.stop()
        self._paint_timer.stop()

    # First paint --------------------------------------------------------------------------

    def _ask_for_paint(self) -> None:
        if not self._alive or self._settled or self._asking:
            return
        self._asking = True
        world = QWebEngineScript.ScriptWorldId.ApplicationWorld.value
        self._page.runJavaScript(_FIRST_PAINT, world, self._on_paint_answer)

    def _on_paint_answer(self, answer: object) -> None:
        if not self._alive:
            return
        self._asking = False
        if self._settled:
            return
        document, paints = json.loads(answer) if isinstance(answer, str) and answer else (0, 0)
        # The document before this one has been painted too, and may still be the one that answers.
        if paints and document != self._document_before:
            self._document = document
            if not self._is_painted:
                self._is_painted = True
                self.painted.emit()
            if self._loaded:
                self._settle()
                self.rendered.emit()
                return
        self._paint_timer.start(min(self._paint_timer.interval() * 6 // 5, _PAINT_CHECK_SLOWEST_MS))
