"""Production, sandbox and demo, told apart at a glance: one word, one icon, one tone each."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStyle, QWidget

from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.ui.toolkit.form_parts import embolden, heading, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconView
from seam_portal_desktop.ui.toolkit.theme import RADIUS, Spacing, Theme, Tone


class Environment(NamedTuple):
    """What links made somewhere mean. `loud` where they open real doors."""

    word: str
    icon: str
    tone: Tone
    says: str
    loud: bool = False


PRODUCTION = Environment(
    "PRODUCTION", "shield-alert", Tone.PRODUCTION, "Links open real doors.", loud=True
)
SANDBOX = Environment("SANDBOX", "flask-conical", Tone.SANDBOX, "Links open test devices only.")
DEMO = Environment("DEMO", "graduation-cap", Tone.INFO, "Nothing here reaches Seam.")


def environment_of(kind: WorkspaceKind, *, demo: bool) -> Environment:
    if demo:
        return DEMO
    return PRODUCTION if kind is WorkspaceKind.PRODUCTION else SANDBOX


class WorkspaceStrip(QWidget):
    """A thin strip across the top of a window: filled for production, faint for the others."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._environment = PRODUCTION
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._mark = IconView(parent=self)
        self._word = heading("", self)
        self._label = ElidedLabel(self)
        self._says = plain_label(parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(Spacing.XL, Spacing.XS, Spacing.XL, Spacing.XS)
        row.setSpacing(Spacing.S)
        row.addWidget(self._mark)
        row.addWidget(self._word)
        row.addWidget(self._label, 1)
        row.addWidget(self._says, 0, Qt.AlignmentFlag.AlignRight)
        theme.changed.connect(self._colour)
        self.hide()

    def set_workspace(self, label: str, kind: WorkspaceKind | None, *, demo: bool) -> None:
        """Show where one is; None, outside the demo, means nowhere and hides the strip."""
        if kind is None and not demo:
            self.hide()
            return
        self._environment = environment_of(kind or WorkspaceKind.SANDBOX, demo=demo)
        self._word.setText(self._environment.word)
        self._label.set_full_text(label)
        self._says.setText(self._environment.says)
        self.setAccessibleName(f"{self._environment.word} {label} {self._environment.says}")
        self._colour()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._background())
        painter.end()

    def _background(self) -> QColor:
        look = self._environment
        return self._theme.color(look.tone) if look.loud else self._theme.tint(look.tone)

    def _colour(self) -> None:
        look = self._environment
        text = (
            self._theme.on_solid()
            if look.loud
            else self._theme.color_on(look.tone, self._background())
        )
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, text)
        for label in (self._word, self._label, self._says):
            label.setPalette(palette)
        self._mark.set_icon(self._icons.icon(look.icon, look.tone, on_solid=look.loud))
        self.update()


class WorkspaceBadge(QWidget):
    """The environment's icon and word on a pill, as loud as the strip."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self.environment = PRODUCTION
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        embolden(self)
        theme.changed.connect(self.update)

    def set_environment(self, environment: Environment) -> None:
        self.environment = environment
        self.setAccessibleName(environment.word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return badge_size(self.fontMetrics(), self.environment)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_badge(painter, self.rect(), self, self.environment, self._theme, self._icons)
        painter.end()


def badge_size(metrics: QFontMetrics, environment: Environment) -> QSize:
    """How large a pill is in a font; see paint_badge."""
    words = metrics.horizontalAdvance(environment.word)
    return QSize(
        words + metrics.ascent() + Spacing.XS + 2 * Spacing.S, metrics.height() + Spacing.XS
    )


def paint_badge(
    painter: QPainter,
    box: QRect,
    widget: QWidget,
    environment: Environment,
    theme: Theme,
    icons: Icons,
) -> None:
    """Draw the environment's pill into `box` in `widget`'s direction and the painter's font."""
    tone = theme.color(environment.tone)
    fill = tone if environment.loud else theme.tint(environment.tone)
    text = theme.on_solid() if environment.loud else theme.color_on(environment.tone, fill)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(box, RADIUS, RADIUS)
    side = painter.fontMetrics().ascent()
    inner = box.adjusted(Spacing.S, 0, -Spacing.S, 0)
    mark = QRect(inner.left(), box.top() + (box.height() - side) // 2, side, side)
    words = inner.adjusted(side + Spacing.XS, 0, 0, 0)
    ratio = widget.devicePixelRatioF()
    pixmap = icons.pixmap(environment.icon, text, side, ratio)
    painter.drawPixmap(QStyle.visualRect(widget.layoutDirection(), inner, mark), pixmap)
    painter.setPen(text)
    painter.drawText(
        QStyle.visualRect(widget.layoutDirection(), inner, words),
        Qt.AlignmentFlag.AlignCenter,
        environment.word,
    )
