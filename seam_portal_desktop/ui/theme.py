"""The design tokens: the only place that holds colours, spacing and text sizes."""

from __future__ import annotations

import sys
from enum import IntEnum, StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget


class Space(IntEnum):
    """Distances in device-independent pixels."""

    XS = 4
    S = 8
    M = 12
    L = 16
    XL = 24


RADIUS = 6


class TextSize(StrEnum):
    SMALL = "small"
    BODY = "body"
    TITLE = "title"


_TEXT_SCALE = {TextSize.SMALL: 0.9, TextSize.BODY: 1.0, TextSize.TITLE: 1.3}


class Tone(StrEnum):
    """What a colour means. Tones are for text and icons on surfaces; see `Theme.tint`."""

    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"
    NEUTRAL = "neutral"
    INFO = "info"
    VIOLET = "violet"
    ACCENT = "accent"
    PRODUCTION = "production"
    SANDBOX = "sandbox"


_TONES: dict[Tone, tuple[str, str]] = {  # light, dark
    Tone.SUCCESS: ("#17693a", "#5fce8c"),
    Tone.WARNING: ("#8a4b00", "#f0b04f"),
    Tone.DANGER: ("#b3261e", "#ff8f85"),
    Tone.NEUTRAL: ("#59616e", "#a3acba"),
    Tone.INFO: ("#1d5fb8", "#7fb4ff"),
    Tone.VIOLET: ("#6a3fb5", "#c0a3ff"),
    Tone.ACCENT: ("#2f5bd8", "#86a8ff"),
    Tone.PRODUCTION: ("#b3261e", "#ff8f85"),
    Tone.SANDBOX: ("#17693a", "#5fce8c"),
}

_PALETTE: dict[QPalette.ColorRole, tuple[str, str]] = {
    QPalette.ColorRole.Window: ("#f5f6f8", "#1b1e24"),
    QPalette.ColorRole.WindowText: ("#1b2028", "#e8ebf0"),
    QPalette.ColorRole.Base: ("#ffffff", "#22262e"),
    QPalette.ColorRole.AlternateBase: ("#f8f9fb", "#262b34"),
    QPalette.ColorRole.Text: ("#1b2028", "#e8ebf0"),
    QPalette.ColorRole.Button: ("#ffffff", "#2b303a"),
    QPalette.ColorRole.ButtonText: ("#1b2028", "#e8ebf0"),
    QPalette.ColorRole.ToolTipBase: ("#1b2028", "#e8ebf0"),
    QPalette.ColorRole.ToolTipText: ("#ffffff", "#1b2028"),
    QPalette.ColorRole.PlaceholderText: ("#697180", "#929bab"),
    QPalette.ColorRole.Highlight: ("#2f5bd8", "#86a8ff"),
    QPalette.ColorRole.HighlightedText: ("#ffffff", "#12151a"),
    QPalette.ColorRole.Mid: ("#d5d9e0", "#3a414d"),
    QPalette.ColorRole.Link: ("#2f5bd8", "#86a8ff"),
}


class Theme(QObject):
    """Turns tokens into colours and fonts for the system's present light or dark scheme.

    `changed` is emitted after the system switched; whoever painted with a token repaints then.
    """

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        app.styleHints().colorSchemeChanged.connect(self._follow)

    def install(self) -> None:
        """Give the application its style, palette and style sheet."""
        if sys.platform.startswith("linux"):
            self._app.setStyle("fusion")
        self._follow()

    @property
    def is_dark(self) -> bool:
        return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark

    def color(self, tone: Tone) -> QColor:
        return QColor(_TONES[tone][self.is_dark])

    def tint(self, tone: Tone) -> QColor:
        """The tone as a faint background, opaque, for the present scheme."""
        return _mix(self.color(tone), self._app.palette().color(QPalette.ColorRole.Base), 0.12)

    def border(self) -> QColor:
        return self._app.palette().color(QPalette.ColorRole.Mid)

    def font(self, size: TextSize, *, bold: bool = False) -> QFont:
        """A font relative to the system's, so that the user's text size is followed."""
        font = QFont(self._app.font())
        font.setPointSizeF(font.pointSizeF() * _TEXT_SCALE[size])
        font.setBold(bold)
        return font

    def _follow(self) -> None:
        if sys.platform.startswith("linux"):
            palette = QPalette()
            for role, pair in _PALETTE.items():
                palette.setColor(role, QColor(pair[self.is_dark]))
            for role in (
                QPalette.ColorRole.WindowText,
                QPalette.ColorRole.Text,
                QPalette.ColorRole.ButtonText,
            ):
                faded = _PALETTE[QPalette.ColorRole.PlaceholderText][self.is_dark]
                palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(faded))
            self._app.setPalette(palette)
        self._app.setStyleSheet(self._style_sheet())
        self.changed.emit()

    def _style_sheet(self) -> str:
        # Only widgets that carry our own `kind` property: the rest stays the platform's.
        palette = self._app.palette()
        accent = self.color(Tone.ACCENT).name()
        on_accent = "#12151a" if self.is_dark else "#ffffff"
        danger = self.color(Tone.DANGER).name()
        border = self.border().name()
        base = palette.color(QPalette.ColorRole.Base).name()
        faded = palette.color(QPalette.ColorRole.PlaceholderText).name()
        return f"""
            *[kind="muted"] {{ color: {faded}; }}
            QFrame[kind="card"] {{
                background: {base}; border: 1px solid {border}; border-radius: {RADIUS}px;
            }}
            QPushButton[kind="primary"] {{
                background: {accent}; color: {on_accent}; border: 1px solid {accent};
                border-radius: {RADIUS}px; padding: 5px 14px; font-weight: 600;
            }}
            QPushButton[kind="primary"]:focus {{ border: 2px solid
                {palette.color(QPalette.ColorRole.WindowText).name()}; padding: 4px 13px; }}
            QPushButton[kind="primary"]:disabled {{
                background: {border}; color: {faded}; border-color: {border};
            }}
            QPushButton[kind="danger"] {{
                background: {danger}; color: {on_accent}; border: 1px solid {danger};
                border-radius: {RADIUS}px; padding: 5px 14px; font-weight: 600;
            }}
        """


def set_kind(widget: QWidget, kind: str) -> None:
    """Mark `widget` for the style sheet: primary, danger, card, muted, chip …"""
    widget.setProperty("kind", kind)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def _mix(front: QColor, back: QColor, share: float) -> QColor:
    return QColor.fromRgbF(
        front.redF() * share + back.redF() * (1 - share),
        front.greenF() * share + back.greenF() * (1 - share),
        front.blueF() * share + back.blueF() * (1 - share),
    )
