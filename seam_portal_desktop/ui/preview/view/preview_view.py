"""One portal as its customer sees it, or why it can't be shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from seam_portal_desktop.domain.clock import Clock, system_clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.preview.emulation.settings import EmulationSettings
from seam_portal_desktop.ui.preview.limits.limits import PageLimits
from seam_portal_desktop.ui.preview.page.load_failure import FailureKind, LoadFailure
from seam_portal_desktop.ui.preview.page.target import PreviewTarget
from seam_portal_desktop.ui.preview.popups.popup_stack import PopupStack
from seam_portal_desktop.ui.preview.security.addresses import mask_address
from seam_portal_desktop.ui.preview.security.certificates import Authorities
from seam_portal_desktop.ui.preview.security.request_policy import InvalidPortalUrlError
from seam_portal_desktop.ui.preview.view.address_bar import AddressBar
from seam_portal_desktop.ui.preview.view.inline_bar import InlineBar
from seam_portal_desktop.ui.preview.view.load_bar import LoadBar
from seam_portal_desktop.ui.preview.view.page_stack import PageStack
from seam_portal_desktop.ui.preview.view.questions import (
    ask_to_go_live,
    ask_to_leave,
    ask_to_open,
    ask_to_wait,
    forget_slow,
    say_slow,
)
from seam_portal_desktop.ui.preview.view.retry import PAUSES, RETRIED, Retry
from seam_portal_desktop.ui.preview.view.safety_banner import SafetyBanner
from seam_portal_desktop.ui.preview.view.states import (
    MessageAction,
    PreviewMessage,
    failure_content,
    message_content,
    retry_line,
    safe_failure_content,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme

if TYPE_CHECKING:
    from seam_portal_desktop.ui.preview.page.capture import PageTiles
    from seam_portal_desktop.ui.preview.page.page_session import PageSession
    from seam_portal_desktop.ui.preview.page.web_page import PortalWebView

SLOW_AFTER = timedelta(seconds=20)

# Walking through the list with an arrow key must not start an engine for every row passed.
_WALKING_MS = 300
_WALK_PAUSE_MS = 200

_ONLY_SCALED = (
    "The web engine here can’t pretend to be another device. The page has the right size, but "
    "sees this computer’s mouse, pixels and light or dark."
)


class PreviewView(QWidget):
    """Shows one portal at a time, each with a profile of its own that ends with it.

    Call `shutdown()` before the event loop ends. `failed` carries a FailureKind's value, or
    "expired" for a link whose time is over and "invalid" for one that must not be opened.
    """

    rendered = Signal(str)  # portal_id: the page is completely loaded and really painted
    failed = Signal(str, str)  # portal_id, kind
    open_externally_requested = Signal(str)  # portal_id: the user confirmed it
    external_link_requested = Signal(object)  # Secret: an address for the system browser
    new_link_requested = Signal(str)  # portal_id whose customer needs a new link
    notice = Signal(str)  # something was refused; for the status area
    live_requested = Signal(str)  # portal_id: the user confirmed it
    safe_requested = Signal(str)  # portal_id
    zoom_requested = Signal(bool)  # in, or out
    unframe_requested = Signal()  # the page is to be shown without a host page around it
    close_requested = Signal()
    back_requested = Signal()
    page_opened = Signal(object, object)  # PortalView that is about to load, PreviewTarget
    page_ended = Signal()  # it is about to be let go; a failed one was before
    opening = Signal()  # a page is about to be made
    scale_changed = Signal(float)  # the size on the screen of a CSS pixel

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        *,
        clock: Clock = system_clock,
        slow_after: timedelta = SLOW_AFTER,
        accept_language: str | None = None,
        limits: PageLimits | None = None,
        authorities: Authorities | None = None,
        retry_pauses: tuple[timedelta, ...] = PAUSES,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._limits = limits or PageLimits()
        self._authorities = authorities or Authorities()
        self._clock = clock
        self._slow_after = slow_after
        self._accept_language = accept_language
        self._target: PreviewTarget | None = None
        self._message_portal_id = ""
        self._settings = EmulationSettings()
        self._session: PageSession | None = None
        self._ending: list[PageSession] = []
        self._crashed_before = False
        self._since_show = QElapsedTimer()

        self._address = AddressBar(theme, icons)
        self._load_bar = LoadBar(theme)
        self._bar = InlineBar(theme, icons)
        self._mode = SafetyBanner(theme, icons)
        self._page_stack = PageStack(theme, icons)
        self._popups = PopupStack(theme, icons)
        self._page_stack.lay_over(self._popups)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._address)
        layout.addWidget(self._load_bar)
        layout.addWidget(self._mode)
        layout.addWidget(self._bar)
        layout.addWidget(self._page_stack, 1)
        self.setAccessibleName("Preview")

        self._failure: LoadFailure | None = None
        self._retry = Retry(self, pauses=retry_pauses)
        self._retry.waiting.connect(self._tell_retry)
        self._retry.due.connect(self._try_again)
        self._opening = QTimer(self, singleShot=True)
        self._opening.timeout.connect(self._open)
        self._address.reload_requested.connect(self.reload)
        self._address.stop_requested.connect(self.stop)
        self._address.open_requested.connect(self.ask_to_open)
        self._address.back_requested.connect(self.back_requested)
        self._address.close_requested.connect(self.close_requested)
        self._mode.live_requested.connect(self._ask_to_go_live)
        self._mode.safe_requested.connect(self._go_safe)
        self._page_stack.step_chosen.connect(self._take_step)
        self._page_stack.scale_changed.connect(self._follow_scale)
        self._popups.external_link_requested.connect(self.external_link_requested)
        self.show_message(PreviewMessage.EMPTY)

    # What the pane calls ------------------------------------------------------------------

    @property
    def target(self) -> PreviewTarget | None:
        """What is shown or on its way; None when only a message is."""
        return self._target

    @property
    def web(self) -> PortalWebView | None:
        """The page, once it is opened and until it ends."""
        return self._session.web if self._session is not None else None

    @property
    def scale(self) -> float:
        """The size on the screen of a CSS pixel."""
        return self._page_stack.scale

    @property
    def is_loaded(self) -> bool:
        """Whether the target's page is completely loaded and painted."""
        return self.web is not None and self.web.is_rendered

    def set_emulation(self, look: EmulationSettings) -> None:
        """Show this portal and those to come on that device, in that light."""
        before, self._settings = self._settings, look
        if look.embedded != before.embedded:
            self._page_stack.set_emulation(look)
            self._open_anew()
            return
        # Not before the session knows: the scale that comes of it belongs to the new device.
        if self._session is not None:
            self._session.set_emulation(look)
        self._page_stack.set_emulation(look)

    def show_portal(self, target: PreviewTarget) -> None:
        """Open the target's link. Showing again what is shown or on its way changes nothing."""
        if target == self._target and (self._session is not None or self._opening.isActive()):
            return
        walking = self._since_show.isValid() and self._since_show.elapsed() < _WALKING_MS
        self._since_show.start()
        self._end_page()
        self._crashed_before = False
        self._target = target
        self._address.set_address(mask_address(target.url.reveal()))
        self._mode.set_mode(target.mode)
        if self._clock() >= target.expires_at:
            self._page_stack.show_state(message_content(PreviewMessage.EXPIRED))
            self.failed.emit(target.portal_id, PreviewMessage.EXPIRED.value)
            return
        self._page_stack.show_skeleton()
        self._address.set_usable(reload=True, open_externally=True)
        self._address.set_loading(loading=True)
        self._opening.start(_WALK_PAUSE_MS if walking else 0)

    def show_message(self, kind: PreviewMessage, *, portal_id: str = "", text: str = "") -> None:
        """Show a state instead of a page. `text` replaces the state's own sentence.

        `portal_id` is what `new_link_requested` will carry; without it no new link is offered.
        """
        self._forget_target(portal_id)
        if kind is PreviewMessage.OPENING:
            self._page_stack.show_skeleton()
        else:
            self._page_stack.show_state(message_content(kind, text, offer_link=bool(portal_id)))

    def show_safe_failure(
        self,
        error: UserFacingError,
        portal_id: str,
        *,
        can_retry: bool,
        live_refusal: str | None = None,
    ) -> None:
        """Say why there is no safe preview, and offer to try again and the live link.

        `live_refusal` says why the live link isn't offered.
        """
        self._forget_target(portal_id)
        content = safe_failure_content(error, can_retry=can_retry, live_refusal=live_refusal)
        self._page_stack.show_state(content)

    def clear(self) -> None:
        """Nothing is selected: end the page and say so."""
        self.show_message(PreviewMessage.EMPTY)

    def reload(self) -> None:
        """Load the page again, or open the link anew after a failure."""
        if self._target is None:
            return
        self._bar.close_quietly()
        if self.web is not None and self.web.is_rendered and self.web.is_answering:
            self.web.reload()
            return
        self._open_anew()

    def open_tools(self) -> None:
        """Open the developer tools for the page; nothing happens without one."""
        if self._session is not None and self._target is not None:
            self._session.open_tools(f"Developer tools – {self._target.customer_key}")

    def set_caption(self, text: str) -> None:
        """What tells this page from the one beside it."""
        self._mode.set_caption(text)

    def set_chosen(self, *, chosen: bool) -> None:
        """Mark this screen as the one that the studio's bar is about."""
        self._address.set_chosen(chosen=chosen)

    def set_closable(self) -> None:
        """Offer to close it."""
        self._address.set_closable()

    def set_live_allowed(self, *, allowed: bool, reason: str = "") -> None:
        self._mode.set_live_allowed(allowed=allowed, reason=reason)

    def stop(self) -> None:
        """Stop loading; what is painted stays."""
        self._bar.close_quietly()
        began = self._session.stop() if self._session is not None else False
        if not began and (self._session is not None or self._opening.isActive()):
            self._opening.stop()
            self._fail(LoadFailure(FailureKind.STOPPED))

    def ask_to_open(self) -> None:
        """Ask in place whether to open the live link in the system browser, then say so."""
        target = self._target
        if target is not None:
            ask_to_open(self._bar, lambda: self.open_externally_requested.emit(target.portal_id))

    @property
    def shown_as(self) -> str:
        """On which device, and in which language if one was asked for, in words."""
        request = self._target.request if self._target is not None else None
        locale = request.locale if request is not None else None
        return f"{self._settings.title}, {locale}" if locale else self._settings.title

    def take_picture(self, on_answer: Callable[[PageTiles | None], None]) -> None:
        """The whole page as it is shown; `hear` gets None if there is none to be had."""
        if self._session is None or not self.is_loaded:
            on_answer(None)
        else:
            self._session.take_picture(on_answer)

    def print_document(self, on_answer: Callable[[bytes], None]) -> None:
        """The page as a PDF; `hear` gets no bytes if there is none to be had."""
        if self._session is None or not self.is_loaded:
            on_answer(b"")
        else:
            self._session.print_document(on_answer)

    def shutdown(self) -> None:
        """End page and profile now. Call it before the event loop ends; idempotent."""
        self._end_page()
        for session in list(self._ending):
            self._end(session)
        self._target = None

    def set_back_visible(self, *, visible: bool) -> None:
        """Show a way back to the list, for a window too narrow for both."""
        self._address.set_back_visible(visible=visible)

    def escape(self) -> bool:
        """What Escape means here: give up the question that is asked. False if there is none."""
        asked = self._bar.isVisible()
        self._bar.dismiss()
        return asked

    def _open_anew(self) -> None:
        target, crashed = self._target, self._crashed_before
        if target is not None:
            self._target = None
            self._since_show.invalidate()
            self.show_portal(target)
            self._crashed_before = crashed

    # The page's life -----------------------------------------------------------------------

    def _forget_target(self, portal_id: str) -> None:
        """Something is said in place of a page; `portal_id` is whom its steps are for."""
        self._end_page()
        self._target = None
        self._message_portal_id = portal_id
        self._address.set_address(None)
        self._mode.set_mode(None)

    def _open(self) -> None:
        if self._target is None:
            return
        self.opening.emit()
        # Imported on first use: it costs as much as the rest of the window.
        from seam_portal_desktop.ui.preview.page.page_session import PageSession

        try:
            session = PageSession(
                self._target.url,
                self._settings,
                self._page_stack.scale,
                slow_after=self._slow_after,
                accept_language=self._language(),
                limits=self._limits,
                authorities=self._authorities,
                parent=self,
            )
        except InvalidPortalUrlError as error:
            content = message_content(PreviewMessage.UNREADABLE, str(error))
            self._page_stack.show_state(content)
            self.failed.emit(self._target.portal_id, "invalid")
            return
        self._session = session
        session.cannot_pretend.connect(lambda: self.notice.emit(_ONLY_SCALED))
        session.zoom_requested.connect(self.zoom_requested)
        web = session.web
        # First of all: those who listen hear of a failure before the page is let go.
        self.page_opened.emit(web, self._target)
        web.progress.connect(self._load_bar.set_percent)
        web.loading_changed.connect(self._follow_loading)
        web.painted.connect(self._page_stack.uncover)
        web.rendered.connect(self._report_rendered)
        web.failed.connect(self._fail)
        web.slow.connect(self._report_slow)
        web.address_changed.connect(self._address.set_address)
        web.leave_requested.connect(self._ask_to_leave)
        web.notice.connect(self.notice)
        web.popup_opened.connect(self._popups.add)
        web.popup_closed.connect(self._popups.remove)
        ask_to_wait(self._bar, web)
        self._page_stack.put(web.widget)
        session.open()

    def _language(self) -> str | None:
        """What the customer's browser asks for: the portal's own language, if it has one."""
        request = self._target.request if self._target is not None else None
        return (request.locale if request is not None else None) or self._accept_language

    def _follow_scale(self, scale: float) -> None:
        if self._session is not None:
            self._session.set_scale(scale)
        self.scale_changed.emit(scale)

    def _end_page(self) -> None:
        self._retry.stop()
        self._opening.stop()
        self._bar.close_quietly()
        self._load_bar.set_percent(0)
        self._address.set_loading(loading=False)
        self._address.set_usable(reload=False, open_externally=False)
        # First: whoever asked the page something gets an answer of nothing when it goes.
        self.page_ended.emit()
        self._let_go()

    def _let_go(self, *, inside_call: bool = False) -> None:
        """End the page, at once where that costs nothing and the engine isn't just calling us."""
        session, self._session = self._session, None
        if session is None:
            return
        rest = session.let_go()
        self._ending.append(session)
        if rest or inside_call:
            QTimer.singleShot(rest, self, lambda: self._end(session))
        else:
            self._end(session)

    def _end(self, session: PageSession) -> None:
        if session in self._ending:
            self._ending.remove(session)
            self._page_stack.remove(session.web.widget)
            session.end()

    def _follow_loading(self, loading: bool) -> None:  # noqa: FBT001 - a signal's argument
        self._address.set_loading(loading=loading)
        if not loading:
            self._load_bar.set_percent(0)

    def _tell_retry(self, seconds: int) -> None:
        detail = self._failure.detail if self._failure is not None else ""
        self._page_stack.set_detail(retry_line(detail, seconds))

    def _try_again(self) -> None:
        """What failed is shown on until there is something better."""
        if self._target is None or self._clock() >= self._target.expires_at:
            self.reload()
            return
        self._tell_retry(0)
        self._address.set_loading(loading=True)
        self._open()

    def _report_rendered(self) -> None:
        self._retry.stop()
        forget_slow(self._bar)
        if self._target is not None:
            self.rendered.emit(self._target.portal_id)

    def _fail(self, failure: LoadFailure) -> None:
        if self._target is None:
            return
        again = self._crashed_before
        self._crashed_before = again or failure.kind is FailureKind.CRASHED
        retried = failure.kind in RETRIED
        self._page_stack.show_state(failure_content(failure, again=again, retried=retried))
        self._let_go(inside_call=True)
        self._load_bar.set_percent(0)
        self._address.set_loading(loading=False)
        known = self._retry.has_begun and failure == self._failure
        self._failure = failure
        if retried:
            self._retry.begin()
        else:
            self._retry.stop()
        if not known:
            self._bar.close_quietly()
            self.failed.emit(self._target.portal_id, failure.kind.value)

    # What is asked -------------------------------------------------------------------------

    def _take_step(self, step: MessageAction) -> None:
        portal_id = self._target.portal_id if self._target else self._message_portal_id
        if step in (MessageAction.RELOAD, MessageAction.TRY_NOW):
            self.reload()
        elif step is MessageAction.NEW_LINK:
            self.new_link_requested.emit(portal_id)
        elif step is MessageAction.TRY_SAFE:
            self.safe_requested.emit(portal_id)
        elif step is MessageAction.PREVIEW_LIVE:
            self.live_requested.emit(portal_id)
        elif step is MessageAction.WITHOUT_FRAME:
            self.unframe_requested.emit()
        else:
            self.ask_to_open()

    def _ask_to_go_live(self) -> None:
        target = self._target
        if target is not None:
            ask_to_go_live(self._bar, lambda: self.live_requested.emit(target.portal_id))

    def _go_safe(self) -> None:
        if self._target is not None:
            self.safe_requested.emit(self._target.portal_id)

    def _ask_to_leave(self, address: Secret) -> None:
        ask_to_leave(self._bar, address, leave=lambda: self.external_link_requested.emit(address))

    def _report_slow(self) -> None:
        web = self.web
        say_slow(
            self._bar,
            reload=self.reload,
            stop=self.stop,
            wait=lambda: web.keep_waiting() if web else None,
        )
