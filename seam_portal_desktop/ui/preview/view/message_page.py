"""Widgets in place of the page: a message with its buttons, and the skeleton."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.view.states import ACTION_LABELS, MessageAction, MessageContent
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import announce
from seam_portal_desktop.ui.toolkit.theme import RADIUS, Spacing, TextSize, Theme, Tone, set_kind

_SKELETON_AFTER_MS = 150
_BADGE = QSize(64, 64)
_LONGEST_LINE = 60


class MessagePage(QScrollArea):
    """An icon, a title, a sentence and at most two buttons, in the middle of the space."""

    action_chosen = Signal(object)  # MessageAction

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._action: MessageAction | None = None
        self._other_action: MessageAction | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._badge = _Badge(theme, icons)
        self._title = _label()
        self._text = _label()
        set_kind(self._text, "muted")
        self._detail = _label()
        set_kind(self._detail, "muted")
        self._detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button = QPushButton()
        set_kind(self._button, "primary")
        self._button.clicked.connect(lambda: self._choose(self._action))
        self._other_button = QPushButton()
        set_kind(self._other_button, "link")
        self._other_button.clicked.connect(lambda: self._choose(self._other_action))

        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, Spacing.XL, 0, Spacing.XL)
        layout.setSpacing(Spacing.S)
        layout.addStretch(2)
        layout.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(Spacing.S)
        for label in (self._title, self._text, self._detail):
            layout.addWidget(label)
        layout.addSpacing(Spacing.S)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self._other_button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self._column = column
        self.setWidget(column)
        self.viewport().setAutoFillBackground(False)
        column.setAutoFillBackground(False)
        theme.changed.connect(self._restyle)

    def showEvent(self, event: QShowEvent) -> None:
        # With an application style sheet, labels lose their font when their scroll area gets a
        # parent. So the fonts are set here, after that.
        self._restyle()
        super().showEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Lines longer than this are tiring to read.
        longest = self.fontMetrics().averageCharWidth() * _LONGEST_LINE
        side = max(int(Spacing.XL), (self.viewport().width() - longest) // 2)
        self._column.setContentsMargins(side, 0, side, 0)

    def show_content(self, content: MessageContent) -> None:
        self._badge.show_icon(content.icon, content.tone)
        self._title.setText(content.title)
        self._text.setText(content.text)
        self._text.setVisible(bool(content.text))
        self.set_detail(content.detail)
        self._action, self._other_action = content.action, content.other_action
        for button, action in (
            (self._button, content.action),
            (self._other_button, content.other_action),
        ):
            button.setVisible(action is not None)
            if action is not None:
                button.setText(ACTION_LABELS[action])
                button.setAccessibleDescription(content.text)
        self._column.setAccessibleName(content.title)
        self._column.setAccessibleDescription(content.text)

    def speak(self) -> None:
        """Have a screen reader speak the message: it is the result of what the user did."""
        title, text = self._column.accessibleName(), self._column.accessibleDescription()
        announce(self._column, f"{title}. {text}", urgent=True)

    def set_detail(self, text: str) -> None:
        """Change the small line below the sentence."""
        self._detail.setText(text)
        self._detail.setVisible(bool(text))

    def _choose(self, action: MessageAction | None) -> None:
        if action is not None:
            self.action_chosen.emit(action)

    def _restyle(self) -> None:
        self._title.setFont(self._theme.font(TextSize.TITLE, bold=True))
        self._detail.setFont(self._theme.font(TextSize.SMALL))


class _Badge(QWidget):
    """An icon on a coloured disc."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._theme = theme
        self._icons = icons
        self._name = ""
        self._tone = Tone.NEUTRAL
        self.setFixedSize(_BADGE)
        theme.changed.connect(self.update)

    def show_icon(self, name: str, tone: Tone) -> None:
        self._name, self._tone = name, tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if not self._name:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.tint(self._tone))
        painter.drawEllipse(self.rect())
        inset = self.width() * 9 // 32
        icon = self.rect().adjusted(inset, inset, -inset, -inset)
        self._icons.icon(self._name, self._tone).paint(painter, icon)
        painter.end()


class Skeleton(QWidget):
    """The outline of a page while that is opened. It appears after a moment and doesn't move."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._drawn = False
        self._timer = QTimer(self, singleShot=True, interval=_SKELETON_AFTER_MS)
        self._timer.timeout.connect(self._draw)
        self.setAccessibleName(_("Opening the portal"))
        theme.changed.connect(self.update)

    def start(self) -> None:
        """Show nothing for a moment: most pages don't need longer."""
        self._drawn = False
        self._timer.start()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if not self._drawn:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.tint(Tone.NEUTRAL))
        width = min(self.width() - 2 * Spacing.XL, 640)
        left = (self.width() - width) / 2
        line = float(self.fontMetrics().height())

        def bar(x: float, y: float, share: float, height: float) -> None:
            box = QRectF(left + x, y, width * share, height)
            painter.drawRoundedRect(box, RADIUS, RADIUS)

        top = float(Spacing.XL)
        painter.drawEllipse(QRectF(left, top, 2 * line, 2 * line))
        bar(2 * line + Spacing.M, top + line / 2, 0.3, line)
        top += 2 * line + Spacing.XL
        bar(0, top, 0.55, 1.4 * line)
        top += 1.4 * line + Spacing.M
        bar(0, top, 0.8, line)
        top += line + Spacing.XL
        while top < self.height() - 2 * Spacing.XL:
            bar(0, top, 1.0, 4 * line)
            top += 4 * line + Spacing.L
        painter.end()

    def _draw(self) -> None:
        self._drawn = True
        self.update()


def _label() -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
