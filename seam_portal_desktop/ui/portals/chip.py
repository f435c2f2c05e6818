"""A chip that switches a filter, with the number of its rows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from seam_portal_desktop.ui.toolkit.theme import Spacing, TextSize, Theme, Tone

_GAP = Spacing.XS + Spacing.XS // 2


class FilterChip(QAbstractButton):
    """A pill with a word and a count. A checked one is also bold and outlined."""

    def __init__(self, word: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._word = word
        self._count: int | None = None
        self._theme = theme
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._update_name()
        theme.changed.connect(self.update)

    def set_count(self, count: int | None) -> None:
        """Set the number beside the word; None while it isn't known."""
        if count != self._count:
            self._count = count
            self._update_name()
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        bold = QFontMetrics(self._theme.font(TextSize.BODY, bold=True))
        width = bold.horizontalAdvance(self._word)
        if self._count is not None:
            width += _GAP + bold.horizontalAdvance(self._number())
        return QSize(width + 2 * Spacing.M, bold.height() + 2 * Spacing.XS + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * Spacing.XL, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        theme, checked = self._theme, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = 2 if self.hasFocus() else 1
        pill = QRectF(self.rect()).adjusted(line / 2, line / 2, -line / 2, -line / 2)
        fill = theme.tint(Tone.ACCENT) if checked else theme.role(QPalette.ColorRole.Base)
        if self.isDown() or (self.underMouse() and not checked):
            fill = theme.hover()
        outlined = checked or self.hasFocus()
        painter.setPen(QPen(theme.focus() if outlined else theme.border(), line))
        painter.setBrush(fill)
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)

        painter.setFont(theme.font(TextSize.BODY, bold=checked))
        metrics, number = painter.fontMetrics(), self._number()
        number_width = metrics.horizontalAdvance(number)
        gap = _GAP if number else 0
        space = self.width() - 2 * Spacing.M - number_width - gap
        word = metrics.elidedText(self._word, Qt.TextElideMode.ElideRight, max(0, space))
        word_width = metrics.horizontalAdvance(word)
        left = (self.width() - word_width - gap - number_width) // 2
        baseline = (self.height() - metrics.height()) // 2 + metrics.ascent()
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        painter.setPen(
            theme.color_on(Tone.ACCENT, fill) if checked else theme.role(QPalette.ColorRole.Text)
        )
        painter.drawText(left + (number_width + gap if mirrored else 0), baseline, word)
        if number:
            if not checked:
                painter.setPen(theme.color_on(Tone.NEUTRAL, fill))
            painter.drawText(left + (0 if mirrored else word_width + gap), baseline, number)

    def _number(self) -> str:
        return "" if self._count is None else self.locale().toString(self._count)

    def _update_name(self) -> None:
        number = self._number()
        self.setAccessibleName(f"{self._word}, {number} portals" if number else self._word)
