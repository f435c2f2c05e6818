"""What stands in the place of rows: why there are none, and the one next step."""

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

from seam_portal_desktop.ui.toolkit.theme import RADIUS, Spacing, TextSize, Theme, Tone, set_kind

_WIDEST_CHARACTERS = 60
_HALO = 2.0


class ListMessage(QScrollArea):
    """An icon, a title, a sentence and up to two buttons, in the middle of the room there is."""

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
        theme.changed.connect(self._restyle)
        self._restyle()

    def set_texts(self, title: str, message: str, note: str = "") -> None:
        """The title, a sentence below it, and small print below the buttons."""
        self._title.setText(title)
        self._message.setText(message)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self.setAccessibleName(title)
        self.setAccessibleDescription(message)

    def add_button(
        self, text: str, kind: str, pressed: Callable[[], None], icon: QIcon | None = None
    ) -> QPushButton:
        """Add a button, the first being the way on that most want."""
        button = QPushButton(text, self.widget())
        if icon is not None:
            button.setIcon(icon)
        button.setAutoDefault(True)
        set_kind(button, kind)
        # A signal's emit takes no `checked`.
        button.clicked.connect(lambda: pressed())  # noqa: PLW0108
        self._buttons.insertWidget(self._buttons.count() - 1, button)
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stack_buttons()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._stack_buttons()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and self.isVisible():
            self._stack_buttons()

    def _stack_buttons(self) -> None:
        """Put the buttons below each other where large text leaves no room side by side."""
        needed = 2 * Spacing.XL
        for button in self.findChildren(QPushButton):
            button.ensurePolished()  # or the style sheet's font isn't reckoned with yet
            needed += button.sizeHint().width() + Spacing.S
        self._buttons.setDirection(
            QBoxLayout.Direction.LeftToRight
            if needed <= self.viewport().width()
            else QBoxLayout.Direction.TopToBottom
        )

    def _label(self, parent: QWidget) -> QLabel:
        label = QLabel(parent)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return label

    def _centred(self, label: QLabel) -> QWidget:
        # A label that wraps takes all the width it is given; lines that long read badly.
        holder = QWidget(self.widget())
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(label, 1000)
        row.addStretch(1)
        label.setMaximumWidth(self.fontMetrics().averageCharWidth() * _WIDEST_CHARACTERS)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        return holder

    def _restyle(self) -> None:
        self._title.setFont(self._theme.font(TextSize.TITLE, bold=True))
        self._note.setFont(self._theme.font(TextSize.SMALL))


class Illustration(QWidget):
    """An icon, `side` device-independent pixels square; with a tone on a round tint of it."""

    def __init__(self, theme: Theme, icon: QIcon, side: int, tone: Tone | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._icon = icon
        self._side = side
        self._tone = tone
        whole = side if tone is None else round(side * _HALO)
        self.setFixedSize(QSize(whole, whole))
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
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
    """Faint bars where rows will be. They stand still: nothing moves that doesn't inform."""

    _BARS = ((0.0, 0.26), (0.42, 0.12), (0.62, 0.10), (0.80, 0.09))

    def __init__(self, theme: Theme, row_height: Callable[[], int], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._row_height = row_height
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self.setAccessibleName("Loading portals")
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
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
