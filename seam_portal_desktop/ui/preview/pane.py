"""The window's right side: one portal as its customer sees it, or why it can't be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from seam_portal_desktop.domain.clock import Clock, system_clock
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.ui.icons import Icons
from seam_portal_desktop.ui.preview.address_line import AddressBar
from seam_portal_desktop.ui.preview.engine import EngineStart
from seam_portal_desktop.ui.preview.inline_bar import BarChoice, InlineBar
from seam_portal_desktop.ui.preview.load_bar import LoadBar
from seam_portal_desktop.ui.preview.load_failure import FailureKind, LoadFailure
from seam_portal_desktop.ui.preview.request_policy import (
    InvalidPortalUrlError,
    mask_address,
    readable_target,
)
from seam_portal_desktop.ui.preview.stage import Stage
from seam_portal_desktop.ui.preview.states import (
    NextStep,
    PreviewMessage,
    failure_content,
    message_content,
)
from seam_portal_desktop.ui.theme import RADIUS, Theme, Tone, set_kind

if TYPE_CHECKING:
    from seam_portal_desktop.ui.preview.web_view import PortalView

__all__ = ["PreviewMessage", "PreviewPane", "PreviewTarget"]

SLOW_AFTER = timedelta(seconds=20)

# Walking through the list with an arrow key must not start an engine for every row passed.
_WALKING_MS = 300
_WALK_PAUSE_MS = 200
_SLOW = "The page is taking long."


@dataclass(frozen=True, slots=True)
class PreviewTarget:
    """What to show. `expires_at` is aware, in UTC."""

    portal_id: str
    customer_key: str
    url: Secret
    expires_at: datetime


class PreviewPane(QWidget):
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
    back_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        *,
        clock: Clock = system_clock,
        slow_after: timedelta = SLOW_AFTER,
        accept_language: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._slow_after = slow_after
        self._accept_language = accept_language
        self._target: PreviewTarget | None = None
        self._message_portal_id = ""
        self._web: PortalView | None = None
        self._ending: list[PortalView] = []
        self._crashed_before = False
        self._since_show = QElapsedTimer()
        self._engine = EngineStart(self)

        self._address = AddressBar(theme, icons)
        self._load_bar = LoadBar(theme)
        self._bar = InlineBar(theme, icons)
        self._stage = Stage(theme, icons)

        frame = QFrame()
        set_kind(frame, "card")
        inside = QVBoxLayout(frame)
        # The page is square and the frame is not: they must not meet at the lower corners.
        inside.setContentsMargins(1, 1, 1, RADIUS)
        inside.setSpacing(0)
        inside.addWidget(self._address)
        inside.addWidget(self._load_bar)
        inside.addWidget(self._bar)
        inside.addWidget(self._stage, 1)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(frame)
        self.setAccessibleName("Preview")

        self._opening = QTimer(self, singleShot=True)
        self._opening.timeout.connect(self._open)
        self._address.reload_requested.connect(self.reload)
        self._address.stop_requested.connect(self.stop)
        self._address.open_requested.connect(self.ask_to_open)
        self._address.back_requested.connect(self.back_requested)
        self._stage.step_chosen.connect(self._take_step)
        # A page may keep Escape and Tab to itself; F6 always leads out of it.
        leave = QShortcut(QKeySequence(Qt.Key.Key_F6), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.back_requested)
        self.show_message(PreviewMessage.EMPTY)

    # What the window calls ----------------------------------------------------------------

    @property
    def is_loaded(self) -> bool:
        """Whether the target's page is completely loaded and painted."""
        return self._web is not None and self._web.is_rendered

    def show_portal(self, target: PreviewTarget) -> None:
        """Open the target's link. Showing again what is shown or on its way changes nothing."""
        if target == self._target and (self._web is not None or self._opening.isActive()):
            return
        walking = self._since_show.isValid() and self._since_show.elapsed() < _WALKING_MS
        self._since_show.start()
        self._end_page()
        self._crashed_before = False
        self._target = target
        self._address.set_address(mask_address(target.url.reveal()))
        if self._clock() >= target.expires_at:
            self._stage.show_state(message_content(PreviewMessage.EXPIRED))
            self.failed.emit(target.portal_id, PreviewMessage.EXPIRED.value)
            return
        self._stage.show_skeleton()
        self._address.set_usable(reload=True, open_externally=True)
        self._address.set_loading(loading=True)
        self._opening.start(_WALK_PAUSE_MS if walking else 0)

    def show_message(self, kind: PreviewMessage, *, portal_id: str = "", text: str = "") -> None:
        """Show a state instead of a page. `text` replaces the state's own sentence.

        `portal_id` is what `new_link_requested` will carry; without it no new link is offered.
        """
        self._end_page()
        self._target = None
        self._message_portal_id = portal_id
        self._address.set_address(None)
        if kind is PreviewMessage.OPENING:
            self._stage.show_skeleton()
        else:
            self._stage.show_state(message_content(kind, text, offer_link=bool(portal_id)))

    def expect_portal(self) -> None:
        """A portal will be shown soon: start the engine, which takes a moment, beforehand."""
        self._engine.begin()

    def clear(self) -> None:
        """Nothing is selected: end the page and say so."""
        self.show_message(PreviewMessage.EMPTY)

    def reload(self) -> None:
        """Load the page again, or open the link anew after a failure."""
        if self._target is None:
            return
        self._bar.close_quietly()
        if self._web is not None and self._web.is_rendered:
            self._web.reload()
            return
        target = self._target
        crashed = self._crashed_before
        self._target = None
        self._since_show.invalidate()
        self.show_portal(target)
        self._crashed_before = crashed

    def stop(self) -> None:
        """Stop loading; what is painted stays."""
        self._bar.close_quietly()
        if self._web is not None:
            self._web.stop()
        elif self._opening.isActive():
            self._opening.stop()
            self._fail(LoadFailure(FailureKind.STOPPED))

    def ask_to_open(self) -> None:
        """Ask in place whether to open the live link in the system browser, then say so."""
        target = self._target
        if target is None:
            return
        self._bar.ask(
            "This opens the live link in your browser, which keeps it in its history. "
            "Whoever uses that browser is inside this customer’s portal.",
            icon="external-link",
            tone=Tone.WARNING,
            choices=(
                BarChoice("Open", lambda: self.open_externally_requested.emit(target.portal_id)),
                BarChoice("Cancel", lambda: None),
            ),
            take_focus=True,
        )

    def shutdown(self) -> None:
        """End page and profile now. Call it before the event loop ends; idempotent."""
        self._end_page()
        self._end_failed()
        self._engine.end()
        self._target = None

    def set_back_visible(self, *, visible: bool) -> None:
        """Show a way back to the list, for a window too narrow for both."""
        self._address.set_back_visible(visible=visible)

    # Qt ------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self._bar.isVisible():
            self._bar.dismiss()
        else:
            self.back_requested.emit()

    # The page's life -----------------------------------------------------------------------

    def _open(self) -> None:
        if self._target is None:
            return
        # Imported on first use: it costs as much as the rest of the window.
        from seam_portal_desktop.ui.preview.web_view import PortalView

        try:
            web = PortalView(
                self._target.url,
                slow_after=self._slow_after,
                accept_language=self._accept_language,
                parent=self,
            )
        except InvalidPortalUrlError as error:
            content = message_content(PreviewMessage.UNREADABLE, str(error))
            self._stage.show_state(content)
            self.failed.emit(self._target.portal_id, "invalid")
            return
        self._web = web
        web.progress.connect(self._load_bar.set_percent)
        web.loading_changed.connect(self._follow_loading)
        web.painted.connect(self._stage.uncover)
        web.rendered.connect(self._report_rendered)
        web.failed.connect(self._fail)
        web.slow.connect(self._report_slow)
        web.address_changed.connect(self._address.set_address)
        web.leave_requested.connect(self._ask_to_leave)
        web.notice.connect(self.notice)
        self._stage.put(web.widget)
        web.load()

    def _end_page(self) -> None:
        self._opening.stop()
        self._bar.close_quietly()
        self._load_bar.set_percent(0)
        self._address.set_loading(loading=False)
        self._address.set_usable(reload=False, open_externally=False)
        web, self._web = self._web, None
        if web is not None:
            self._discard(web)

    def _end_failed(self) -> None:
        while self._ending:
            self._discard(self._ending.pop())

    def _discard(self, web: PortalView) -> None:
        self._stage.remove(web.widget)
        web.destroy()
        web.deleteLater()

    def _follow_loading(self, loading: bool) -> None:  # noqa: FBT001 - a signal's argument
        self._address.set_loading(loading=loading)
        if not loading:
            self._load_bar.set_percent(0)

    def _report_rendered(self) -> None:
        self._bar.withdraw(_SLOW)
        if self._target is not None:
            self.rendered.emit(self._target.portal_id)

    def _fail(self, failure: LoadFailure) -> None:
        if self._target is None:
            return
        again = self._crashed_before
        self._crashed_before = again or failure.kind is FailureKind.CRASHED
        self._stage.show_state(failure_content(failure, again=again))
        web, self._web = self._web, None
        if web is not None:
            web.widget.hide()
            # The engine is still inside the call that told us.
            self._ending.append(web)
            QTimer.singleShot(0, self, self._end_failed)
        self._load_bar.set_percent(0)
        self._address.set_loading(loading=False)
        self._bar.close_quietly()
        self.failed.emit(self._target.portal_id, failure.kind.value)

    # What is asked -------------------------------------------------------------------------

    def _take_step(self, step: NextStep) -> None:
        portal_id = self._target.portal_id if self._target else self._message_portal_id
        if step is NextStep.RELOAD:
            self.reload()
        elif step is NextStep.NEW_LINK:
            self.new_link_requested.emit(portal_id)
        else:
            self.ask_to_open()

    def _ask_to_leave(self, address: Secret) -> None:
        place = readable_target(address.reveal())
        web = self._web
        self._bar.ask(
            f"The portal wants to go to {place}. The preview stays with the portal.",
            icon="hand",
            tone=Tone.WARNING,
            choices=(
                BarChoice(
                    "Open in system browser", lambda: self.external_link_requested.emit(address)
                ),
                BarChoice("Stay", lambda: web.stay(place) if web is not None else None),
            ),
        )

    def _report_slow(self) -> None:
        web = self._web
        self._bar.ask(
            _SLOW,
            icon="hourglass",
            tone=Tone.INFO,
            choices=(
                BarChoice("Reload", self.reload),
                BarChoice("Stop", self.stop),
                BarChoice("Keep waiting", lambda: web.keep_waiting() if web else None),
            ),
        )
