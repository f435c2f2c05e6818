"""The window's right side: portals as their customers see them, and what to look at them with."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from seam_portal_desktop.domain.clock import Clock, system_clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.ui.preview.checks.controller import ChecksController
from seam_portal_desktop.ui.preview.emulation.actions import PreviewActions
from seam_portal_desktop.ui.preview.emulation.comparison import Comparison, ComparisonKind
from seam_portal_desktop.ui.preview.emulation.comparison_settings import ComparisonSettings
from seam_portal_desktop.ui.preview.emulation.settings import dump_view, load_view
from seam_portal_desktop.ui.preview.emulation.size_panels import SizePanels
from seam_portal_desktop.ui.preview.emulation.toolbar import PreviewToolbar
from seam_portal_desktop.ui.preview.limits.limits import PageLimits
from seam_portal_desktop.ui.preview.page.engine import EngineStart
from seam_portal_desktop.ui.preview.page.target import PreviewTarget
from seam_portal_desktop.ui.preview.security.certificates import Authorities
from seam_portal_desktop.ui.preview.view.comparison_splitter import ComparisonSplitter
from seam_portal_desktop.ui.preview.view.preview_view import SLOW_AFTER, PreviewView
from seam_portal_desktop.ui.preview.view.retry import PAUSES
from seam_portal_desktop.ui.preview.view.states import PreviewMessage
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import RADIUS, Theme, set_kind

__all__ = ["PreviewMessage", "PreviewPane", "PreviewTarget"]


class PreviewPane(QWidget):
    """Shows one portal, or two beside each other, each on a screen of its own.

    Call `shutdown()` before the event loop ends. `failed` carries a FailureKind's value, or
    "expired" for a link whose time is over and "invalid" for one that must not be opened.
    What comes from a page tells of the first screen's and of the second's alike.
    """

    rendered = Signal(str)  # portal_id: the page is completely loaded and really painted
    failed = Signal(str, str)  # portal_id, kind
    open_externally_requested = Signal(str)  # portal_id: the user confirmed it
    external_link_requested = Signal(object)  # Secret: an address for the system browser
    new_link_requested = Signal(str)  # portal_id whose customer needs a new link
    live_requested = Signal(str)  # portal_id: the user confirmed it
    safe_requested = Signal(str)  # portal_id
    comparison_requested = Signal(object)  # Comparison
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
        retry_pauses: tuple[timedelta, ...] = PAUSES,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = EngineStart(self)
        self.preview_actions = PreviewActions(icons, self)
        self.studio = ComparisonSettings(self.preview_actions, self)
        self.bar = PreviewToolbar(theme, icons, self.preview_actions)
        self.checks = ChecksController(theme, icons, clock, self)
        self._sizes = SizePanels(theme, icons)
        self._under_bar = QVBoxLayout()
        self.authorities = Authorities()
        self._new_screen = partial(
            PreviewView,
            theme,
            icons,
            clock=clock,
            slow_after=slow_after,
            accept_language=accept_language,
            limits=limits,
            authorities=self.authorities,
            retry_pauses=retry_pauses,
        )
        self._live_permit = (True, "")
        self._splitter = ComparisonSplitter(self._make_screen)
        self._lay_out()
        self._connect_settings()
        # A page may keep Escape and Tab to itself; F6 always leads out of it.
        leave = QShortcut(QKeySequence(Qt.Key.Key_F6), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.back_requested)
        self._follow_settings()
        self._show_comparison()

    # What the window calls ----------------------------------------------------------------

    @property
    def engine(self) -> EngineStart:
        """The engine's start, which says when it is in doubt."""
        return self._engine

    @property
    def first(self) -> PreviewView:
        """Where the selected portal is shown."""
        return self._splitter.first

    @property
    def second(self) -> PreviewView | None:
        """What is beside it, while something is compared."""
        return self._splitter.second

    @property
    def chosen(self) -> PreviewView:
        """The screen that the user's hands were on last; the first where there is one only."""
        return self._splitter.screens[self.studio.side if self.is_comparing else 0]

    @property
    def is_loaded(self) -> bool:
        """Whether the target's page is completely loaded and painted."""
        return self.first.is_loaded

    @property
    def is_comparing(self) -> bool:
        return self._splitter.is_comparing

    def show_portal(self, target: PreviewTarget) -> None:
        """Open the target's link. Showing again what is shown or on its way changes nothing.

        Another portal, or the other mode, ends a comparison with what was shown before.
        """
        before = self.first.target
        self.first.show_portal(target)
        if self.second is not None and before is not None and before != target:
            if self.studio.devices_differ:
                self.second.show_portal(target)
            else:
                self.close_second()
        self._show_comparison()

    def show_second(self, target: PreviewTarget | None) -> None:
        """Show another portal beside the first, under the same conditions; None closes it."""
        if target is None:
            self.close_second()
            return
        if not (self.studio.devices_differ and target == self.first.target):
            self.studio.compare_alike()
        second = self._splitter.open_second(uneven=self.studio.devices_differ)
        second.set_emulation(self.studio.settings_of(1))
        second.show_portal(target)
        self._show_comparison()

    def close_second(self) -> None:
        """End what is beside the first, and say so. Nothing happens if there is nothing."""
        second = self.second
        if second is None:
            return
        target = second.target
        self._splitter.close_second()
        self.studio.compare_alike()
        self._show_comparison()
        portal_id = target.portal_id if target is not None else ""
        self.comparison_requested.emit(Comparison(ComparisonKind.OFF, portal_id))

    def show_message(self, kind: PreviewMessage, *, portal_id: str = "", text: str = "") -> None:
        """Show a state instead of a page. `text` replaces the state's own sentence.

        `portal_id` is what `new_link_requested` will carry; without it no new link is offered.
        """
        self.close_second()
        self.first.show_message(kind, portal_id=portal_id, text=text)
        self._show_comparison()

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
        self.close_second()
        self.first.show_safe_failure(
            error, portal_id, can_retry=can_retry, live_refusal=live_refusal
        )
        self._show_comparison()

    def expect_portal(self) -> None:
        """A portal will be shown soon: start the engine, which takes a moment, beforehand."""
        self._engine.begin()

    def clear(self) -> None:
        """Nothing is selected: end the page and say so."""
        self.show_message(PreviewMessage.EMPTY)

    def reload(self) -> None:
        """Load the pages again, or open their links anew after a failure."""
        for screen in self._splitter.screens:
            screen.reload()

    def stop(self) -> None:
        """Stop loading; what is painted stays."""
        for screen in self._splitter.screens:
            screen.stop()

    def ask_to_open(self) -> None:
        """Ask in place whether to open the live link in the system browser, then say so."""
        self.first.ask_to_open()

    def set_live_allowed(self, *, allowed: bool, reason: str = "") -> None:
        """Whether live links may be previewed at all; `reason` says why not."""
        self._live_permit = (allowed, reason)
        for screen in self._splitter.screens:
            screen.set_live_allowed(allowed=allowed, reason=reason)

    def shutdown(self) -> None:
        """End pages and profiles now. Call it before the event loop ends; idempotent."""
        for screen in self._splitter.screens:
            screen.shutdown()
        self._engine.end()

    def set_back_visible(self, *, visible: bool) -> None:
        """Show a way back to the list, for a window too narrow for both."""
        self.first.set_back_visible(visible=visible)

    def view_state(self) -> str:
        """How previews are looked at, as text for the preferences."""
        return dump_view(
            self.studio.settings_of(0), tools_allowed=self.preview_actions.allow_tools.isChecked()
        )

    def restore_view(self, state: str) -> None:
        """Bring back what `view_state` gave; anything unusable is passed over."""
        look, tools_allowed = load_view(state)
        self.studio.restore(look)
        self.preview_actions.allow_tools.setChecked(tools_allowed)

    def place_under_bar(self, panel: QWidget) -> None:
        """Give a panel that unfolds its place below the bar."""
        self._under_bar.addWidget(panel)

    # Qt -----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif not any(screen.escape() for screen in self._splitter.screens):
            self.back_requested.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._splitter.fit(self.width())

    # Inside -------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.setAccessibleName("Preview")
        frame = QFrame()
        set_kind(frame, "card")
        inside = QVBoxLayout(frame)
        # The page is square and the frame is not: they must not meet at the lower corners.
        inside.setContentsMargins(1, 1, 1, RADIUS)
        inside.setSpacing(0)
        inside.addWidget(self.bar)
        self.bar.place_checks(self.checks.button)
        self.checks.panel_made.connect(self.place_under_bar)
        self.checks.report_ready.connect(self.report_ready)
        inside.addLayout(self._under_bar)
        self._under_bar.addWidget(self._sizes)
        inside.addWidget(self._splitter, 1)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(frame)

    def _make_screen(self, side: int) -> PreviewView:
        screen = self._new_screen()
        allowed, reason = self._live_permit
        screen.set_live_allowed(allowed=allowed, reason=reason)
        self._hear(screen, side)
        return screen

    def _hear(self, screen: PreviewView, side: int) -> None:
        self.checks.add_view(screen, is_first=side == 0)
        screen.opening.connect(self._engine.page_opening)
        screen.rendered.connect(lambda _: self._engine.page_painted())
        screen.failed.connect(lambda *_: self._engine.page_failed())
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
        screen.scale_changed.connect(lambda scale: self._follow_scale(side, scale))
        screen.zoom_requested.connect(self._zoom)
        screen.close_requested.connect(self.close_second)
        screen.unframe_requested.connect(lambda: self.studio.set_embedded(False))

    def _connect_settings(self) -> None:
        self.studio.changed.connect(self._follow_settings)
        self._sizes.viewport_changed.connect(self.studio.set_custom_size)
        self._sizes.frame_changed.connect(self.studio.set_frame)
        actions = self.preview_actions
        actions.compare_devices.triggered.connect(self._compare_devices)
        actions.compare_language.triggered.connect(self.bar.ask_for_language)
        actions.compare_off.triggered.connect(self.close_second)
        actions.tools.setVisible(False)
        actions.allow_tools.toggled.connect(actions.tools.setVisible)
        actions.tools.triggered.connect(self._open_tools)
        self.bar.language_asked.connect(self._compare_language)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow_focus)

    def _follow_settings(self) -> None:
        self._sizes.set_emulation(self.studio.look)
        for side, screen in enumerate(self._splitter.screens):
            screen.set_emulation(self.studio.settings_of(side))
            chosen = self.studio.devices_differ and side == self.studio.side
            screen.set_chosen(chosen=chosen)
        self.bar.set_scale(self.studio.scale)

    def _follow_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """The bar is about the screen that the user's hands are on."""
        for side, screen in enumerate(self._splitter.screens):
            if now is not None and screen.isAncestorOf(now):
                self.studio.choose_side(side)

    def _zoom(self, larger: bool) -> None:  # noqa: FBT001 - a signal's argument
        actions = self.preview_actions
        (actions.zoom_in if larger else actions.zoom_out).trigger()

    def _follow_scale(self, side: int, scale: float) -> None:
        self.studio.note_scale(side, scale)
        self.bar.set_scale(self.studio.scale)

    def _compare_devices(self) -> None:
        target = self.first.target
        if target is None:
            return
        self.studio.compare_devices()
        self.show_second(target)
        self.comparison_requested.emit(Comparison(ComparisonKind.DEVICES, target.portal_id))

    def _compare_language(self, locale: str) -> None:
        target = self.first.target
        if target is not None:
            self.comparison_requested.emit(
                Comparison(ComparisonKind.LANGUAGE, target.portal_id, locale)
            )

    def _open_tools(self) -> None:
        self.chosen.open_tools()

    def _show_comparison(self) -> None:
        one = self.first.target
        actions = self.preview_actions
        actions.compare_devices.setEnabled(one is not None)
        actions.compare_language.setEnabled(one is not None)
        actions.compare_off.setEnabled(self.is_comparing)
        self._splitter.tell_apart()
