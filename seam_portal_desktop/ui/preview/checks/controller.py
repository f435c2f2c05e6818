"""Runs the checks of each shown page, and shows their report in the button and the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.clock import Clock
from seam_portal_desktop.domain.preview.checks import AllowsHost
from seam_portal_desktop.domain.preview.page_facts import AskCustomer, AskTls
from seam_portal_desktop.domain.preview.report import PreviewReport, StoredReport
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.checks.button import ChecksButton
from seam_portal_desktop.ui.preview.checks.panel import ChecksPanel
from seam_portal_desktop.ui.preview.page.target import PreviewTarget
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import announce
from seam_portal_desktop.ui.toolkit.theme import Theme

if TYPE_CHECKING:
    from seam_portal_desktop.ui.preview.checks.run import CheckRun
    from seam_portal_desktop.ui.preview.page.web_page import PortalWebView
    from seam_portal_desktop.ui.preview.view.preview_view import PreviewView


class ChecksController(QObject):
    """The button and the panel show the first view's report. `report_ready` comes for both views.

    ``ask_tls``, ``ask_customer`` and ``allows_host`` are set later, see CheckRun. Without them the
    checks that need them are made without.
    """

    report_ready = Signal(str, object)  # portal_id, StoredReport
    panel_made = Signal(QWidget)  # once, when the panel is first opened: to be put into a layout

    def __init__(self, theme: Theme, icons: Icons, clock: Clock, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._clock = clock
        self._runs: dict[PreviewView, CheckRun] = {}
        self._first: PreviewView | None = None
        self._shown: tuple[PreviewReport, str] | None = None
        self.ask_tls: AskTls | None = None
        self.ask_customer: AskCustomer | None = None
        self.allows_host: AllowsHost | None = None
        self.button = ChecksButton(icons)
        self.panel: ChecksPanel | None = None
        self.button.toggled.connect(self._set_panel_open)

    def add_view(self, view: PreviewView, *, is_first: bool) -> None:
        """Check the pages that `view` opens from now on."""
        if is_first:
            self._first = view
        view.page.opened.connect(lambda session: self._start_run(view, session.web))
        view.page.ended.connect(lambda: self._end_run(view))

    def _start_run(self, view: PreviewView, web: PortalWebView) -> None:
        self._end_run(view)
        target = view.target
        assert target is not None  # noqa: S101 - its page is open
        if web.is_embedded:
            # The page is our own host page, and the frame changes how the portal behaves.
            if view is self._first:
                self.button.show_none(_("Checks: not made inside a frame"))
            return
        # Imported on first use, because it imports the engine.
        from seam_portal_desktop.ui.preview.checks.run import CheckRun

        run = self._runs[view] = CheckRun(
            web,
            target,
            clock=self._clock,
            ask_tls=self.ask_tls,
            ask_customer=self.ask_customer,
            allows_host=self.allows_host,
            parent=self,
        )
        if view is self._first:
            run.started.connect(self.button.show_running)
        run.finished.connect(
            lambda stored, about_portal: self._on_finished(
                view, target, stored, about_portal=about_portal
            )
        )

    def _end_run(self, view: PreviewView) -> None:
        run = self._runs.pop(view, None)
        if run is not None:
            run.cancel()
            run.deleteLater()
        if view is self._first:
            self._shown = None
            self.button.show_none()

    def _on_finished(
        self, view: PreviewView, target: PreviewTarget, stored: StoredReport, *, about_portal: bool
    ) -> None:
        if view is self._first:
            self._shown = (stored.report, target.customer_key)
            self.fill_panel()
            self.button.show_report(stored.report)
            announce(self.button, _("Checks: {result}").format(result=stored.report.headline))
        elif self._first is not None and _portal_of(self._first) == target.portal_id:
            return  # the same portal on another device or in another language
        if about_portal:  # otherwise the earlier report stays
            self.report_ready.emit(target.portal_id, stored)

    def fill_panel(self) -> None:
        """Show the report in the panel, if there are both, with its time as of now."""
        if self.panel is not None and self._shown is not None:
            report, customer_key = self._shown
            self.panel.show_report(report, customer_key, self._clock())

    def _set_panel_open(self, is_open: bool) -> None:  # noqa: FBT001 - a signal's argument
        if self.panel is None:
            if not is_open:
                return
            self.panel = ChecksPanel(self._theme, self._icons)
            self.panel.close_requested.connect(self._close_panel)
            self.panel_made.emit(self.panel)
        if is_open:
            self.fill_panel()
        self.panel.setVisible(is_open)
        if is_open and self.button.hasFocus():
            self.panel.body.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close_panel(self) -> None:
        self.button.setChecked(False)
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)


def _portal_of(view: PreviewView) -> str:
    return view.target.portal_id if view.target is not None else ""
