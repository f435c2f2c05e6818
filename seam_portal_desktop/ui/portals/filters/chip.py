"""The chips of the filter bar: one switches a status, another is a filter that can be removed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_parts import shortened
from seam_portal_desktop.ui.toolkit.theme import Spacing, TextSize, Theme, Tone

_GAP = Spacing.XS + Spacing.XS // 2
_CROSS = "×"
_LONGEST = 36  # characters
_RIGHT_TO_LEFT = Qt.LayoutDirection.RightToLeft


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
        # A checked chip is bold, and one that can't be checked never is.
        font = self._theme.font(TextSize.BODY, bold=self.isCheckable())
        widest = QFontMetrics(font, self)
        # Rounding can take the last pixel, which would elide the word.
        width = widest.horizontalAdvance(self._word) + 2
        if number := self._number():
            width += _GAP + widest.horizontalAdvance(number)
        return QSize(width + 2 * Spacing.M, widest.height() + 2 * Spacing.XS + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * Spacing.XL, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        theme, checked = self._theme, self.isChecked()
        is_tinted = checked or not self.isCheckable()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = 2 if self.hasFocus() else 1
        pill = QRectF(self.rect()).adjusted(line / 2, line / 2, -line / 2, -line / 2)
        fill = theme.tint(Tone.ACCENT) if is_tinted else theme.role(QPalette.ColorRole.Base)
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
        mirrored = self.layoutDirection() is _RIGHT_TO_LEFT
        painter.setPen(
            theme.color_on(Tone.ACCENT, fill) if is_tinted else theme.role(QPalette.ColorRole.Text)
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
        self.setAccessibleName(
            _("{word}, {number} portals").format(word=self._word, number=number)
            if number
            else self._word
        )


class RemovableChip(FilterChip):
    """A filter that is set, with a cross that removes it; Delete and Backspace do so as well.

    A click beside the cross, Enter and Space emit `clicked`.
    """

    removed = Signal()

    def __init__(self, text: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(shortened(text, _LONGEST), theme, parent)
        self.setCheckable(False)
        if len(text) > _LONGEST:
            import html  # rarely needed, and it takes time at start

            self.setToolTip(f"<span>{html.escape(text)}</span>")
        self.setAccessibleName(text)
        self.setAccessibleDescription(_("Enter changes this filter, Delete removes it."))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        position = event.position().toPoint()
        if self.isDown() and self.rect().contains(position) and self._is_cross(position.x()):
            self.setDown(False)
            self.removed.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _is_cross(self, x: int) -> bool:
        width = self.fontMetrics().horizontalAdvance(_CROSS) + _GAP + Spacing.M
        return x < width if self.layoutDirection() is _RIGHT_TO_LEFT else x >= self.width() - width

    def _number(self) -> str:
        return _CROSS
