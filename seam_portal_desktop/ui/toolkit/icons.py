"""The outline icon set (Lucide), tinted from the palette and drawn crisp at any scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from seam_portal_desktop.paths import resource
from seam_portal_desktop.texts import _

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QIcon, QPixmap

    from seam_portal_desktop.ui.toolkit.theme import Theme, Tone

_CACHED_PIXMAPS = 256
_DIRECTED = frozenset({"arrow-left", "chevron-right", "panel-right", "redo-2", "send", "undo-2"})
"""They point along the line, so a right-to-left layout has them the other way round."""


class Icons:
    """Gives icons by Lucide's file name. They follow the scheme: colours are looked up on paint."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._sources: dict[str, str] = {}
        self._pixmaps: dict[tuple[str, int, int, float], QPixmap] = {}

    def icon(self, name: str, tone: Tone | None = None, *, on_solid: bool = False) -> QIcon:
        """An icon in the text's colour, or in that of `tone`.

        `on_solid` is for a background that is filled with a tone, such as a primary button's.
        Raises OSError for an unknown name.
        """
        from PySide6.QtGui import QIcon

        from seam_portal_desktop.ui.toolkit.tinted_svg import TintedSvg

        drawn = QIcon(TintedSvg(self._source(name), self.theme, tone, on_solid=on_solid))
        # Return a copy. PySide makes the engine's Python object a child of the first QIcon's Python
        # object. When the garbage collector frees that QIcon, it frees the engine's Python object
        # too. But Qt may still use the engine in a button: then the next paint or the end of the
        # program segfaults (seen with 6.11.3).
        return QIcon(drawn)

    def pixmap(self, name: str, color: QColor, side: int, ratio: float) -> QPixmap:
        """The icon in `color`, `side` device-independent pixels square, for delegates.

        `ratio` is the device pixel ratio. The last few hundred are cached: a table paints the same
        dozen again and again.
        """
        key = (name, color.rgba(), side, ratio)
        pixmap = self._pixmaps.get(key)
        if pixmap is None:
            if len(self._pixmaps) >= _CACHED_PIXMAPS:
                self._pixmaps.clear()
            from PySide6.QtCore import QSize

            from seam_portal_desktop.ui.toolkit.tinted_svg import render

            pixmap = render(self._source(name), color, QSize(side, side) * ratio)
            pixmap.setDevicePixelRatio(ratio)
            self._pixmaps[key] = pixmap
        return pixmap

    def _source(self, name: str) -> str:
        source = self._sources.get(name)
        if source is None:
            source = resource(f"icons/{name}.svg").read_text("utf-8")
            if name in _DIRECTED and QGuiApplication.isRightToLeft():
                source = _mirrored(source)
            self._sources[name] = source
        return source


def _mirrored(source: str) -> str:
    """The SVG, which is 24 units wide, the other way round."""
    start = source.index(">", source.index("<svg")) + 1
    end = source.rindex("</svg>")
    group = _('<g transform="translate(24 0) scale(-1 1)">')
    return f"{source[:start]}{group}{source[start:end]}</g>{source[end:]}"
