"""Portals as their customers see them. The toolbar belongs to the window, above the pane."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from seam_portal_desktop.domain.clock import Clock, system_clock
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.checks.controller import ChecksController
from seam_portal_desktop.ui.preview.emulation.actions import PreviewActions
from seam_portal_desktop.ui.preview.emulation.comparison_settings import (
    Comparison,
    ComparisonKind,
    ComparisonSettings,
)
from seam_portal_desktop.ui.preview.emulation.settings import DeviceKind, dump_view, load_view
from seam_portal_desktop.ui.preview.emulation.size_panels import SizePanels
from seam_portal_desktop.ui.preview.emulation.toolbar import PreviewToolbar
from seam_portal_desktop.ui.preview.page.engine import EngineStart
from seam_portal_desktop.ui.preview.page.target import PreviewOptions, PreviewTarget
from seam_portal_desktop.ui.preview.view.comparison_splitter import ComparisonSplitter
from seam_portal_desktop.ui.preview.view.emulation_controller import EmulationController
from seam_portal_desktop.ui.preview.view.preview_view import PreviewSignals, PreviewView
from seam_portal_desktop.ui.preview.view.states import PreviewMessage
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme

if TYPE_CHECKING:
    from seam_portal_desktop.ui.preview.security.clipboard_guard import ClipboardGuard

__all__ = ["PreviewMessage", "PreviewPane", "PreviewTarget"]


class PreviewPane(PreviewSignals):
    """Shows one portal, or two beside each other, each in a PreviewView of its own.

    Both views emit the inherited signals. Call `shutdown()` before the event loop ends.
    """

    comparison_requested = Signal(object)  # Comparison
    back_requested = Signal()  # the focus is to go back to the list

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        *,
        clock: Clock = system_clock,
        options: PreviewOptions | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.preview_actions = PreviewActions(icons, self)
        self.comparison_settings = ComparisonSettings(self.preview_actions, self)
        self.toolbar = PreviewToolbar(theme, icons, self.preview_actions)
        self.checks = ChecksController(theme, icons, clock, self)
        options = options or PreviewOptions()
        self.network = options.network
        self.engine = EngineStart(self.network, _load_checks, self._prepare_page, self)
        self.authorities = options.authorities
        self.profiles = options.profiles
        self._size_panels = SizePanels(theme, icons)
        self._below_toolbar = QVBoxLayout()
        self._new_view = partial(PreviewView, self, theme, icons, clock, options)
        self._live_permit = (True, "")
        self._clipboard_guard: ClipboardGuard | None = None
        self._splitter = ComparisonSplitter(self._make_view)
        self._emulation = EmulationController(
            self.comparison_settings,
            self.preview_actions,
            self.toolbar,
            self._size_panels,
            self._splitter,
            self,
        )
        self._emulation.add_view(self.first)
        self._build_layout()
        self._connect_signals()
        self._update_comparison()

    # What the window calls ----------------------------------------------------------------

    @property
    def first(self) -> PreviewView:
        """Where the selected portal is shown."""
        return self._splitter.first

    @property
    def second(self) -> PreviewView | None:
        """The view beside it, while something is compared."""
        return self._splitter.second

    @property
    def chosen(self) -> PreviewView:
        """The view that had the focus last; the first where there is one only."""
        return self._splitter.views[self.comparison_settings.chosen if self.is_comparing else 0]

    @property
    def is_loaded(self) -> bool:
        """Whether the target's page is completely loaded and painted."""
        return self.first.is_loaded

    @property
    def is_comparing(self) -> bool:
        return self._splitter.is_comparing

    def show_portal(self, target: PreviewTarget) -> None:
        """Open the target's link. Nothing happens if it is shown or being opened already.

        Another portal, or the other mode, ends a comparison.
        """
        before = self.first.target
        self.first.page.show(target)
        if self.second is not None and before is not None and before != target:
            if self.comparison_settings.devices_differ:
                self.second.page.show(target)
            else:
                self.close_second()
        self._update_comparison()

    def show_second(self, target: PreviewTarget | None) -> None:
        """Show another portal beside the first, with the same settings. None closes it."""
        if target is None:
            self.close_second()
            return
        if not (self.comparison_settings.devices_differ and target == self.first.target):
            self.comparison_settings.compare_alike()
        second = self._splitter.open_second()
        second.set_emulation(self.comparison_settings.settings_of(1))
        second.page.show(target)
        self._update_comparison()

    def close_second(self) -> None:
        """End the second view's page and emit `comparison_requested`. Does nothing without one."""
        second = self.second
        if second is None:
            return
        target = second.target
        self._splitter.close_second()
        self.comparison_settings.compare_alike()
        self._update_comparison()
        portal_id = target.portal_id if target is not None else ""
        self.comparison_requested.emit(Comparison(ComparisonKind.OFF, portal_id))

    def show_message(self, kind: PreviewMessage, *, portal_id: str = "", text: str = "") -> None:
        """Show a message instead of a page. `text` replaces the message's own sentence.

        `portal_id` is what `new_link_requested` will carry; without it no new link is offered.
        """
        self.close_second()
        self.first.show_message(kind, portal_id=portal_id, text=text)
        self._update_comparison()

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
        self.close_second()
        self.first.show_safe_failure(
            error, portal_id, can_retry=can_retry, live_refusal=live_refusal
        )
        self._update_comparison()

    def clear(self) -> None:
        """Nothing is selected: end the page and show that."""
        self.show_message(PreviewMessage.EMPTY)

    def reload(self) -> None:
        """Load the pages again, or open their links anew after a failure."""
        for view in self._splitter.views:
            view.reload()

    def set_live_allowed(self, *, allowed: bool, reason: str = "") -> None:
        """Whether live links may be previewed at all; `reason` says why not."""
        self._live_permit = (allowed, reason)
        for view in self._splitter.views:
            view.safety_banner.set_live_allowed(allowed=allowed, reason=reason)

    def shutdown(self) -> None:
        """End pages and profiles now. Call it before the event loop ends; idempotent."""
        for view in self._splitter.views:
            view.page.shutdown()
        self.profiles.remove_now()
        self.engine.end()

    def view_state(self) -> dict[str, Any]:
        """How previews are shown, as values of JSON for the preferences."""
        return dump_view(
            self.comparison_settings.settings_of(0),
            tools_allowed=self.preview_actions.allow_tools.isChecked(),
        )

    def restore_view(self, state: object) -> bool:
        """Apply what `view_state` returned; False, without a change, if it can't be used."""
        kept = load_view(state)
        if kept is None:
            return False
        settings, tools_allowed = kept
        self.comparison_settings.restore(settings)
        self.preview_actions.allow_tools.setChecked(tools_allowed)
        return True

    def show_device(self, kind: str) -> None:
        """Show previews on this device from now on; "last" changes nothing."""
        if kind != "last":
            self.comparison_settings.set_kind(DeviceKind(kind))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif not any(view.escape() for view in self._splitter.views):
            self.back_requested.emit()

    # Inside -------------------------------------------------------------------------------

    def _build_layout(self) -> None:
        self.setAccessibleName(_("Preview"))
        self.toolbar.set_checks_button(self.checks.button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(self._below_toolbar)
        self._below_toolbar.addWidget(self._size_panels)
        self._below_toolbar.addWidget(self._splitter.tabs)
        rows.addWidget(self._splitter, 1)

    def _connect_signals(self) -> None:
        self.checks.panel_made.connect(self._below_toolbar.addWidget)
        self.rendered.connect(lambda _: self.engine.page_painted())
        self.failed.connect(lambda *_: self.engine.page_failed())
        actions = self.preview_actions
        actions.compare_devices.triggered.connect(self._compare_devices)
        actions.compare_language.triggered.connect(self.toolbar.show_languages)
        actions.compare_off.triggered.connect(self.close_second)
        actions.tools.triggered.connect(lambda _: self.chosen.open_tools())
        self.toolbar.language_chosen.connect(self._compare_language)
        # A page can handle Escape and Tab itself. F6 always moves the focus to the list.
        leave = QShortcut(QKeySequence(Qt.Key.Key_F6), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.back_requested)

    def _make_view(self, index: int) -> PreviewView:
        view = self._new_view()
        allowed, reason = self._live_permit
        view.safety_banner.set_live_allowed(allowed=allowed, reason=reason)
        self.checks.add_view(view, is_first=index == 0)
        view.page.opening.connect(self._on_page_opening)
        view.address_bar.close_requested.connect(self.close_second)
        return view

    def _on_page_opening(self) -> None:
        self.engine.page_opening()
        if self._clipboard_guard is None:
            # Not before: the engine may not be imported until the list is painted.
            from seam_portal_desktop.ui.preview.security.clipboard_guard import ClipboardGuard

            self._clipboard_guard = ClipboardGuard(self._has_page, self)
            self._clipboard_guard.notice.connect(self.notice)
        self._clipboard_guard.reset()

    def _has_page(self) -> bool:
        return any(view.web is not None for view in self._splitter.views)

    def _prepare_page(self) -> None:
        self.first.page.prepare()

    def _compare_devices(self) -> None:
        target = self.first.target
        if target is None:
            return
        self.comparison_settings.compare_devices()
        self.show_second(target)
        self.comparison_requested.emit(Comparison(ComparisonKind.DEVICES, target.portal_id))

    def _compare_language(self, locale: str) -> None:
        target = self.first.target
        if target is not None:
            self.comparison_requested.emit(
                Comparison(ComparisonKind.LANGUAGE, target.portal_id, locale)
            )

    def _update_comparison(self) -> None:
        has_target = self.first.target is not None
        actions = self.preview_actions
        actions.compare_devices.setEnabled(has_target)
        actions.compare_language.setEnabled(has_target)
        actions.compare_off.setEnabled(self.is_comparing)
        self._splitter.update_captions()


def _load_checks() -> None:
    import seam_portal_desktop.ui.preview.checks.run  # noqa: F401 - as the first page will
