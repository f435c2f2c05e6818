"""Where the shown pages' checks come together: their runs, the button and the panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.preview.report import PreviewReport, StoredReport
from seam_portal_desktop.ui.preview.checks.button import ChecksButton
from seam_portal_desktop.ui.preview.checks.panel import ChecksPanel
from seam_portal_desktop.ui.preview.page.target import PreviewTarget
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Theme

if TYPE_CHECKING:
    from seam_portal_desktop.domain.preview.page_facts import TlsFacts
    from seam_portal_desktop.ui.preview.checks.run import CheckRun
    from seam_portal_desktop.ui.preview.page.web_page import PortalWebView
    from seam_portal_desktop.ui.preview.view.preview_view import PreviewView


class ChecksController(QObject):
    """`button` and the list that it unfolds tell of the first screen's page; of the other's there
    is only a report.

    `report_ready` carries a portal_id and a StoredReport; `panel_made` the list, to be put where
    it unfolds, once it is first asked for. ``ask_tls`` and ``allows_host`` are for whoever knows
    them to set (see CheckRun); without them reports say what they can't tell.
    """

    report_ready = Signal(str, object)
    panel_made = Signal(QWidget)

    def __init__(self, theme: Theme, icons: Icons, clock: Clock, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._clock = clock
        self._runs: dict[PreviewView, CheckRun] = {}
        self._first: PreviewView | None = None
        self._shown: tuple[PreviewReport, str] | None = None
        self.ask_tls: Callable[[str, Callable[[TlsFacts], None]], None] | None = None
        self.allows_host: Callable[[str], bool] | None = None
        self.button = ChecksButton(icons)
        self.panel: ChecksPanel | None = None
        self.button.toggled.connect(self._fold)

    def follow(self, screen: PreviewView, *, is_first: bool) -> None:
        """Look at the pages that this screen shows from now on."""
        if is_first:
            self._first = screen
        screen.page.opened.connect(lambda session: self._begin(screen, session.web))
        screen.page.ended.connect(lambda: self._end(screen))

    def _begin(self, screen: PreviewView, web: PortalWebView) -> None:
        self._end(screen)
        target = screen.target
        assert target is not None  # noqa: S101 - its page is open
        if web.is_embedded:
            # The frame's host page is ours, and what a frame does to a portal isn't the link's.
            if screen is self._first:
                self.button.show_none("Checks: not made inside a frame")
            return
        # Imported on first use, as the page's own parts are: the engine comes with it.
        from seam_portal_desktop.ui.preview.checks.run import CheckRun

        run = self._runs[screen] = CheckRun(
            web,
            target,
            clock=self._clock,
            ask_tls=self.ask_tls,
            allows_host=self.allows_host,
            parent=self,
        )
        if screen is self._first:
            run.started.connect(self.button.show_running)
        run.finished.connect(lambda stored: self._take(screen, target, stored, run))

    def _end(self, screen: PreviewView) -> None:
        run = self._runs.pop(screen, None)
        if run is not None:
            run.cancel()
            run.deleteLater()
        if screen is self._first:
            self._shown = None
            self.button.show_none()

    def _take(
        self, screen: PreviewView, target: PreviewTarget, stored: StoredReport, run: CheckRun
    ) -> None:
        if screen is self._first:
            self._shown = (stored.report, target.customer_key)
            self._fill()
            self.button.show_report(stored.report)
        elif self._first is not None and _portal_of(self._first) == target.portal_id:
            return  # the same portal on another device or in another language isn't what was asked
        if not run.is_about_portal:
            return  # what was known of it before still holds
        self.report_ready.emit(target.portal_id, stored)

    def _fill(self) -> None:
        if self.panel is not None and self._shown is not None:
            report, customer_key = self._shown
            self.panel.show_report(report, customer_key, self._clock())

    def _fold(self, unfolded: bool) -> None:  # noqa: FBT001 - a signal's argument
        if unfolded and self.panel is None:
            self.panel = ChecksPanel(self._theme, self._icons)
            self.panel.close_requested.connect(self._close)
            self.panel_made.emit(self.panel)
        if self.panel is None:
            return
        if unfolded:
            self._fill()
        self.panel.setVisible(unfolded)
        if unfolded and self.button.hasFocus():
            self.panel.body.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close(self) -> None:
        self.button.setChecked(False)
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)


def _portal_of(screen: PreviewView) -> str:
    return screen.target.portal_id if screen.target is not None else ""
