"""Text, states and bands that stay right at any width, scale and scheme."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QGuiApplication,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QToolButton, QWidget

from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind

_LEAST_CHARACTERS = 6


class ElidedLabel(QLabel):
    """One line of foreign text that is cut rather than let it break a layout.

    The tooltip and the accessible name carry all of it, and copying copies all of it.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle,
        selectable: bool = False,
    ) -> None:
        super().__init__(parent)
        self._mode = mode
        self._full = ""
        self._hover = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            self.setCursor(Qt.CursorShape.IBeamCursor)
            copy = QAction("Copy", self)
            copy.triggered.connect(self._copy)
            self.addAction(copy)
            self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def full_text(self) -> str:
        return self._full

    def set_full_text(self, text: str, *, hover: str = "") -> None:
        """Show `text`; `hover` is said besides, in the tooltip and to a screen reader."""
        self._full = " ".join(text.split())
        self._hover = hover
        self.setAccessibleName(self._full)
        self.setAccessibleDescription(hover)
        self._elide()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self._width_of(self._full), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        least = self.fontMetrics().averageCharWidth() * _LEAST_CHARACTERS
        return QSize(min(least, self._width_of(self._full)), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._elide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        else:
            super().keyPressEvent(event)

    def _width_of(self, text: str) -> int:
        # Rounding at fractional scales can take the last pixel, which would elide a whole word.
        return self.fontMetrics().horizontalAdvance(text) + 2 if text else 0

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._full, self._mode, self.width())
        if shown != self.text():
            self.setText(shown)
        cut = self._full if shown != self._full else ""
        self.setToolTip("\n".join(part for part in (cut, self._hover) if part))

    def _copy(self) -> None:
        # A selection inside a cut text would copy the ellipsis.
        whole = self.text() != self._full or not self.hasSelectedText()
        QGuiApplication.clipboard().setText(self._full if whole else self.selectedText())


class IconView(QWidget):
    """An icon at the height of the text beside it; says nothing to a screen reader by itself."""

    def __init__(self, icon: QIcon | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon or QIcon()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, icon: QIcon) -> None:
        self._icon = icon
        self.update()

    def sizeHint(self) -> QSize:
        side = self.fontMetrics().height()
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        self._icon.paint(painter, self.rect())
        painter.end()


class IconButton(QToolButton):
    """A quiet button whose icon is as tall as the text; `name` is its tooltip and is spoken."""

    def __init__(self, icon: QIcon, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "quiet")
        self.set_face(icon, name)
        self._follow_font()

    def set_face(self, icon: QIcon, name: str) -> None:
        self.setIcon(icon)
        self.setToolTip(name)
        self.setAccessibleName(name)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._follow_font()

    def _follow_font(self) -> None:
        side = self.fontMetrics().height()
        self.setIconSize(QSize(side, side))


class Badge(QLabel):
    """A state: icon and word on a faint pill of its tone."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._icon = QIcon()
        self._tone = Tone.NEUTRAL
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_state(self, icon: str, word: str, tone: Tone) -> None:
        self._icon = self._icons.icon(icon, tone)
        self._tone = tone
        self.setText(word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = metrics.horizontalAdvance(self.text()) + metrics.height()
        return QSize(width + 2 * Spacing.S + Spacing.XS, metrics.height() + Spacing.XS)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone = self._theme.color(self._tone)
        edge = self._theme.tint(self._tone)
        painter.setPen(QPen(edge))
        painter.setBrush(edge)
        pill = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        side = round(self.fontMetrics().height() * 0.9)
        inner = self.rect().adjusted(Spacing.S, 0, -Spacing.S, 0)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        icon = inner.adjusted(0, (inner.height() - side) // 2, 0, 0)
        icon.setSize(QSize(side, side))
        if mirrored:
            icon.moveRight(inner.right())
        self._icon.paint(painter, icon)
        painter.setPen(tone)
        start = side + Spacing.XS
        words = inner.adjusted(0, 0, -start, 0) if mirrored else inner.adjusted(start, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class TintedFrame(QFrame):
    """A band in a tone's tint, from edge to edge, closed by a line at the bottom."""

    def __init__(self, theme: Theme, tone: Tone, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tone = tone
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def set_tone(self, tone: Tone) -> None:
        self._tone = tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.tint(self._tone))
        painter.setPen(self._theme.border())
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        painter.end()
