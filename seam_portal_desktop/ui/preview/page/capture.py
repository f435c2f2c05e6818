"""Takes a picture of a whole page, from its first line to its last."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice, QObject, QPoint, Signal
from PySide6.QtGui import QImage, QPainter

from seam_portal_desktop.ui.preview.emulation.inspector import PageInspector

_TILE_PIXELS = 4000
"""The height of a piece in the picture's pixels. Many graphics cards end at 8,192 or 16,384 pixels
and give repeated or blank content beyond that."""

_FINEST = 2.0

_LIMIT_MS = 20_000
"""The time limit for each piece. A page whose script never ends gives no piece."""

_MOST_PIXELS = 64_000_000
"""The limit for a picture: 256 MB while its pieces are joined. A phone's page with two picture
pixels for each CSS pixel may be 41,000 CSS pixels long; a desktop's with one may be 44,000."""


@dataclass(frozen=True, slots=True)
class PageTiles:
    """A page in pieces: each a PNG as the engine gave it (Base64), from top to bottom.

    ``whole`` is False if the page is longer than the pieces.
    """

    pieces: tuple[str, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A PNG, and its size in pixels."""

    png: bytes
    width: int
    height: int


class UnreadablePictureError(ValueError):
    """The engine gave something that is no picture."""


class PageCapture(QObject):
    """Takes a page in pieces. `finished` comes once.

    `pixel_ratio` is the number of screen pixels for a CSS pixel. The picture has as many, but at
    most two. The page's zoom on the screen doesn't change that. The page keeps its layout, because
    its window isn't made longer. But the engine may resize the page and then restore its size
    (Chromium 140).
    """

    finished = Signal(object)  # PageTiles or None

    def __init__(
        self,
        inspector: PageInspector,
        pixel_ratio: float,
        parent: QObject,
        *,
        limit_ms: int = _LIMIT_MS,
    ) -> None:
        super().__init__(parent)
        self._inspector = inspector
        self._pixel_ratio = pixel_ratio
        self._scale = 1.0
        self._limit_ms = limit_ms
        self._pieces: list[str] = []
        self._width = 0.0
        self._tops: list[tuple[float, float]] = []
        self._whole = True
        inspector.ask("Page.getLayoutMetrics", {}, self._on_metrics, limit_ms=limit_ms)

    def _on_metrics(self, metrics: dict[str, Any] | None) -> None:
        if metrics is None:
            self.finished.emit(None)
            return
        # `contentSize` is in units of the zoomed page. `clip` below uses the same units.
        size, own = metrics["contentSize"], metrics["cssContentSize"]
        self._width, height = float(size["width"]), float(size["height"])
        zoom = self._width / max(float(own["width"]), 1.0) or 1.0
        finest = min(self._pixel_ratio, _FINEST) / zoom
        self._scale = finest / self._pixel_ratio
        most = _MOST_PIXELS / finest**2 / max(self._width, 1.0)
        self._whole = height <= most
        height = min(height, most)
        step = _TILE_PIXELS / finest
        count = math.ceil(height / step)
        self._tops = [(i * step, min(step, height - i * step)) for i in range(count)]
        self._request_next_tile()

    def _request_next_tile(self) -> None:
        if len(self._pieces) == len(self._tops):
            tiles = PageTiles(tuple(self._pieces), self._whole)
            self.finished.emit(tiles if self._pieces else None)
            return
        top, height = self._tops[len(self._pieces)]
        clip = {"x": 0, "y": top, "width": self._width, "height": height, "scale": self._scale}
        self._inspector.ask(
            "Page.captureScreenshot",
            {"format": "png", "captureBeyondViewport": True, "clip": clip},
            self._on_tile,
            limit_ms=self._limit_ms,
        )

    def _on_tile(self, answer: dict[str, Any] | None) -> None:
        if answer is None or not isinstance(answer.get("data"), str):
            self.finished.emit(None)
            return
        self._pieces.append(answer["data"])
        self._request_next_tile()


def join_tiles(tiles: PageTiles, text_chunks: Mapping[str, str]) -> PagePicture:
    """One picture of all pieces, with `text_chunks` in the PNG. Any thread; takes a second or two.

    Raises UnreadablePictureError.
    """
    pieces = [QImage.fromData(base64.b64decode(piece)) for piece in tiles.pieces]
    if any(piece.isNull() for piece in pieces):
        raise UnreadablePictureError("A piece of the page is no picture.")
    width = max(piece.width() for piece in pieces)
    whole = QImage(width, sum(piece.height() for piece in pieces), QImage.Format.Format_RGB32)
    if whole.isNull():
        raise UnreadablePictureError("The page is too large for a picture.")
    whole.fill(0xFFFFFF)
    painter = QPainter(whole)
    top = 0
    for piece in pieces:
        painter.drawImage(QPoint(0, top), piece)
        top += piece.height()
    painter.end()
    for key, text in text_chunks.items():
        whole.setText(key, text)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not whole.save(buffer, "PNG"):  # type: ignore[call-overload]
        raise UnreadablePictureError("The picture could not be written.")
    return PagePicture(bytes(buffer.data().data()), whole.width(), whole.height())
