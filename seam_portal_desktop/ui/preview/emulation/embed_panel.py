"""For an embedded portal: the fields for its frame's size, and the HTML to copy."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontDatabase, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.emulation.host_page import PLACEHOLDER, FrameSize, snippet
from seam_portal_desktop.ui.preview.emulation.size_row import SizeRow
from seam_portal_desktop.ui.toolkit.flow_layout import FlowLayout
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import announce, copy_text
from seam_portal_desktop.ui.toolkit.theme import Spacing, TextSize, Theme, set_kind

_COPIED_MS = 2_000
_FIRST_WIDTH = 1024
_LINES = 7
_FEWEST_LINES = 2


class EmbedPanel(QWidget):
    """`size_changed` carries a FrameSize. The snippet never holds the link."""

    size_changed = Signal(object)

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._size = FrameSize()
        self._fields = SizeRow(_("the frame"))
        self._fills = QCheckBox(_("Full width"))
        self._html = QPlainTextEdit()
        self._html.setReadOnly(True)
        self._html.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._html.setTabChangesFocus(True)
        self._html.setAccessibleName(_("HTML to put the portal into a page"))
        self._html.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._copy = QPushButton(icons.icon("copy"), _("Copy HTML"))
        set_kind(self._copy, "secondary")
        self._hint = QLabel(
            _(
                "Put the customer’s link in place of {placeholder} when your server sends the page."
            ).format(placeholder=PLACEHOLDER)
        )
        self._hint.setWordWrap(True)
        set_kind(self._hint, "muted")
        controls = QWidget()
        flow = FlowLayout(controls)
        for widget in (self._fields, self._fills, self._copy):
            flow.addWidget(widget)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(Spacing.M, Spacing.S, Spacing.M, Spacing.S)
        rows.setSpacing(Spacing.S)
        rows.addWidget(controls)
        rows.addWidget(self._html)
        rows.addWidget(self._hint)
        self._done = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._done.timeout.connect(self._offer_copy)
        self._fields.changed.connect(self._on_size_changed)
        self._fills.toggled.connect(self._on_fill_toggled)
        self._copy.clicked.connect(self._copy_html)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.set_size(self._size)
        self.hide()

    def set_size(self, size: FrameSize) -> None:
        self._size = size
        self._fields.set_size(size.width or _FIRST_WIDTH, size.height)
        self._fields.set_width_enabled(enabled=size.width is not None)
        self._fills.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self._fills.setChecked(size.width is None)
        self._fills.blockSignals(False)  # noqa: FBT003 - Qt's signature
        self._html.setPlainText(snippet(size))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        painter.setPen(self._theme.border())
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        painter.end()

    def _on_size_changed(self, width: int, height: int) -> None:
        self._change(FrameSize(None if self._fills.isChecked() else width, height))

    def _on_fill_toggled(self, fills: bool) -> None:  # noqa: FBT001 - Qt's signal
        self._change(FrameSize(None if fills else _FIRST_WIDTH, self._size.height))

    def _change(self, size: FrameSize) -> None:
        self.set_size(size)
        self.size_changed.emit(size)

    def _copy_html(self) -> None:
        copy_text(snippet(self._size))
        self._copy.setText(_("Copied"))
        self._copy.setIcon(self._icons.icon("check"))
        announce(self, _("HTML copied"))
        self._done.start()

    def _offer_copy(self) -> None:
        self._copy.setText(_("Copy HTML"))
        self._copy.setIcon(self._icons.icon("copy"))

    def _restyle(self) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        small = self._theme.font(TextSize.SMALL)
        if small.pixelSize() > 0:
            font.setPixelSize(small.pixelSize())
        else:
            font.setPointSizeF(small.pointSizeF())
        self._html.setFont(font)
        line, around = self._html.fontMetrics().lineSpacing(), 2 * Spacing.M
        # This field can scroll, so it is the part that shrinks in a low window with large text.
        self._html.setMinimumHeight(line * _FEWEST_LINES + around)
        self._html.setMaximumHeight(line * _LINES + around)
        self._html.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
