"""Opens a portal's page, tries again what failed, and ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.address import InvalidLinkError
from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.preview.load_failure import FailureKind, LoadFailure
from seam_portal_desktop.ui.preview.emulation.settings import EmulationSettings
from seam_portal_desktop.ui.preview.network.page_network import PageNetworkError
from seam_portal_desktop.ui.preview.page.page_holder import PageHolder
from seam_portal_desktop.ui.preview.page.target import PreviewOptions, PreviewTarget
from seam_portal_desktop.ui.preview.view.page_stack import PageStack
from seam_portal_desktop.ui.preview.view.retry import RETRIED, Retry
from seam_portal_desktop.ui.preview.view.states import (
    PreviewMessage,
    failure_content,
    message_content,
    retry_line,
)

if TYPE_CHECKING:
    from seam_portal_desktop.ui.preview.page.page_session import PageSession
    from seam_portal_desktop.ui.preview.page.web_page import PortalWebView

# If portals are selected quickly one after another, as with a held arrow key, no page is started
# for those in between.
_QUICK_CHANGE_MS = 300
_QUICK_CHANGE_PAUSE_MS = 200


class PageController(QObject):
    """Shows one target at a time on `page_stack`, each with a profile of its own.

    The signals come in the order: `target_changed`; `opening` just before a page is made;
    `opened`; `loading_changed`; then `rendered` or `failed`. `ended` comes before a page is ended
    for another reason than a failure. It also comes if there is no page.
    """

    target_changed = Signal()
    opening = Signal()
    opened = Signal(object)  # PageSession, about to load
    loading_changed = Signal(bool)
    rendered = Signal()
    failed = Signal(str)  # kind, as PreviewSignals.failed has it
    ended = Signal()

    def __init__(
        self, page_stack: PageStack, clock: Clock, options: PreviewOptions, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._page_stack = page_stack
        self._clock = clock
        self._holder = PageHolder(options, parent, on_ending=page_stack.viewport.remove_page)
        self._target: PreviewTarget | None = None
        self._settings = EmulationSettings()
        self._crashed_before = False
        self._since_show = QElapsedTimer()
        self._failure: LoadFailure | None = None
        self._retry = Retry(self, pauses=options.retry_pauses)
        self._retry.waiting.connect(self._show_retry)
        self._retry.due.connect(self._try_again)
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._open)
        page_stack.viewport.scale_changed.connect(self._on_scale_changed)

    @property
    def target(self) -> PreviewTarget | None:
        """The target that is shown or being opened. None if only a message is shown."""
        return self._target

    @property
    def session(self) -> PageSession | None:
        """The page, once it is opened and until it ends."""
        return self._holder.session

    @property
    def web(self) -> PortalWebView | None:
        return self.session.web if self.session is not None else None

    @property
    def is_expired(self) -> bool:
        """Whether the target's link has expired."""
        return self._target is not None and self._clock() >= self._target.expires_at

    def prepare(self) -> None:
        """Make a page beforehand. Only once the engine runs, or this starts it."""
        self._holder.prepare()

    def show(self, target: PreviewTarget) -> None:
        """Open the target's link. Nothing happens if it is shown or being opened already."""
        if target == self._target and (self.session is not None or self._pause.isActive()):
            return
        is_quick_change = (
            self._since_show.isValid() and self._since_show.elapsed() < _QUICK_CHANGE_MS
        )
        self._since_show.start()
        self._end_page()
        self._crashed_before = False
        self._target = target
        self.target_changed.emit()
        if self.is_expired:
            self._page_stack.show_content(message_content(PreviewMessage.EXPIRED))
            self.failed.emit(PreviewMessage.EXPIRED.value)
            return
        self._page_stack.show_skeleton()
        self._pause.start(_QUICK_CHANGE_PAUSE_MS if is_quick_change else 0)

    def show_again(self) -> None:
        """Open the link anew, with a new page."""
        target, crashed = self._target, self._crashed_before
        if target is not None:
            self._target = None
            self._since_show.invalidate()
            self.show(target)
            self._crashed_before = crashed

    def reload(self) -> None:
        """Load the page again if it works, else open the link with a new page."""
        web = self.web
        if web is not None and web.is_rendered and web.monitor.is_answering:
            web.reload()
        else:
            self.show_again()

    def stop(self) -> None:
        """Stop loading; what is painted stays."""
        began = self.session.stop() if self.session is not None else False
        if not began and (self.session is not None or self._pause.isActive()):
            self._pause.stop()
            self._fail(LoadFailure(FailureKind.STOPPED))

    def set_emulation(self, settings: EmulationSettings) -> None:
        """Apply the settings to this page and to later ones."""
        before, self._settings = self._settings, settings
        if settings.embedded != before.embedded:
            self._page_stack.viewport.set_emulation(settings)
            self.show_again()
            return
        # The session gets the settings first. The viewport then emits the new device's scale.
        if self.session is not None:
            self.session.set_emulation(settings)
        self._page_stack.viewport.set_emulation(settings)

    def close(self) -> None:
        """End the page; there is no target any more."""
        self._end_page()
        self._target = None
        self.target_changed.emit()

    def shutdown(self) -> None:
        """End the page now. Call it before the event loop ends; idempotent."""
        self._end_page()
        self._holder.shutdown()
        self._target = None

    def _open(self) -> None:
        if self._target is None:
            return
        self.opening.emit()
        request = self._target.request
        # What the customer's browser asks for: the portal's own language, if it has one.
        locale = request.locale if request is not None else None
        try:
            session = self._holder.start_session(
                self._target.url, locale or None, embedded=self._settings.embedded
            )
        except PageNetworkError as error:
            content = message_content(PreviewMessage.UNAVAILABLE, str(error))
            self._page_stack.show_content(content)
            self.failed.emit(PreviewMessage.UNAVAILABLE.value)
            return
        except InvalidLinkError as error:
            content = message_content(PreviewMessage.UNREADABLE, str(error))
            self._page_stack.show_content(content)
            self.failed.emit("invalid")
            return
        # Emit this before `_fail` is connected: the receivers' slots for a failure must run before
        # `_fail` ends the page.
        self.opened.emit(session)
        web = session.web
        web.loading_changed.connect(self.loading_changed)
        web.painted.connect(self._page_stack.show_page)
        web.rendered.connect(self._on_rendered)
        web.failed.connect(self._fail)
        web.on_wheel = self._page_stack.viewport.scroll_by_wheel
        self._page_stack.set_page(web.widget)
        session.open(self._settings, self._page_stack.viewport.scale)

    def _end_page(self) -> None:
        self._retry.stop()
        self._pause.stop()
        # Emit this first. `end_session` calls the callbacks that still wait for the page with an
        # empty result, and the receivers must ignore that.
        self.ended.emit()
        self._holder.end_session()

    def _on_scale_changed(self, scale: float) -> None:
        if self.session is not None:
            self.session.set_scale(scale)

    def _on_rendered(self) -> None:
        self._retry.stop()
        self.rendered.emit()

    def _fail(self, failure: LoadFailure) -> None:
        if self._target is None:
            return
        again = self._crashed_before
        self._crashed_before = again or failure.kind is FailureKind.CRASHED
        retried = failure.kind in RETRIED
        self._page_stack.show_content(failure_content(failure, again=again, retried=retried))
        self._holder.end_session()
        self.loading_changed.emit(False)  # noqa: FBT003 - Qt's signature
        is_known = self._retry.has_begun and failure == self._failure
        self._failure = failure
        if retried:
            self._retry.begin()
        else:
            self._retry.stop()
        if not is_known:
            self.failed.emit(failure.kind.value)

    def _show_retry(self, seconds: int) -> None:
        detail = self._failure.detail if self._failure is not None else ""
        self._page_stack.message_page.set_detail(retry_line(detail, seconds))

    def _try_again(self) -> None:
        """Open the link again. The failure's message stays until the page is painted."""
        if self._target is None or self.is_expired:
            self.show_again()
            return
        self._show_retry(0)
        self.loading_changed.emit(True)  # noqa: FBT003 - Qt's signature
        self._open()
