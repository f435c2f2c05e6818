"""What the list shows instead of rows: a message with buttons, or bars while it loads."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_parts import plain_label
from seam_portal_desktop.ui.toolkit.theme import RADIUS, Spacing, TextSize, Theme, Tone, set_kind

_WIDEST_CHARACTERS = 60
_HALO = 2.0


class ListMessage(QScrollArea):
    """A centred icon, title and sentence with up to two buttons."""

    def __init__(self, theme: Theme, picture: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        inside = QWidget()
        inside.setBackgroundRole(QPalette.ColorRole.Base)
        inside.setAutoFillBackground(True)
        self.setWidget(inside)

        picture.setParent(inside)
        self._title = self._label(inside)
        self._message = self._label(inside)
        set_kind(self._message, "muted")
        self._note = self._label(inside)
        set_kind(self._note, "muted")
        self._note.hide()
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(Spacing.S)
        self._buttons.addStretch()
        self._buttons.addStretch()

        column = QVBoxLayout(inside)
        column.setContentsMargins(Spacing.XL, Spacing.XL, Spacing.XL, Spacing.XL)
        column.setSpacing(Spacing.S)
        column.addStretch(2)
        column.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(Spacing.S)
        for label in (self._title, self._message):
            column.addWidget(self._centred(label))
        column.addSpacing(Spacing.M)
        column.addLayout(self._buttons)
        column.addSpacing(Spacing.S)
        column.addWidget(self._centred(self._note))
        column.addStretch(3)
        theme.changed.connect(self._update_fonts)
        self._update_fonts()

    def set_texts(self, title: str, message: str, note: str = "") -> None:
        """The title, a sentence below it, and small print below the buttons."""
        self._title.setText(title)
        self._message.setText(message)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self.setAccessibleName(title)
        self.setAccessibleDescription(message)

    def add_button(
        self, text: str, kind: str, on_click: Callable[[], None], icon: QIcon | None = None
    ) -> QPushButton:
        """Add a button; the first is for the most common next step."""
        button = QPushButton(text, self.widget())
        if icon is not None:
            button.setIcon(icon)
        button.setAutoDefault(True)
        set_kind(button, kind)
        # A signal's emit() doesn't accept `checked`.
        button.clicked.connect(lambda: on_click())  # noqa: PLW0108
        self._buttons.insertWidget(self._buttons.count() - 1, button)
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_layout()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._update_layout()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and self.isVisible():
            self._update_layout()

    def _update_layout(self) -> None:
        """Put the buttons below each other if they don't fit side by side."""
        needed = 2 * Spacing.XL
        for button in self.findChildren(QPushButton):
            button.ensurePolished()  # or its size hint doesn't use the style sheet's font yet
            needed += button.sizeHint().width() + Spacing.S
        self._buttons.setDirection(
            QBoxLayout.Direction.LeftToRight
            if needed <= self.viewport().width()
            else QBoxLayout.Direction.TopToBottom
        )

    def _label(self, parent: QWidget) -> QLabel:
        label = plain_label(wrap=True, parent=parent)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return label

    def _centred(self, label: QLabel) -> QWidget:
        # A label that wraps fills any width, and very long lines are hard to read.
        holder = QWidget(self.widget())
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(label, 1000)
        row.addStretch(1)
        label.setMaximumWidth(self.fontMetrics().averageCharWidth() * _WIDEST_CHARACTERS)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        return holder

    def _update_fonts(self) -> None:
        self._title.setFont(self._theme.font(TextSize.TITLE, bold=True))
        self._note.setFont(self._theme.font(TextSize.SMALL))


class Illustration(QWidget):
    """An icon, `side` device-independent pixels square; on a round tint if it has a tone."""

    def __init__(self, theme: Theme, icon: QIcon, side: int, tone: Tone | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._icon = icon
        self._side = side
        self._tone = tone
        outer = side if tone is None else round(side * _HALO)
        self.setFixedSize(QSize(outer, outer))
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        if self._tone is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.tint(self._tone))
            painter.drawEllipse(self.rect())
        inner = QRect(0, 0, self._side, self._side)
        inner.moveCenter(self.rect().center())
        self._icon.paint(painter, inner)


class SkeletonRows(QWidget):
    """Faint bars instead of rows while they load. They don't move: motion would mean progress."""

    _BARS = ((0.0, 0.26), (0.42, 0.12), (0.62, 0.10), (0.80, 0.09))

    def __init__(self, theme: Theme, row_height: Callable[[], int], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._row_height = row_height
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self.setAccessibleName(_("Loading portals"))
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.hairline())
        height = self._row_height()
        width = self.width() - 2 * Spacing.M
        thickness = height * 0.3
        for row in range(self.height() // height):
            top = row * height + (height - thickness) / 2
            stretch = (1.0, 0.7, 0.85, 0.6)[row % 4]
            for start, share in self._BARS:
                bar = QRectF(Spacing.M + start * width, top, share * width * stretch, thickness)
                painter.drawRoundedRect(bar, RADIUS / 2, RADIUS / 2)
