"""Reads QR codes from pictures, by a decoder that isn't ours."""

from __future__ import annotations

import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage


def read_qr(picture: bytes | QImage) -> str:
    """The text of the one code in a picture (a file's content or an image). Fails without one."""
    found = codes_in(picture)
    assert len(found) == 1, f"{len(found)} codes"
    return found[0]


def codes_in(picture: bytes | QImage) -> list[str]:
    image = picture if isinstance(picture, QImage) else QImage.fromData(picture)
    assert not image.isNull()
    gray = image.convertToFormat(QImage.Format.Format_Grayscale8)
    width, height = gray.width(), gray.height()
    lines = memoryview(gray.constBits()).tobytes()
    step = gray.bytesPerLine()
    packed = b"".join(lines[row * step : row * step + width] for row in range(height))
    buffer = memoryview(packed).cast("B", (height, width))
    results = zxingcpp.read_barcodes(buffer, formats=zxingcpp.BarcodeFormat.QRCode)
    return [each.bytes.decode("utf-8") for each in results]


def printed(image: QImage, millimetres: float, dots_per_inch: int) -> QImage:
    """The image as a printer of this resolution prints it at this width."""
    side = round(millimetres / 25.4 * dots_per_inch)
    return image.scaled(
        side,
        side,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
