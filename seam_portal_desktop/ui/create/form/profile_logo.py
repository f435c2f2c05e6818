"""A profile's logo from bytes of unknown origin, small and sharp."""

from __future__ import annotations

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QRectF,
    QSize,
    QSizeF,
    Qt,
    QXmlStreamReader,
)
from PySide6.QtGui import QImage, QImageReader, QPainter
from PySide6.QtSvg import QSvgRenderer

_RASTER_FORMATS = frozenset({b"png", b"jpeg", b"webp"})
_LARGEST_SIDE = 2048
_MOST_USES = 32


def logo_image(data: bytes, side: int) -> QImage | None:
    """The picture, as large as fits in a square of `side` device pixels; None when there is none.

    Takes PNG, JPEG, WebP, and SVG that draws itself without pictures from elsewhere.
    """
    return _raster(data, side) or _svg(data, side)


def _raster(data: bytes, side: int) -> QImage | None:
    buffer = _buffer(data)
    reader = QImageReader(buffer)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    if not reader.canRead() or reader.format().data() not in _RASTER_FORMATS:
        return None
    size = reader.size()
    # A few bytes can hold a picture of gigabytes; one whose size isn't known is broken.
    if not size.isValid() or max(size.width(), size.height()) > _LARGEST_SIDE:
        return None
    image = reader.read()
    if image.isNull():
        return None
    return image.scaled(
        QSize(side, side),
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def _svg(data: bytes, side: int) -> QImage | None:
    if not _draws_itself(data):
        return None
    renderer = QSvgRenderer()
    renderer.setAnimationEnabled(False)
    if not renderer.load(QByteArray(data)) or renderer.viewBoxF().isEmpty():
        return None
    size = QSizeF(renderer.viewBoxF().size())
    size.scale(side, side, Qt.AspectRatioMode.KeepAspectRatio)
    image = QImage(size.toSize().expandedTo(QSize(1, 1)), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    return image


def _draws_itself(data: bytes) -> bool:
    """Whether `data` is well-formed SVG that opens no file and doesn't multiply itself.

    Qt reads the file that an <image> names, and draws what <use> repeats as often as it says.
    """
    buffer = _buffer(data)
    reader = QXmlStreamReader(buffer)
    uses = 0
    root = ""
    while not reader.atEnd():
        kind = reader.readNext()
        if kind == QXmlStreamReader.TokenType.DTD and "<!ENTITY" in reader.text():
            return False
        if kind == QXmlStreamReader.TokenType.StartElement:
            name = str(reader.name())
            root = root or name
            uses += name == "use"
            if root != "svg" or name == "image" or uses > _MOST_USES:
                return False
    return bool(root) and not reader.hasError()


def _buffer(data: bytes) -> QBuffer:
    """Readers don't own it: it has to be kept for as long as they read."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    return buffer
