"""What would be said about a failure of the program, for whoever wants to report it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.ui.help.report_text import ReportText
from seam_portal_desktop.ui.toolkit.error_card import ErrorCard
from seam_portal_desktop.ui.toolkit.form_parts import plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconView
from seam_portal_desktop.ui.toolkit.theme import Spacing, TextSize, Theme, Tone, set_kind

_WIDTH_CHARACTERS, _HEIGHT_LINES = 100, 32
_LARGEST = QSize(960, 690)
_TELL_EVERY_MS = 1000


class CrashDialog(QDialog):
    """Show it with show(): the window behind it stays usable. Nothing is sent by it.

    `save_requested` asks for a file to write `report` to.
    """

    save_requested = Signal()

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
        self._more_problems = 0
        # What goes wrong while painting would else be asked for again by telling of it.
        self._telling = QTimer(self, singleShot=True, interval=_TELL_EVERY_MS)
        self._telling.timeout.connect(self._tell_more)
        self.setWindowTitle("Problem report")
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
        self._more = plain_label(wrap=True, parent=self)
        set_kind(self._more, "muted")
        self._more.hide()
        self.text = ReportText("The report", self)
        self.text.setPlainText(report)
        self._copy = QPushButton("Copy", self)
        self._copy.clicked.connect(self._copy_report)
        save = QPushButton("Save…", self)
        save.clicked.connect(self.save_requested)
        close = QPushButton("Close", self)
        set_kind(close, "primary")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        for button in (self._copy, save):
            button.setAutoDefault(False)

        buttons = QHBoxLayout()
        buttons.setSpacing(Spacing.S)
        buttons.addWidget(self._copy)
        buttons.addWidget(save)
        buttons.addStretch(1)
        buttons.addWidget(close)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(Spacing.XL, Spacing.L, Spacing.XL, Spacing.L)
        rows.setSpacing(Spacing.M)
        rows.addLayout(head)
        rows.addWidget(plain_label(text, wrap=True, parent=self))
        rows.addWidget(self._more)
        rows.addWidget(self.error_card)
        rows.addWidget(self.text, 1)
        rows.addLayout(buttons)
        close.setFocus()
        metrics = self.fontMetrics()
        wanted = QSize(
            metrics.averageCharWidth() * _WIDTH_CHARACTERS, metrics.lineSpacing() * _HEIGHT_LINES
        )
        self.resize(wanted.boundedTo(_LARGEST))

    def count_again(self) -> None:
        """The same, or something else, happened while the dialog was open."""
        self._more_problems += 1
        if not self._telling.isActive():
            self._telling.start()

    def show_saved(self, name: str) -> None:
        self.error_card.clear()
        self._more.setText(f"Saved as {name}.")
        self._more.show()

    def show_error(self, error: UserFacingError) -> None:
        self.error_card.set_error(error)

    def _tell_more(self) -> None:
        more = self._more_problems
        self._more.setText(
            f"{more} more {'problem' if more == 1 else 'problems'} since; the log has them all."
        )
        self._more.show()

    def _copy_report(self) -> None:
        QGuiApplication.clipboard().setText(self.report)
        self._copy.setText("Copied")
