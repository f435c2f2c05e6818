"""How the portal looked when it was last previewed, and what was found on it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from seam_portal_desktop.ui.portal.wording import PreviewLine
from seam_portal_desktop.ui.toolkit.form_parts import plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconView
from seam_portal_desktop.ui.toolkit.theme import RADIUS, Spacing, Theme, set_kind

_LINES = 3


class PreviewResult(QWidget):
    """A small picture, when and how it came out, and a quiet way to look again."""

    again_requested = Signal()

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._picture = _Thumbnail(theme)
        self._mark = IconView()
        self._text = plain_label(wrap=True)
        self.again = QPushButton("Preview again")
        set_kind(self.again, "link")
        self.again.clicked.connect(self.again_requested)
        top = Qt.AlignmentFlag.AlignTop
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._text)
        texts.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        texts.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Spacing.S)
        row.addWidget(self._picture, 0, top)
        row.addWidget(self._mark, 0, top)
        row.addLayout(texts, 1)
        self.hide()

    def show_line(self, line: PreviewLine | None, *, can_look: bool) -> None:
        """What to say; nothing is shown without it. `can_look`: the link still opens."""
        self.setVisible(line is not None)
        if line is None:
            return
        self._mark.set_icon(self._icons.icon(line.icon, line.tone))
        self._text.setText(line.text)
        self._text.setToolTip(line.hover)
        self._text.setAccessibleDescription(line.hover)
        self.again.setVisible(can_look)

    def show_picture(self, png: bytes) -> None:
        """How it looked; no bytes for a page that never was there."""
        pixmap = QPixmap()
        if png:
            pixmap.loadFromData(png, "PNG")
        self._picture.show_pixmap(pixmap)


class _Thumbnail(QWidget):
    """The upper part of a picture, a few lines of text high, in a rounded frame."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._pixmap = QPixmap()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("How the portal looked")
        theme.changed.connect(self.update)
        self.hide()

    def show_pixmap(self, pixmap: QPixmap) -> None:
        self._pixmap = pixmap
        self.setVisible(not pixmap.isNull())
        self.update()

    def sizeHint(self) -> QSize:
        height = self.fontMetrics().height() * _LINES
        return QSize(height * 4 // 3, height)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        shape = QPainterPath()
        shape.addRoundedRect(frame, RADIUS / 2, RADIUS / 2)
        painter.setClipPath(shape)
        # As wide as the frame, from the top: that is where a page says what it is.
        share = frame.height() / frame.width()
        source = QRectF(0, 0, self._pixmap.width(), self._pixmap.width() * share)
        painter.drawPixmap(frame, self._pixmap, source)
        painter.setClipping(False)
        painter.setPen(self._theme.border())
        painter.drawPath(shape)
        painter.end()
