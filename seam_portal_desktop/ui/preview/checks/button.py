"""How the shown page came out of its checks, as a button that unfolds the list of them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QWidget

from seam_portal_desktop.domain.preview.report import PreviewReport
from seam_portal_desktop.ui.portals.status_style import LEVEL_STYLE
from seam_portal_desktop.ui.preview.checks.wording import verdict_words
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconButton
from seam_portal_desktop.ui.toolkit.theme import Spacing, Tone


class ChecksButton(IconButton):
    """Checked while the list is unfolded. Only a report can be unfolded."""

    def __init__(self, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(icons.icon("clipboard-check"), "Checks", parent)
        self._icons = icons
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setCheckable(True)
        self.show_none()

    def show_none(self, name: str = "Checks: no page is open") -> None:
        """There is nothing to look at; `name` says why."""
        self._show("clipboard-check", Tone.NEUTRAL, "Checks", name)
        self._close()

    def show_running(self) -> None:
        """The page is on its way, or being looked at."""
        self._show("hourglass", Tone.NEUTRAL, "Checking…", "Checks: looking at the page")
        self._close()

    def show_report(self, report: PreviewReport) -> None:
        style = LEVEL_STYLE[report.verdict]
        words = verdict_words(report)
        self._show(style.icon, style.tone, words, f"Checks: {report.headline}")
        self.setEnabled(True)

    def _follow_font(self) -> None:
        super()._follow_font()
        # Wider than the drawing in its middle, or the words stand right beside it.
        self.setIconSize(self.iconSize() + QSize(Spacing.S, 0))

    def _show(self, icon: str, tone: Tone, words: str, name: str) -> None:
        self.set_face(self._icons.icon(icon, tone), name)
        self.setText(words)

    def _close(self) -> None:
        self.setEnabled(False)
        self.setChecked(False)
