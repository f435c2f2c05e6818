"""Shows the report about a failure of the program, to be copied or saved."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from seam_portal_desktop.texts import _, ngettext
from seam_portal_desktop.ui.toolkit.access.reading_order import order_by_layout
from seam_portal_desktop.ui.toolkit.errors import ErrorCard
from seam_portal_desktop.ui.toolkit.form_dialog import LARGEST_DIALOG
from seam_portal_desktop.ui.toolkit.form_parts import muted_label, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import CopyButton, IconView, ReportText
from seam_portal_desktop.ui.toolkit.theme import Spacing, TextSize, Theme, Tone, set_kind

_WIDTH_CHARACTERS, _HEIGHT_LINES = 100, 32
_COUNT_EVERY_MS = 1000


class CrashDialog(QDialog):
    """Open it with show(): the window behind it stays usable. It sends nothing.

    After a click on the ``save_button`` the controller writes ``report`` to a file. An error is
    shown in the ``error_card``.
    """

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        parent: QWidget | None = None,
        *,
        title: str,
        text: str,
        report: str,
    ) -> None:
        super().__init__(parent)
        self.report = report
        self._further_problems = 0
        # A failure in painting would be repeated by each repaint of the count.
        self._count_timer = QTimer(self, singleShot=True, interval=_COUNT_EVERY_MS)
        self._count_timer.timeout.connect(self._show_count)
        self.setWindowTitle(_("Problem report"))
        self.setModal(False)
        self.error_card = ErrorCard(theme, icons, self)
        headline = plain_label(title, wrap=True, parent=self)
        headline.setFont(theme.font(TextSize.TITLE, bold=True))
        mark = IconView(icons.icon("triangle-alert", Tone.WARNING), self)
        mark.setFont(headline.font())
        head = QHBoxLayout()
        head.setSpacing(Spacing.S)
        head.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(headline, 1)
        self._notice = muted_label(wrap=True, parent=self)
        self._notice.hide()
        self.text = ReportText(_("The report"), self)
        self.text.setPlainText(report)
        copy = CopyButton(_("Copy"), _("Copied"), lambda: self.report, self)
        self.save_button = QPushButton(_("Save…"), self)
        close = QPushButton(_("Close"), self)
        set_kind(close, "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        self.save_button.setAutoDefault(False)

        buttons = QHBoxLayout()
        buttons.setSpacing(Spacing.S)
        buttons.addWidget(copy)
        buttons.addWidget(self.save_button)
        buttons.addStretch(1)
        buttons.addWidget(close)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(Spacing.XL, Spacing.L, Spacing.XL, Spacing.L)
        rows.setSpacing(Spacing.M)
        rows.addLayout(head)
        rows.addWidget(plain_label(text, wrap=True, parent=self))
        rows.addWidget(self._notice)
        rows.addWidget(self.error_card)
        rows.addWidget(self.text, 1)
        rows.addLayout(buttons)
        close.setFocus()
        metrics = self.fontMetrics()
        size = QSize(
            metrics.averageCharWidth() * _WIDTH_CHARACTERS, metrics.lineSpacing() * _HEIGHT_LINES
        )
        self.resize(size.boundedTo(LARGEST_DIALOG))
        order_by_layout(self)

    def count_again(self) -> None:
        """Count another problem that happened while the dialog was open."""
        self._further_problems += 1
        if not self._count_timer.isActive():
            self._count_timer.start()

    def show_saved(self, name: str) -> None:
        self.error_card.clear()
        self._notice.setText(_("Saved as {name}.").format(name=name))
        self._notice.show()

    def _show_count(self) -> None:
        more = self._further_problems
        self._notice.setText(
            ngettext(
                "{count} more problem since; the log has them all.",
                "{count} more problems since; the log has them all.",
                more,
            ).format(count=more)
        )
        self._notice.show()
