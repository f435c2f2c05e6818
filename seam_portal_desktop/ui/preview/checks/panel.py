"""The report of the shown page: a panel with one line for each check."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from seam_portal_desktop.domain.preview.kinds import PreviewMode
from seam_portal_desktop.domain.preview.report import PreviewReport
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.checks.findings import FindingsList
from seam_portal_desktop.ui.preview.checks.wording import report_text, verdict_text, worst_first
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.form_parts import BodyScroll, heading, muted_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import copy_text
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind
from seam_portal_desktop.ui.toolkit.times import absolute, relative

_PARENT_SHARE = 0.4
_FOCUS_BAR_WIDTH = 2


class ChecksPanel(QFrame):
    """Never higher than two fifths of its parent; the rest is for the page.

    The list takes the focus and scrolls by keyboard. Escape emits `close_requested`.
    """

    close_requested = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._report: PreviewReport | None = None
        self._customer_key = ""
        self._filtered_parent: QWidget | None = None
        self._title = heading("")
        self._time_label = muted_label()
        self.copy_button = QPushButton(_("Copy report"))
        set_kind(self.copy_button, "secondary")
        self.copy_button.clicked.connect(self._copy_report)
        self._list = FindingsList(icons)
        self.body = BodyScroll(self._list)
        self.body.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.body.setAccessibleName(_("Checks of the shown page"))
        self.body.viewport().setAutoFillBackground(False)
        self._list.setAutoFillBackground(False)
        self.body.installEventFilter(self)
        self.body.grown.connect(self._update_height)
        head = FlowLayout()
        for widget in (self._title, self._time_label, self.copy_button):
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
        self.setAccessibleName(_("Checks"))
        theme.changed.connect(self.update)
        self.hide()

    def show_report(self, report: PreviewReport, customer_key: str, now: datetime) -> None:
        """Fill the panel. This doesn't show it."""
        self._report, self._customer_key = report, customer_key
        mode = _("safe preview") if report.mode is PreviewMode.SAFE else _("live preview")
        self._title.setText(verdict_text(report))
        self._time_label.setText(f"{relative(report.at, now)}, {mode}")
        self._time_label.setToolTip(absolute(report.at))
        self.copy_button.setIcon(self._icons.icon("copy"))
        self._list.set_findings(worst_first(report))
        self.body.verticalScrollBar().setValue(0)
        self._update_height()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ParentChange, QEvent.Type.Show):
            self._filter_parent()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is not self.body:
            self._update_height()
        elif event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_height()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._update_height()

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
            painter.fillRect(
                0, self.body.y(), _FOCUS_BAR_WIDTH, self.body.height(), self._theme.focus()
            )
        painter.end()

    def _filter_parent(self) -> None:
        parent = self.parentWidget()
        if parent is not self._filtered_parent:
            self._filtered_parent = parent
            if parent is not None:
                parent.installEventFilter(self)
        self._update_height()

    def _update_height(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        wanted = self._head.heightForWidth(self.width()) + self.body.wanted_height(self.width())
        height = min(wanted + 1, round(parent.height() * _PARENT_SHARE))
        if height != self.maximumHeight():
            self.setFixedHeight(height)

    def _copy_report(self) -> None:
        if self._report is not None:
            text = report_text(self._report, self._customer_key)
            copy_text(text)
            self.copy_button.setIcon(self._icons.icon("check", Tone.SUCCESS))
