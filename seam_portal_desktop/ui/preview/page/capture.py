"""Takes a picture of a whole page, from its first line to its last."""

from __future__ import annotations

import math
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from seam_portal_desktop.ui.preview.emulation.inspector import PageInspector
from seam_portal_desktop.ui.preview.page.picture_file import PictureFile

_TILE_PIXELS = 1_000_000
"""The size of a piece. The engine takes some 40 bytes of this process for each of its pixels."""

_TILE_HEIGHT = 4_000
"""The greatest height of a piece in the picture's pixels. Many graphics cards end at 8,192 or
16,384 pixels and give repeated or blank content beyond that."""

_FINEST = 2.0

_LIMIT_MS = 20_000
"""The time limit for each piece. A page whose script never ends gives no piece."""

_MOST_PIXELS = 64_000_000
"""The limit for a picture. A phone's page with two picture pixels for each CSS pixel may be 41,000
CSS pixels long; a desktop's with one may be 44,000."""

_CHECK_MS = 10


class PageCapture(QObject):
    """Takes a page in pieces, each of which goes into a file. `finished` comes once.

    `pixel_ratio` is the number of screen pixels for a CSS pixel. The picture has as many, but at
    most two. The page's zoom on the screen doesn't change that. The page keeps its layout, because
    its window isn't made longer. But the engine may resize the page and then restore its size
    (Chromium 140).
    """

    finished = Signal(object)  # PictureFile, with all pieces, or None

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
        self._picture = PictureFile()
        self._width = 0.0
        self._tops: list[tuple[float, float]] = []
        self._has_finished = False
        inspector.ask("Page.getLayoutMetrics", {}, self._on_metrics, limit_ms=limit_ms)

    def _on_metrics(self, metrics: dict[str, Any] | None) -> None:
        if metrics is None:
            self.cancel()
            return
        # `contentSize` is in units of the zoomed page. `clip` below uses the same units.
        size, own = metrics["contentSize"], metrics["cssContentSize"]
        self._width, height = float(size["width"]), float(size["height"])
        zoom = self._width / max(float(own["width"]), 1.0) or 1.0
        finest = min(self._pixel_ratio, _FINEST) / zoom
        self._scale = finest / self._pixel_ratio
        most = _MOST_PIXELS / finest**2 / max(self._width, 1.0)
        self._picture.whole = height <= most
        height = min(height, most)
        step = min(_TILE_HEIGHT, max(1.0, _TILE_PIXELS // (self._width * finest))) / finest
        count = math.ceil(height / step)
        self._tops = [(i * step, min(step, height - i * step)) for i in range(count)][::-1]
        self._request_next_tile()

    def cancel(self) -> None:
        """Finish without a picture. Does nothing after `finished`."""
        self._finish(None)

    def _request_next_tile(self) -> None:
        if not self._tops:
            self._finish(self._picture)
            return
        top, height = self._tops.pop()
        clip = {"x": 0, "y": top, "width": self._width, "height": height, "scale": self._scale}
        self._inspector.ask(
            "Page.captureScreenshot",
            {"format": "png", "captureBeyondViewport": True, "clip": clip},
            self._on_tile,
            limit_ms=self._limit_ms,
        )

    def _on_tile(self, answer: dict[str, Any] | None) -> None:
        if answer is None or not isinstance(answer.get("data"), str):
            self.cancel()
        elif not self._has_finished:
            self._go_on_after(self._picture.add(answer["data"]))

    def _go_on_after(self, written: Future[None]) -> None:
        if self._has_finished:
            return
        if written.done():
            self._request_next_tile()
        else:
            QTimer.singleShot(_CHECK_MS, self, lambda: self._go_on_after(written))

    def _finish(self, picture: PictureFile | None) -> None:
        if self._has_finished:
            return
        self._has_finished = True
        if picture is None:
            self._picture.close()
        self.finished.emit(picture)
