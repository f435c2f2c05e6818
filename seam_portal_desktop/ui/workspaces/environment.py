"""Word, icon and tone of production, sandbox and demo, and the widgets that show them."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from seam_portal_desktop.domain.workspace import WorkspaceKind
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_parts import embolden, heading, plain_label
from seam_portal_desktop.ui.toolkit.icons import Icons
from seam_portal_desktop.ui.toolkit.labels import ElidedLabel, IconView, visual_rect
from seam_portal_desktop.ui.toolkit.theme import RADIUS, Spacing, Theme, Tone

LABEL_CHARACTERS = 24
"""The length of a workspace's label on a button."""


class Environment(NamedTuple):
    """A kind of workspace. `meaning` is about its links; they open real doors if it is `loud`."""

    word: str
    icon: str
    tone: Tone
    meaning: str
    loud: bool = False


PRODUCTION = Environment(
    _("PRODUCTION"), "shield-alert", Tone.PRODUCTION, _("Links open real doors."), loud=True
)
SANDBOX = Environment(
    _("SANDBOX"), "flask-conical", Tone.SANDBOX, _("Links open test devices only.")
)
DEMO = Environment(_("DEMO"), "graduation-cap", Tone.INFO, _("Nothing here reaches Seam."))


def environment_of(kind: WorkspaceKind, *, demo: bool) -> Environment:
    if demo:
        return DEMO
    return PRODUCTION if kind is WorkspaceKind.PRODUCTION else SANDBOX


class WorkspaceStrip(QWidget):
    """A thin strip across the top of a window: filled for production, tinted for the others."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons = icons
        self._environment = PRODUCTION
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._icon = IconView(parent=self)
        self._word = heading("", self)
        self._label = ElidedLabel(self)
        self._meaning = plain_label(parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(Spacing.XL, Spacing.XS, Spacing.XL, Spacing.XS)
        row.setSpacing(Spacing.S)
        row.addWidget(self._icon)
        row.addWidget(self._word)
        row.addWidget(self._label, 1)
        row.addWidget(self._meaning, 0, Qt.AlignmentFlag.AlignRight)
        theme.changed.connect(self._update_colors)
        self.hide()

    def set_workspace(self, label: str, kind: WorkspaceKind | None, *, demo: bool) -> None:
        """Show the workspace; outside the demo None hides the strip."""
        if kind is None and not demo:
            self.hide()
            return
        self._environment = environment_of(kind or WorkspaceKind.SANDBOX, demo=demo)
        self._word.setText(self._environment.word)
        self._label.set_full_text(label)
        self._meaning.setText(self._environment.meaning)
        self.setAccessibleName(f"{self._environment.word} {label} {self._environment.meaning}")
        self._update_colors()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it is painted
        painter = QPainter(self)
        painter.setBackground(_colors(self._environment, self._theme)[0])
        painter.eraseRect(self.rect())
        painter.end()

    def _update_colors(self) -> None:
        environment, palette = self._environment, self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, _colors(environment, self._theme)[1])
        for label in (self._word, self._label, self._meaning):
            label.setPalette(palette)
        icon = self._icons.icon(environment.icon, environment.tone, on_solid=environment.loud)
        self._icon.set_icon(icon)
        self.update()


class WorkspaceBadge(QWidget):
    """The environment's icon and word on a pill in the strip's colours."""

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
    """The size of a badge with this font; see `paint_badge`."""
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
    """Paint the environment's badge into `box`, in `widget`'s direction and the painter's font."""
    fill, text = _colors(environment, theme)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(box, RADIUS, RADIUS)
    side = painter.fontMetrics().ascent()
    inner = box.adjusted(Spacing.S, 0, -Spacing.S, 0)
    mark = QRect(inner.left(), box.top() + (box.height() - side) // 2, side, side)
    words = inner.adjusted(side + Spacing.XS, 0, 0, 0)
    ratio = widget.devicePixelRatioF()
    pixmap = icons.pixmap(environment.icon, text, side, ratio)
    painter.drawPixmap(visual_rect(widget.layoutDirection(), inner, mark), pixmap)
    painter.setPen(text)
    painter.drawText(
        visual_rect(widget.layoutDirection(), inner, words),
        Qt.AlignmentFlag.AlignCenter,
        environment.word,
    )


def _colors(environment: Environment, theme: Theme) -> tuple[QColor, QColor]:
    """The background and the text on it."""
    tone = environment.tone
    if environment.loud:
        return theme.color(tone), theme.on_solid()
    tint = theme.tint(tone)
    return tint, theme.color_on(tone, tint)
