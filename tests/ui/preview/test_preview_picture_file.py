"""Pieces of a picture are joined to one picture, line by line, whatever filters they use."""

from __future__ import annotations

import base64
import struct
import tempfile
import zlib

import pytest
from PySide6.QtGui import QImage

from seam_portal_desktop.ui.preview.page import picture_file
from seam_portal_desktop.ui.preview.page.picture_file import PictureFile, UnreadablePictureError

WIDTH, HEIGHT = 5, 4


def pixel(line: int, at: int) -> int:
    """The value of byte `at` of a line."""
    return (line * 71 + at * at * 13 + 7) & 0xFF


def predicted(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 4:
        guess = left + up - corner
        return min((left, up, corner), key=lambda value: abs(guess - value))
    return (0, left, up, (left + up) // 2)[kind]


def piece(kind: int, channels: int, *, width: int = WIDTH, first_line: int = 0) -> str:
    """A PNG whose lines all use that filter, in Base64."""
    data = bytearray()
    above = [0] * (width * channels)
    for line in range(first_line, first_line + HEIGHT):
        now = [pixel(line, at) for at in range(width * channels)]
        data.append(kind)
        for at, value in enumerate(now):
            left = now[at - channels] if at >= channels else 0
            corner = above[at - channels] if at >= channels else 0
            data.append((value - predicted(kind, left, above[at], corner)) & 0xFF)
        above = now
    header = struct.pack(">IIBBBBB", width, HEIGHT, 8, {3: 2, 4: 6}[channels], 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(data)), (b"IEND", b""))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    return base64.b64encode(png).decode()


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("kind", range(5))
def test_each_line_is_what_it_was_in_its_piece(kind, channels):
    file = PictureFile()
    for number in range(3):
        file.add(piece(kind, channels, first_line=number * HEIGHT))
    picture = file.finish({"Title": "Hôtel 東京"})
    image = QImage.fromData(picture.png, "PNG")
    assert (image.width(), image.height()) == (picture.width, picture.height) == (5, 12)
    assert image.text("Title") == "Hôtel 東京"
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    for line in range(image.height()):
        shown = bytes(image.constScanLine(line))[: WIDTH * 4]
        for at in range(WIDTH):
            expected = [pixel(line, at * channels + channel) for channel in range(channels)]
            assert list(shown[at * 4 : at * 4 + channels]) == expected


@pytest.mark.parametrize(
    ("pieces", "reason"),
    [
        ([], "has no picture"),
        (["?"], "is no picture"),
        ([base64.b64encode(b"GIF89a").decode()], "is no picture"),
        ([piece(0, 3)[:60]], "is no picture"),
        ([piece(0, 3), piece(0, 4)], "don’t fit together"),
        ([piece(0, 3), piece(0, 3, width=6)], "don’t fit together"),
    ],
)
def test_what_is_no_picture_is_said(pieces, reason):
    file = PictureFile()
    for each in pieces:
        file.add(each)
    with pytest.raises(UnreadablePictureError, match=reason):
        file.finish({})


def test_a_picture_that_is_too_large_is_said(monkeypatch):
    monkeypatch.setattr(picture_file, "_MOST_BYTES", 40)
    file = PictureFile()
    file.add(piece(0, 3))
    with pytest.raises(UnreadablePictureError, match="would be larger than"):
        file.finish({})


def test_without_a_folder_for_temporary_files_the_reason_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    file = PictureFile()
    file.add(piece(0, 3))
    with pytest.raises(UnreadablePictureError, match="no room for a temporary file"):
        file.finish({})


def test_a_disk_that_is_full_at_the_end_is_said():
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    file = PictureFile()
    file.add(piece(0, 3)).result()
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    try:
        with pytest.raises(UnreadablePictureError, match="no room for a temporary file"):
            file.finish({})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_it_can_be_closed_again():
    file = PictureFile()
    file.add(piece(0, 3))
    file.finish({})
    file.close()
    file.close()
