"""The window's right side: the portal as its customer sees it."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from seam_portal_desktop.domain.clock import Clock, system_clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.ui.icons import Icons
from seam_portal_desktop.ui.preview.engine import EngineStart
from seam_portal_desktop.ui.preview.screen import SLOW_AFTER, PreviewScreen
from seam_portal_desktop.ui.preview.states import PreviewMessage
from seam_portal_desktop.ui.preview.target import PreviewTarget
from seam_portal_desktop.ui.preview.watch_limits import PageLimits
from seam_portal_desktop.ui.theme import RADIUS, Theme, set_kind

__all__ = ["PreviewMessage", "PreviewPane", "PreviewTarget"]


class PreviewPane(QWidget):
    """Shows a portal on a screen of its own.

    Call `shutdown()` before the event loop ends. `failed` carries a FailureKind's value, or
    "expired" for a link whose time is over and "invalid" for one that must not be opened.
    """

    rendered = Signal(str)  # portal_id: the page is completely loaded and really painted
    failed = Signal(str, str)  # portal_id, kind
    open_externally_requested = Signal(str)  # portal_id: the user confirmed it
    external_link_requested = Signal(object)  # Secret: an address for the system browser
    new_link_requested = Signal(str)  # portal_id whose customer needs a new link
    live_requested = Signal(str)  # portal_id whose own link the user wants to see
    safe_requested = Signal(str)  # portal_id whose safe preview the user wants to see
    report_ready = Signal(str, object)  # portal_id, StoredReport
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
        limits: PageLimits | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = EngineStart(self)
        self._screen = PreviewScreen(
            theme,
            icons,
            clock=clock,
            slow_after=slow_after,
            accept_language=accept_language,
            limits=limits,
        )
        frame = QFrame()
        set_kind(frame, "card")
        inside = QVBoxLayout(frame)
        # The page is square and the frame is not: they must not meet at the lower corners.
        inside.setContentsMargins(1, 1, 1, RADIUS)
        inside.setSpacing(0)
        inside.addWidget(self._screen)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(frame)
        self.setAccessibleName("Preview")
        self._hear(self._screen)
        # A page may keep Escape and Tab to itself; F6 always leads out of it.
        leave = QShortcut(QKeySequence(Qt.Key.Key_F6), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.back_requested)

    @property
    def first(self) -> PreviewScreen:
        """Where the selected portal is shown."""
        return self._screen

    @property
    def is_loaded(self) -> bool:
        """Whether the target's page is completely loaded and painted."""
        return self._screen.is_loaded

    def show_portal(self, target: PreviewTarget) -> None:
        """Open the target's link. Showing again what is shown or on its way changes nothing."""
        self._screen.show_portal(target)

    def show_message(self, kind: PreviewMessage, *, portal_id: str = "", text: str = "") -> None:
        """Show a state instead of a page. `text` replaces the state's own sentence.

        `portal_id` is what `new_link_requested` will carry; without it no new link is offered.
        """
        self._screen.show_message(kind, portal_id=portal_id, text=text)

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
        self._screen.show_safe_failure(
            error, portal_id, can_retry=can_retry, live_refusal=live_refusal
        )

    def expect_portal(self) -> None:
        """A portal will be shown soon: start the engine, which takes a moment, beforehand."""
        self._engine.begin()

    def clear(self) -> None:
        """Nothing is selected: end the page and say so."""
        self._screen.clear()

    def reload(self) -> None:
        """Load the page again, or open the link anew after a failure."""
        self._screen.reload()

    def stop(self) -> None:
        """Stop loading; what is painted stays."""
        self._screen.stop()

    def ask_to_open(self) -> None:
        """Ask in place whether to open the live link in the system browser, then say so."""
        self._screen.ask_to_open()

    def shutdown(self) -> None:
        """End page and profile now. Call it before the event loop ends; idempotent."""
        self._screen.shutdown()
        self._engine.end()

    def set_back_visible(self, *, visible: bool) -> None:
        """Show a way back to the list, for a window too narrow for both."""
        self._screen.set_back_visible(visible=visible)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif not self._screen.escape():
            self.back_requested.emit()

    def _hear(self, screen: PreviewScreen) -> None:
        for name in (
            "rendered",
            "failed",
            "open_externally_requested",
            "external_link_requested",
            "new_link_requested",
            "live_requested",
            "safe_requested",
            "notice",
            "back_requested",
        ):
            getattr(screen, name).connect(getattr(self, name))
