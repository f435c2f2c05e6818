"""Draws the page with a portal's QR code, for printers and PDF files. It is black on white."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QIODevice, QLocale, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QFont,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextLayout,
    QTextOption,
)

from seam_portal_desktop.domain.message.qr_page import QrPage

_MILLIMETRES_PER_INCH = 25.4
_DOTS_PER_INCH = 300
_MARGIN = 20.0
_CODE_SIDE = 70.0
_LEAST_MODULE = 0.5
"""Millimetres. The code of a long link is larger, so that phones still tell its modules apart."""

_MOST_LINES = 3
"""Of a name, which can be very long."""

_COMPANY, _NAME, _SENTENCE, _SMALL = 16.0, 26.0, 12.0, 10.0
"""Sizes of text in points."""

_LETTER_COUNTRIES = QLocale.MeasurementSystem.ImperialUSSystem


def qr_page_pdf(page: QrPage) -> bytes:
    """The page as a PDF file, on the paper that this computer's country uses."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DOTS_PER_INCH)
    writer.setPageSize(_paper())
    writer.setTitle(page.display_name)
    writer.setCreator("Seam Portal Desktop")
    draw_qr_page(writer, page)
    buffer.close()
    return bytes(buffer.data().data())


def draw_qr_page(device: QPagedPaintDevice, page: QrPage) -> None:
    """Draw it on a printer or a PDF file, of which nothing was drawn yet."""
    margins = QMarginsF(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    device.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    painter = QPainter(device)
    try:
        painter.setPen(Qt.GlobalColor.black)
        _PageDrawing(painter, device.logicalDpiX() / _MILLIMETRES_PER_INCH).draw(page)
    finally:
        painter.end()


class _PageDrawing:
    """Puts the parts below each other, all in the middle. `scale` is in dots per millimetre."""

    def __init__(self, painter: QPainter, scale: float) -> None:
        self._painter = painter
        self._scale = scale
        self._width = float(painter.viewport().width())
        self._top = 0.0

    def draw(self, page: QrPage) -> None:
        self._space(20)
        if page.company:
            self._text(page.company, _COMPANY)
            self._space(10)
        self._text(page.display_name, _NAME, is_bold=True)
        self._space(12)
        self._code(page.modules)
        self._space(8)
        self._text(page.words.scan, _SENTENCE)
        self._space(12)
        self._text(page.words.expiry, _SMALL)
        self._space(1)
        self._text(page.expires_at, _SENTENCE, is_bold=True)
        self._space(12)
        self._text(page.words.private, _SMALL)

    def _space(self, millimetres: float) -> None:
        self._top += millimetres * self._scale

    def _text(self, text: str, points: float, *, is_bold: bool = False) -> None:
        font = QFont()
        font.setPointSizeF(points)
        font.setBold(is_bold)
        layout, shown, height = self._lines(text, font)
        end = min(shown, len(text))
        while shown < _units(layout.text()) and end:
            end -= 1
            layout, shown, height = self._lines(f"{text[:end].rstrip()}…", font)
        layout.draw(self._painter, QPointF(0, self._top))
        self._top += height

    def _lines(self, text: str, font: QFont) -> tuple[QTextLayout, int, float]:
        """The lines, how many of the text's units they have, and their height."""
        option = QTextOption(Qt.AlignmentFlag.AlignHCenter)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout = QTextLayout(text, font, self._painter.device())
        layout.setTextOption(option)
        layout.beginLayout()
        shown, height = 0, 0.0
        for _number in range(_MOST_LINES):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(self._width)
            line.setPosition(QPointF(0, height))
            height += line.height()
            shown = line.textStart() + line.textLength()
        layout.endLayout()
        return layout, shown, height

    def _code(self, modules: Sequence[Sequence[bool]]) -> None:
        """Modules are whole dots wide, so that all have the same width."""
        count = len(modules)
        side = max(_CODE_SIDE, _LEAST_MODULE * count) * self._scale
        dots = max(1, round(side / count))
        left = round((self._width - dots * count) / 2)
        top = round(self._top)
        self._painter.fillRect(QRectF(left, top, dots * count, dots * count), Qt.GlobalColor.white)
        for row, line in enumerate(modules):
            for start, length in _dark_runs(line):
                place = QRectF(left + start * dots, top + row * dots, length * dots, dots)
                self._painter.fillRect(place, Qt.GlobalColor.black)
        self._top = top + dots * count


def _dark_runs(line: Sequence[bool]) -> list[tuple[int, int]]:
    """The start and the length of each run of dark modules."""
    runs: list[tuple[int, int]] = []
    start = None
    for column, is_dark in enumerate([*line, False]):
        if is_dark and start is None:
            start = column
        elif not is_dark and start is not None:
            runs.append((start, column - start))
            start = None
    return runs


def _units(text: str) -> int:
    """The length of a text as Qt counts it."""
    return len(text.encode("utf-16-le", "replace")) // 2


def _paper() -> QPageSize:
    is_letter = QLocale.system().measurementSystem() is _LETTER_COUNTRIES
    return QPageSize(QPageSize.PageSizeId.Letter if is_letter else QPageSize.PageSizeId.A4)
