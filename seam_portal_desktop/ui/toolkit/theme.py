"""The design tokens: the only place that holds colours, spacing and text sizes."""

from __future__ import annotations

import sys
from enum import IntEnum, StrEnum

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from seam_portal_desktop.ui.toolkit.style_sheet import SheetColors, style_sheet


class Spacing(IntEnum):
    """Distances in device-independent pixels."""

    XS = 4
    S = 8
    M = 12
    L = 16
    XL = 24


RADIUS = 6

READABLE = 4.5
"""WCAG 2.2 AA: the least contrast of text and what is behind it."""

DISCERNIBLE = 3.0
"""WCAG 2.2 AA: the least contrast of an icon, a focus ring or large text."""

_SELECTION_SHARE = 0.16
_TINT_SHARE = 0.12
_HOVER_SHARE = 0.05
_EDGE_SHARE = 0.68


class TextSize(StrEnum):
    SMALL = "small"
    BODY = "body"
    TITLE = "title"


_TEXT_SCALE = {TextSize.SMALL: 0.9, TextSize.BODY: 1.0, TextSize.TITLE: 1.4}


class Tone(StrEnum):
    """What a colour means. Tones are for text and icons; `Theme.tint` gives their backgrounds."""

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
    Tone.SUCCESS: ("#136237", "#5fce8c"),
    Tone.WARNING: ("#854700", "#f0b04f"),
    Tone.DANGER: ("#b3261e", "#ff9c93"),
    Tone.NEUTRAL: ("#525a67", "#aeb6c3"),
    Tone.INFO: ("#1a58ad", "#86b8ff"),
    Tone.VIOLET: ("#6a3fb5", "#c5aaff"),
    Tone.ACCENT: ("#2f5bd8", "#92b1ff"),
    Tone.PRODUCTION: ("#b3261e", "#ff9c93"),
    Tone.SANDBOX: ("#136237", "#5fce8c"),
}

_PALETTE: dict[QPalette.ColorRole, tuple[str, str]] = {
    QPalette.ColorRole.Window: ("#f4f5f8", "#1a1d23"),
    QPalette.ColorRole.WindowText: ("#1b2028", "#e8ebf0"),
    QPalette.ColorRole.Base: ("#ffffff", "#21252d"),
    QPalette.ColorRole.AlternateBase: ("#f8f9fb", "#252a33"),
    QPalette.ColorRole.Text: ("#1b2028", "#e8ebf0"),
    QPalette.ColorRole.Button: ("#ffffff", "#2b303a"),
    QPalette.ColorRole.ButtonText: ("#1b2028", "#e8ebf0"),
    QPalette.ColorRole.BrightText: ("#ffffff", "#ffffff"),
    QPalette.ColorRole.ToolTipBase: ("#1b2028", "#e8ebf0"),
    QPalette.ColorRole.ToolTipText: ("#ffffff", "#1b2028"),
    QPalette.ColorRole.PlaceholderText: ("#5c6472", "#a3abba"),
    QPalette.ColorRole.Highlight: ("#2f5bd8", "#92b1ff"),
    QPalette.ColorRole.HighlightedText: ("#ffffff", "#12151a"),
    QPalette.ColorRole.Accent: ("#2f5bd8", "#92b1ff"),
    QPalette.ColorRole.Light: ("#ffffff", "#3a414d"),
    QPalette.ColorRole.Midlight: ("#eceef2", "#2f3540"),
    QPalette.ColorRole.Mid: ("#d5d9e0", "#3a414d"),
    QPalette.ColorRole.Dark: ("#a9b0bc", "#12151a"),
    QPalette.ColorRole.Shadow: ("#5a6270", "#0b0d10"),
    QPalette.ColorRole.Link: ("#2f5bd8", "#92b1ff"),
    QPalette.ColorRole.LinkVisited: ("#6a3fb5", "#c5aaff"),
}

_ON_SOLID = ("#ffffff", "#12151a")


class Theme(QObject):
    """Turns tokens into colours and fonts for the present light or dark scheme.

    `changed` is emitted after the scheme, the system's palette or its font changed: what is
    painted with a token must be painted again.
    """

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._forced: Qt.ColorScheme | None = None
        self._is_installed = False
        self._last_settings = self._system_settings()
        self._watcher = _SystemWatcher()
        self._watcher.system_changed.connect(self._on_system_changed)
        app.styleHints().colorSchemeChanged.connect(self._apply_if_installed)

    def install_palette(self) -> None:
        """Set the application's palette. That is quick, and enough for a window without controls.

        The application's style must be Fusion on Linux, an argument of `create_application`.
        """
        if not self._native():
            self._app.setPalette(self._own_palette())

    def install(self) -> None:
        """Give the application its palette and its style sheet."""
        self._is_installed = True
        self._apply()

    def force_scheme(self, scheme: Qt.ColorScheme | None) -> None:
        """Use light or dark instead of the system's scheme; None follows the system again."""
        self._set_scheme(scheme)
        self._apply()

    def set_appearance(self, appearance: str) -> None:
        """Use what the user chose: light, dark or system. It is quick before `install`."""
        schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
        scheme = schemes.get(appearance)
        if scheme is not self._forced:
            self._set_scheme(scheme)
            self._apply_if_installed()

    @property
    def is_dark(self) -> bool:
        scheme = self._forced or QGuiApplication.styleHints().colorScheme()
        return scheme is Qt.ColorScheme.Dark

    def color(self, tone: Tone) -> QColor:
        """The tone for text and icons on the backgrounds of windows and fields."""
        return QColor(_TONES[tone][self.is_dark])

    def color_on(self, tone: Tone, background: QColor) -> QColor:
        """The tone, mixed with the text's colour until it is readable on `background`.

        A fixed pair of colours isn't enough: native palettes and the user's accent vary.
        """
        tone_color, text = self.color(tone), self.role(QPalette.ColorRole.Text)
        for tenths in range(10, 0, -1):
            color = mix(tone_color, text, tenths / 10)
            if contrast(color, background) >= READABLE:
                return color
        return text

    def tint(self, tone: Tone) -> QColor:
        """The tone as a faint background, opaque, for the present scheme."""
        return mix(self.color(tone), self.role(QPalette.ColorRole.Base), _TINT_SHARE)

    def on_solid(self) -> QColor:
        """The colour of text on a background that is filled with a tone."""
        return QColor(_ON_SOLID[self.is_dark])

    def selection(self, *, active: bool = True) -> QColor:
        """The background of selected rows; tones stay readable on it."""
        front = QPalette.ColorRole.Highlight if active else QPalette.ColorRole.Text
        return mix(
            self.role(front),
            self.role(QPalette.ColorRole.Base),
            _SELECTION_SHARE * (1 if active else 0.6),
        )

    def hover(self) -> QColor:
        """The background of the row or control under the pointer."""
        return mix(
            self.role(QPalette.ColorRole.Text), self.role(QPalette.ColorRole.Base), _HOVER_SHARE
        )

    def focus(self) -> QColor:
        """The colour of the focus ring, discernible on Base and Window."""
        return self.color_on(Tone.ACCENT, self.role(QPalette.ColorRole.Base))

    def border(self) -> QColor:
        return self.role(QPalette.ColorRole.Mid)

    def edge(self) -> QColor:
        """The outline of fields and buttons, discernible on Base and Window."""
        return mix(self.role(QPalette.ColorRole.PlaceholderText), self.border(), _EDGE_SHARE)

    def hairline(self) -> QColor:
        """The line between rows: fainter than a border."""
        return mix(self.border(), self.role(QPalette.ColorRole.Base), 0.55)

    def role(self, role: QPalette.ColorRole) -> QColor:
        """A colour of the application's palette."""
        return self._app.palette().color(role)

    def font(self, size: TextSize, *, bold: bool = False) -> QFont:
        """A font with a size relative to the system's, so that it follows the user's text size."""
        font = QFont(self._app.font())
        if font.pixelSize() > 0:
            font.setPixelSize(round(font.pixelSize() * _TEXT_SCALE[size]))
        else:
            font.setPointSizeF(font.pointSizeF() * _TEXT_SCALE[size])
        font.setBold(bold)
        return font

    @staticmethod
    def _native() -> bool:
        """Windows and macOS draw with their own palette and style; Linux gets ours."""
        return not sys.platform.startswith("linux")

    def _set_scheme(self, scheme: Qt.ColorScheme | None) -> None:
        self._forced = scheme
        hints = QGuiApplication.styleHints()
        # For native styles. The offscreen platform ignores it, so the choice is kept here too.
        hints.setColorScheme(Qt.ColorScheme.Unknown if scheme is None else scheme)

    def _apply_if_installed(self) -> None:
        """Before `install` the palette is enough."""
        if self._is_installed:
            self._apply()
        else:
            self.install_palette()

    def _apply(self) -> None:
        self.install_palette()
        self._apply_style_sheet()
        self._last_settings = self._system_settings()
        self.changed.emit()

    def _on_system_changed(self) -> None:
        before, self._last_settings = self._last_settings, self._system_settings()
        if self._native() and before[1] != self._last_settings[1]:
            self._apply()
        elif before[0] != self._last_settings[0]:
            # Widgets under a style sheet get the new font only when the sheet is set again.
            if self._is_installed:
                self._apply_style_sheet()
            self.changed.emit()

    def _apply_style_sheet(self) -> None:
        icon = QFontMetrics(self._app.font()).height()
        self._app.setStyleSheet(style_sheet(self._sheet_colors(), icon=icon, native=self._native()))

    def _system_settings(self) -> tuple[str, int]:
        return self._app.font().key(), self._app.palette().cacheKey()

    def _own_palette(self) -> QPalette:
        palette = QPalette()
        for role, pair in _PALETTE.items():
            palette.setColor(role, QColor(pair[self.is_dark]))
        faded = QColor(_PALETTE[QPalette.ColorRole.PlaceholderText][self.is_dark])
        for role in (
            QPalette.ColorRole.WindowText,
            QPalette.ColorRole.Text,
            QPalette.ColorRole.ButtonText,
        ):
            palette.setColor(QPalette.ColorGroup.Disabled, role, faded)
        return palette

    def _sheet_colors(self) -> SheetColors:
        return SheetColors(
            dark=self.is_dark,
            radius=RADIUS,
            window=self.role(QPalette.ColorRole.Window).name(),
            base=self.role(QPalette.ColorRole.Base).name(),
            text=self.role(QPalette.ColorRole.Text).name(),
            faded=self.role(QPalette.ColorRole.PlaceholderText).name(),
            border=self.border().name(),
            edge=self.edge().name(),
            hover=self.hover().name(),
            pressed=self.selection().name(),
            highlight=self.role(QPalette.ColorRole.Highlight).name(),
            highlighted_text=self.role(QPalette.ColorRole.HighlightedText).name(),
            tool_tip=self.role(QPalette.ColorRole.ToolTipBase).name(),
            tool_tip_text=self.role(QPalette.ColorRole.ToolTipText).name(),
            on_solid=self.on_solid().name(),
            tones={tone.value: self.color(tone).name() for tone in Tone},
            tints={tone.value: self.tint(tone).name() for tone in Tone},
            strong={
                tone.value: mix(self.color(tone), self.role(QPalette.ColorRole.Text), 0.85).name()
                for tone in Tone
            },
        )


class _SystemWatcher(QWidget):
    """A widget that is never shown. It emits that the system's font or palette changed.

    Only widgets get that event. Other objects would need a deprecated signal, or an event filter
    for every event of the program.
    """

    system_changed = Signal()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self.system_changed.emit()


def set_kind(widget: QWidget, kind: str, tone: Tone | None = None) -> None:
    """Mark `widget` for the style sheet.

    Buttons: primary, secondary, quiet, danger, link. Frames: card, banner (with a tone). Labels:
    muted, tone (text in a tone).
    """
    widget.setProperty("kind", kind)
    widget.setProperty("tone", tone.value if tone is not None else "")
    # A new widget gets its style when it is first shown.
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def mix(front: QColor, back: QColor, share: float) -> QColor:
    """`share` (0 to 1) of `front` over `back`; opaque."""
    return QColor.fromRgbF(
        front.redF() * share + back.redF() * (1 - share),
        front.greenF() * share + back.greenF() * (1 - share),
        front.blueF() * share + back.blueF() * (1 - share),
    )


def contrast(one: QColor, other: QColor) -> float:
    """The contrast ratio of two opaque colours, 1 to 21 (source: WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: QColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (color.redF(), color.greenF(), color.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
