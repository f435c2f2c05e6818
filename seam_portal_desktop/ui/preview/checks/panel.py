"""The report of the shown page: one line for each check, folded out beneath the studio's bar."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from seam_portal_desktop.domain.preview.report import PreviewMode, PreviewReport
from seam_portal_desktop.ui.preview.checks.findings import FindingsList
from seam_portal_desktop.ui.preview.checks.wording import report_text, verdict_words, worst_first
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import BodyScroll, heading, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind
from seam_portal_desktop.ui.toolkit.times import absolute, relative

_MOST_OF_PARENT = 0.4
_FOCUS_BAR = 2


class ChecksPanel(QFrame):
    """Never takes more than two fifths of its parent's height; the rest is for the page.

    The list takes the focus and scrolls by keyboard; Escape asks to be folded.
    """

    close_requested = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._report: PreviewReport | None = None
        self._customer_key = ""
        self._watched: QWidget | None = None
        self._title = heading("")
        self._when = plain_label()
        set_kind(self._when, "muted")
        self.copy = QPushButton("Copy report")
        set_kind(self.copy, "secondary")
        self.copy.clicked.connect(self._copy_report)
        self._list = FindingsList(icons)
        self.body = BodyScroll(self._list)
        self.body.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.body.setAccessibleName("Checks of the shown page")
        self.body.viewport().setAutoFillBackground(False)
        self._list.setAutoFillBackground(False)
        self.body.installEventFilter(self)
        self.body.grown.connect(self._fit)
        head = FlowLayout()
        for widget in (self._title, self._when, self.copy):
            head.addWidget(widget)
        self._head = QWidget()
        row = QVBoxLayout(self._head)
        row.setContentsMargins(Spacing.M, Spacing.S, Spacing.M, Spacing.S)
        row.addLayout(head)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 1)
        rows.setSpacing(0)
        rows.addWidget(self._head)
        rows.addWidget(self.body, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Checks")
        theme.changed.connect(self.update)
        self.hide()

    def show_report(self, report: PreviewReport, customer_key: str, now: datetime) -> None:
        """Fill the list; whether it is unfolded is its owner's choice."""
        self._report, self._customer_key = report, customer_key
        mode = "safe preview" if report.mode is PreviewMode.SAFE else "live preview"
        self._title.setText(verdict_words(report))
        self._when.setText(f"{relative(report.at, now)}, {mode}")
        self._when.setToolTip(absolute(report.at))
        self.copy.setIcon(self._icons.icon("copy"))
        self._list.set_findings(worst_first(report))
        self.body.verticalScrollBar().setValue(0)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ParentChange, QEvent.Type.Show):
            self._watch_parent()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is not self.body:
            self._fit()
        elif event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_requested.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().window())
        painter.setPen(self._theme.border())
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        if self.body.hasFocus():
            painter.fillRect(0, self.body.y(), _FOCUS_BAR, self.body.height(), self._theme.focus())
        painter.end()

    def _watch_parent(self) -> None:
        parent = self.parentWidget()
        if parent is not self._watched:
            self._watched = parent
            if parent is not None:
                parent.installEventFilter(self)
        self._fit()

    def _fit(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        wanted = self._head.heightForWidth(self.width()) + self.body.wanted_height(self.width())
        height = min(wanted + 1, round(parent.height() * _MOST_OF_PARENT))
        if height != self.maximumHeight():
            self.setFixedHeight(height)

    def _copy_report(self) -> None:
        if self._report is not None:
            text = report_text(self._report, self._customer_key)
            QGuiApplication.clipboard().setText(text)
            self.copy.setIcon(self._icons.icon("check", Tone.SUCCESS))
