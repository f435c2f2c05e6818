"""The thumbnail and the result of the last preview."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.portal.wording import PreviewLine
from seam_portal_desktop.ui.toolkit.form_parts import plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import IconView
from seam_portal_desktop.ui.toolkit.theme import RADIUS, Spacing, Theme, set_kind

_THUMBNAIL_LINES = 3


class PreviewResult(QWidget):
    """A small picture, a line with time and result, and the button `again`."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._picture = _Thumbnail(theme)
        self._icon = IconView()
        self._text = plain_label(wrap=True)
        self.again = QPushButton(_("Preview again"))
        set_kind(self.again, "link")
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
        row.addWidget(self._icon, 0, top)
        row.addLayout(texts, 1)
        self.hide()

    def show_line(self, line: PreviewLine | None, *, can_preview: bool) -> None:
        """Show `line`, or hide the widget. `can_preview`: the link still works."""
        self.setVisible(line is not None)
        if line is None:
            return
        self._icon.set_icon(self._icons.icon(line.icon, line.tone))
        self._text.setText(line.text)
        self._text.setToolTip(line.hover)
        self._text.setAccessibleDescription(line.hover)
        self.again.setVisible(can_preview)

    def show_picture(self, png: bytes) -> None:
        """Show a PNG; empty bytes hide it."""
        pixmap = QPixmap()
        if png:
            pixmap.loadFromData(png, "PNG")
        self._picture.show_pixmap(pixmap)


class _Thumbnail(QWidget):
    """The upper part of a picture in a rounded frame, some lines of text high."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._pixmap = QPixmap()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("How the portal looked"))
        theme.changed.connect(self.update)
        self.hide()

    def show_pixmap(self, pixmap: QPixmap) -> None:
        self._pixmap = pixmap
        self.setVisible(not pixmap.isNull())
        self.update()

    def sizeHint(self) -> QSize:
        height = self.fontMetrics().height() * _THUMBNAIL_LINES
        return QSize(height * 4 // 3, height)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        shape = QPainterPath()
        shape.addRoundedRect(frame, RADIUS / 2, RADIUS / 2)
        painter.setClipPath(shape)
        # The full width from the top: a page has its title there.
        share = frame.height() / frame.width()
        source = QRectF(0, 0, self._pixmap.width(), self._pixmap.width() * share)
        painter.drawPixmap(frame, self._pixmap, source)
        painter.setClipping(False)
        painter.setPen(self._theme.border())
        painter.drawPath(shape)
        painter.end()
