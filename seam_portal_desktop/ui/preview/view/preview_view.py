"""One portal as its customer sees it, or why it can't be shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.emulation.settings import EmulationSettings
from seam_portal_desktop.ui.preview.page.target import PreviewOptions, PreviewTarget
from seam_portal_desktop.ui.preview.security.addresses import mask_address
from seam_portal_desktop.ui.preview.view.address_bar import AddressBar, LoadBar
from seam_portal_desktop.ui.preview.view.inline_bar import InlineBar
from seam_portal_desktop.ui.preview.view.page_controller import PageController
from seam_portal_desktop.ui.preview.view.page_stack import PageStack
from seam_portal_desktop.ui.preview.view.popup_stack import PopupStack
from seam_portal_desktop.ui.preview.view.questions import (
    ask_about_silent_page,
    ask_about_slow_page,
    ask_to_go_live,
    ask_to_leave,
    ask_to_open,
    withdraw_slow_page,
)
from seam_portal_desktop.ui.preview.view.safety_banner import SafetyBanner
from seam_portal_desktop.ui.preview.view.states import (
    MessageAction,
    PreviewMessage,
    message_content,
    safe_failure_content,
)
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme

if TYPE_CHECKING:
    from seam_portal_desktop.ui.preview.page.page_session import PageSession
    from seam_portal_desktop.ui.preview.page.picture_file import PictureFile
    from seam_portal_desktop.ui.preview.page.web_page import PortalWebView

_ONLY_SCALED = _(
    "The web engine here can’t pretend to be another device. The page has the right size, but "
    "sees this computer’s mouse, pixels and light or dark."
)


class PreviewSignals(QWidget):
    """The signals of the preview pane. Its one or two previews emit them.

    `failed` carries a FailureKind's value, "expired" for an expired link, or "invalid" for one that
    must not be opened.
    """

    rendered = Signal(str)  # portal_id: the page is completely loaded and really painted
    failed = Signal(str, str)  # portal_id, kind
    open_externally_requested = Signal(str)  # portal_id: the user confirmed it
    external_link_requested = Signal(object)  # Secret: an address for the system browser
    new_link_requested = Signal(str)  # portal_id whose customer needs a new link
    live_requested = Signal(str)  # portal_id: the user confirmed it
    safe_requested = Signal(str)  # portal_id
    notice = Signal(str)  # something was refused; for the status area


class PreviewView(QWidget):
    """Shows one portal at a time: its address, its mode, its page, and questions about it.

    It emits the signals of `signals`. Call `page.shutdown()` before the event loop ends.
    """

    unframe_requested = Signal()  # the page is to be shown without a host page around it

    def __init__(
        self,
        signals: PreviewSignals,
        theme: Theme,
        icons: Icons,
        clock: Clock,
        options: PreviewOptions,
    ) -> None:
        super().__init__()
        self._signals = signals
        self._message_portal_id = ""
        self._settings = EmulationSettings()
        self.address_bar = AddressBar(theme, icons)
        self._load_bar = LoadBar(theme)
        self._question_bar = InlineBar(theme, icons)
        self.safety_banner = SafetyBanner(theme, icons)
        self.page_stack = PageStack(theme, icons)
        self._popup_stack = PopupStack(theme, icons)
        self.page_stack.add_overlay(self._popup_stack)
        self.page = PageController(self.page_stack, clock, options, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.address_bar)
        layout.addWidget(self._load_bar)
        layout.addWidget(self.safety_banner)
        layout.addWidget(self._question_bar)
        layout.addWidget(self.page_stack, 1)
        self.setAccessibleName(_("Preview"))
        self._connect_signals()
        self.show_message(PreviewMessage.EMPTY)

    def _connect_signals(self) -> None:
        page = self.page
        page.target_changed.connect(self._on_target_changed)
        page.opened.connect(self._on_opened)
        page.ended.connect(self._on_ended)
        page.loading_changed.connect(self._on_loading_changed)
        page.rendered.connect(self._on_rendered)
        page.failed.connect(self._on_failed)
        address = self.address_bar
        address.reload_requested.connect(self.reload)
        address.stop_requested.connect(self.stop)
        address.open_requested.connect(self.ask_to_open)
        self.safety_banner.live_requested.connect(self._ask_to_go_live)
        self.safety_banner.safe_requested.connect(self._show_safe)
        self.page_stack.message_page.action_chosen.connect(self._run_action)
        self.page_stack.focus_lost.connect(address.focus_field)
        self._popup_stack.external_link_requested.connect(self._signals.external_link_requested)

    # What the pane calls ------------------------------------------------------------------

    @property
    def target(self) -> PreviewTarget | None:
        """The target that is shown or being opened. None if only a message is shown."""
        return self.page.target

    @property
    def web(self) -> PortalWebView | None:
        """The page, once it is opened and until it ends."""
        return self.page.web

    @property
    def is_loaded(self) -> bool:
        """Whether the target's page is completely loaded and painted."""
        return self.web is not None and self.web.is_rendered

    @property
    def shown_as(self) -> str:
        """The device in words, and the language if the link has one."""
        request = self.target.request if self.target is not None else None
        locale = request.locale if request is not None else None
        return f"{self._settings.title}, {locale}" if locale else self._settings.title

    def set_emulation(self, settings: EmulationSettings) -> None:
        """Apply the settings to this portal and to later ones."""
        self._settings = settings
        self.page.set_emulation(settings)

    def show_message(self, kind: PreviewMessage, *, portal_id: str = "", text: str = "") -> None:
        """Show a message instead of a page. `text` replaces the message's own sentence.

        `portal_id` is what `new_link_requested` will carry; without it no new link is offered.
        """
        self._message_portal_id = portal_id
        self.page.close()
        if kind is PreviewMessage.OPENING:
            self.page_stack.show_skeleton()
        else:
            self.page_stack.show_content(message_content(kind, text, offer_link=bool(portal_id)))

    def show_safe_failure(
        self,
        error: UserFacingError,
        portal_id: str,
        *,
        can_retry: bool,
        live_refusal: str | None = None,
    ) -> None:
        """Show why there is no safe preview, and offer to try again and the live link.

        `live_refusal` says why the live link isn't offered.
        """
        self._message_portal_id = portal_id
        self.page.close()
        content = safe_failure_content(error, can_retry=can_retry, live_refusal=live_refusal)
        self.page_stack.show_content(content)

    def reload(self) -> None:
        """Load the page again, or open the link anew after a failure."""
        if self.target is not None:
            self._question_bar.close_question()
            self.page.reload()

    def stop(self) -> None:
        """Stop loading; what is painted stays."""
        self._question_bar.close_question()
        self.page.stop()

    def open_tools(self) -> None:
        """Open the developer tools for the page; nothing happens without one."""
        if self.page.session is not None and self.target is not None:
            self.page.session.open_tools(
                _("Developer tools – {customer_key}").format(customer_key=self.target.customer_key)
            )

    def ask_to_open(self) -> None:
        """Ask in place whether to open the live link in the system browser."""
        target = self.target
        if target is not None:
            signal = self._signals.open_externally_requested
            ask_to_open(self._question_bar, lambda: signal.emit(target.portal_id))

    def take_picture(self, on_answer: Callable[[PictureFile | None], None]) -> None:
        """Take a picture of the whole page. `on_answer` gets None if that can't be done."""
        if self.page.session is None or not self.is_loaded:
            on_answer(None)
        else:
            self.page.session.take_picture(on_answer)

    def print_document(self, on_answer: Callable[[bytes], None]) -> None:
        """Print the page as a PDF. `on_answer` gets no bytes if that can't be done."""
        if self.page.session is None or not self.is_loaded:
            on_answer(b"")
        else:
            self.page.session.print_document(on_answer)

    def escape(self) -> bool:
        """Dismiss the question that is shown. False if there is none."""
        is_asking = self._question_bar.isVisible()
        self._question_bar.dismiss()
        return is_asking

    # The page -----------------------------------------------------------------------------

    def _on_target_changed(self) -> None:
        target = self.target
        usable = target is not None and not self.page.is_expired
        self.address_bar.set_address(mask_address(target.url.reveal()) if target else None)
        self.address_bar.set_usable(reload=usable, open_externally=usable)
        self.address_bar.set_loading(loading=usable)
        self.safety_banner.set_mode(target.mode if target else None)

    def _on_opened(self, session: PageSession) -> None:
        session.emulation_unavailable.connect(lambda: self._signals.notice.emit(_ONLY_SCALED))
        web = session.web
        web.progress.connect(self._load_bar.set_percent)
        web.slow.connect(
            lambda: ask_about_slow_page(self._question_bar, web, reload=self.reload, stop=self.stop)
        )
        web.address_changed.connect(self.address_bar.set_address)
        web.leave_requested.connect(self._ask_to_leave)
        web.notice.connect(self._signals.notice)
        web.popups.notice.connect(self._signals.notice)
        web.popups.opened.connect(self._popup_stack.add)
        web.popups.closed.connect(self._popup_stack.remove)
        ask_about_silent_page(self._question_bar, web)

    def _on_ended(self) -> None:
        self._question_bar.close_question()
        self.address_bar.set_usable(reload=False, open_externally=False)
        self.address_bar.set_loading(loading=False)
        self._load_bar.set_percent(0)

    def _on_loading_changed(self, loading: bool) -> None:  # noqa: FBT001 - a signal's argument
        self.address_bar.set_loading(loading=loading)
        if not loading:
            self._load_bar.set_percent(0)

    def _on_rendered(self) -> None:
        withdraw_slow_page(self._question_bar)
        if self.target is not None:
            self._signals.rendered.emit(self.target.portal_id)

    def _on_failed(self, kind: str) -> None:
        self._question_bar.close_question()
        if self.target is not None:
            self._signals.failed.emit(self.target.portal_id, kind)
        self.page_stack.message_page.speak()

    # What the user chooses ----------------------------------------------------------------

    def _run_action(self, action: MessageAction) -> None:
        portal_id = self.target.portal_id if self.target else self._message_portal_id
        if action in (MessageAction.RELOAD, MessageAction.TRY_NOW):
            self.reload()
        elif action is MessageAction.NEW_LINK:
            self._signals.new_link_requested.emit(portal_id)
        elif action is MessageAction.TRY_SAFE:
            self._signals.safe_requested.emit(portal_id)
        elif action is MessageAction.PREVIEW_LIVE:
            self._signals.live_requested.emit(portal_id)
        elif action is MessageAction.WITHOUT_FRAME:
            self.unframe_requested.emit()
        else:
            self.ask_to_open()

    def _ask_to_go_live(self) -> None:
        target = self.target
        if target is not None:
            signal = self._signals.live_requested
            ask_to_go_live(self._question_bar, lambda: signal.emit(target.portal_id))

    def _show_safe(self) -> None:
        if self.target is not None:
            self._signals.safe_requested.emit(self.target.portal_id)

    def _ask_to_leave(self, address: Secret) -> None:
        signal = self._signals.external_link_requested
        ask_to_leave(self._question_bar, address, leave=lambda: signal.emit(address))
