"""Small widgets that work at any width, scale and colour scheme, and `announce`."""

from __future__ import annotations

import html
from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.theme import Spacing, Theme, Tone, set_kind

_LEAST_CHARACTERS = 6
_OWN_COPY = "application/x-seam-portal-desktop"


def copy_text(text: str) -> None:
    """Put `text` on the clipboard."""
    QGuiApplication.clipboard().setMimeData(own_copy(text))


def own_copy(text: str) -> QMimeData:
    """Data for the clipboard, with a mark that no previewed page can set."""
    data = QMimeData()
    data.setText(text)
    data.setData(_OWN_COPY, b"1")
    return data


def is_own_copy(data: QMimeData) -> bool:
    return data.hasFormat(_OWN_COPY)


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have a screen reader speak `text` for `widget`; the focus stays where it is.

    An urgent text interrupts what is being spoken.
    """
    # PySide needs long for these enums, and nothing is announced at start.
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    if not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(widget, text)
    event.setPoliteness(
        QAccessible.AnnouncementPoliteness.Assertive
        if urgent
        else QAccessible.AnnouncementPoliteness.Polite
    )
    QAccessible.updateAccessibility(event)


def plain_tooltip(text: str) -> str:
    """`text` as a tooltip that shows it as it is. Qt takes a text that looks like HTML for HTML."""
    from PySide6.QtGui import Qt as QtText  # has what is about texts

    if not QtText.mightBeRichText(text):
        return text
    return f"<p style='white-space: pre-wrap'>{html.escape(text)}</p>"


def align_by_layout(label: QLabel) -> None:
    """Put the text where the layout begins. Qt puts it where its own writing begins."""
    if QGuiApplication.isRightToLeft():
        start = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
        label.setAlignment(start | Qt.AlignmentFlag.AlignVCenter)


class ElidedLabel(QLabel):
    """One line of text of any length. If it is too long, it is cut, so that the layout stays.

    The tooltip and the accessible name have all of it, and copying copies all of it.
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
        self._full_text = ""
        self._hover = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        align_by_layout(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            self.setCursor(Qt.CursorShape.IBeamCursor)
            copy = QAction(_("Copy"), self)
            copy.triggered.connect(self._copy)
            self.addAction(copy)
            self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def full_text(self) -> str:
        return self._full_text

    def set_full_text(self, text: str, *, hover: str = "") -> None:
        """Show `text`; the tooltip and a screen reader add `hover`."""
        self._full_text = " ".join(text.split())
        self._hover = hover
        self.setAccessibleName(self._full_text)
        self.setAccessibleDescription(hover)
        self._elide()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self._full_width(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        least = self.fontMetrics().averageCharWidth() * _LEAST_CHARACTERS
        return QSize(min(least, self._full_width()), super().minimumSizeHint().height())

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

    def _full_width(self) -> int:
        # Rounding at fractional scales can take the last pixel, which would elide a whole word.
        text = self._full_text
        return self.fontMetrics().horizontalAdvance(text) + 2 if text else 0

    def _elide(self) -> None:
        shown = self.fontMetrics().elidedText(self._full_text, self._mode, self.width())
        if shown != self.text():
            self.setText(shown)
        cut = self._full_text if shown != self._full_text else ""
        self.setToolTip(plain_tooltip("\n".join(part for part in (cut, self._hover) if part)))

    def _copy(self) -> None:
        # A selection inside a cut text would copy the ellipsis.
        whole = self.text() != self._full_text or not self.hasSelectedText()
        copy_text(self._full_text if whole else self.selectedText())


class ReportText(QPlainTextEdit):
    """Long read-only text in a fixed-width font, such as licences or a report."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPointSizeF(self.font().pointSizeF())  # the user's size in the system's face
        self.setFont(fixed)


class IconView(QWidget):
    """An icon, `lines` lines of text high. A screen reader ignores it."""

    def __init__(
        self, icon: QIcon | None = None, parent: QWidget | None = None, *, lines: int = 1
    ) -> None:
        super().__init__(parent)
        self._icon = icon or QIcon()
        self._lines = lines
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, icon: QIcon) -> None:
        self._icon = icon
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(1, 1) * self.fontMetrics().height() * self._lines

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        self._icon.paint(painter, self.rect())
        painter.end()


class IconButton(QToolButton):
    """A quiet button whose icon is as tall as the text; `name` is tooltip and accessible name."""

    def __init__(self, icon: QIcon, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, "quiet")
        self.set_icon_and_name(icon, name)
        self._update_icon_size()

    def set_icon_and_name(self, icon: QIcon, name: str) -> None:
        self.setIcon(icon)
        self.setToolTip(name)
        self.setAccessibleName(name)

    def show_text(self, *, shown: bool) -> None:
        """Show the button's text beside its icon, or the icon only."""
        style = Qt.ToolButtonStyle
        self.setToolButtonStyle(
            style.ToolButtonTextBesideIcon if shown else style.ToolButtonIconOnly
        )
        self._update_icon_size()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._update_icon_size()

    def _update_icon_size(self) -> None:
        side = self.fontMetrics().height()
        # Wider than the drawing, so that there is a gap between it and the text.
        has_text = self.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        self.setIconSize(QSize(side + Spacing.S if has_text else side, side))


class CopyButton(QPushButton):
    """Copies what `text_to_copy` returns. Then its text is `copied` until `reset`."""

    def __init__(
        self,
        label: str,
        copied: str,
        text_to_copy: Callable[[], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(label, parent)
        self._label = label
        self._copied = copied
        self._text_to_copy = text_to_copy
        self.setAutoDefault(False)
        self.clicked.connect(self._copy)

    def reset(self) -> None:
        self.setText(self._label)

    def _copy(self) -> None:
        copy_text(self._text_to_copy())
        self.setText(self._copied)


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
        tint = self._theme.tint(self._tone)
        painter.setPen(QPen(tint))
        painter.setBrush(tint)
        pill = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        painter.setPen(self._theme.color(self._tone))
        side = round(self.fontMetrics().height() * 0.9)
        paint_icon_and_text(painter, self, self._icon, side, self.text())
        painter.end()


def visual_rect(direction: Qt.LayoutDirection, bounds: QRect, box: QRect) -> QRect:
    """`box`, or in a right-to-left layout its mirror image within `bounds`."""
    if direction is not Qt.LayoutDirection.RightToLeft:
        return box
    # QStyle has so many enums that PySide needs 6 ms to load it, which delays the start.
    from PySide6.QtWidgets import QStyle

    return QStyle.visualRect(direction, bounds, box)


def paint_icon_and_text(
    painter: QPainter, widget: QWidget, icon: QIcon, side: int, text: str
) -> None:
    """Paint `icon`, `side` pixels square, at the start of `widget`, and `text` after it."""
    direction, box = widget.layoutDirection(), widget.rect().adjusted(Spacing.S, 0, -Spacing.S, 0)
    square = QRect(box.left(), box.top() + (box.height() - side) // 2, side, side)
    icon.paint(painter, visual_rect(direction, box, square))
    rest = visual_rect(direction, box, box.adjusted(side + Spacing.XS, 0, 0, 0))
    painter.drawText(rest, Qt.AlignmentFlag.AlignCenter, text)


class TintedFrame(QFrame):
    """A band in a tone's tint, from edge to edge, with a line at the bottom."""

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
