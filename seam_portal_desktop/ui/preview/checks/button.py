"""A button that shows the result of the checks and opens the list of them."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.preview.report import PreviewReport
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portals.status_style import LEVEL_STYLE
from seam_portal_desktop.ui.preview.checks.wording import verdict_text
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconButton
from seam_portal_desktop.ui.toolkit.theme import Tone


class ChecksButton(IconButton):
    """Checked while the list is open. Enabled while there is a report."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(icons.icon("clipboard-check"), _("Checks"), parent)
        self._icons = icons
        self.show_text(shown=True)
        self.setCheckable(True)
        self.toggled.connect(self._expose)
        self.show_none()

    def show_none(self, name: str = _("Checks: no page is open")) -> None:
        """There is no report. `name`, the accessible name, is the reason."""
        self._show("clipboard-check", Tone.NEUTRAL, _("Checks"), name)
        self._disable()

    def show_running(self) -> None:
        """The page is loading, or its checks are running."""
        self._show("hourglass", Tone.NEUTRAL, _("Checking…"), _("Checks: looking at the page"))
        self._disable()

    def show_report(self, report: PreviewReport) -> None:
        style = LEVEL_STYLE[report.verdict]
        text = verdict_text(report)
        self._show(
            style.icon, style.tone, text, _("Checks: {headline}").format(headline=report.headline)
        )
        self.setEnabled(True)
        self._expose(self.isChecked())

    def _show(self, icon: str, tone: Tone, text: str, name: str) -> None:
        self.set_icon_and_name(self._icons.icon(icon, tone), name)
        self.setText(text)

    def _expose(self, is_open: bool) -> None:  # noqa: FBT001 - Qt's signal
        # It takes long to import, and there is no report at the start.
        from seam_portal_desktop.ui.toolkit.access.expandable import set_expanded

        set_expanded(self, is_open)

    def _disable(self) -> None:
        self.setEnabled(False)
        self.setChecked(False)
