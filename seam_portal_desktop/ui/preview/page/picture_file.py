"""Joins pictures of a page's pieces to one PNG, in a temporary file. No Qt in here.

A picture of 60 megapixels takes some 250 MB when it is decoded. So no piece is decoded to pixels,
and only one is in the memory at a time: its compressed lines are taken out of it and compressed
again as the next lines of the whole (PNG specification, third edition, chapters 5, 9 and 10).
"""

from __future__ import annotations

import base64
import binascii
import struct
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO

from seam_portal_desktop.texts import _

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEADER = struct.Struct(">IIBBBBB")  # width, height, depth, colour, compression, filter, interlace
_CHANNELS = {2: 3, 6: 4}  # by colour type: RGB, RGBA
_NONE, _SUB, _UP, _AVERAGE, _PAETH = range(5)
_LEVEL = 4
_MOST_BYTES = 64 << 20
_MOST_PIECE_BYTES = 64 << 20
_NO_ROOM = _("There was no room for a temporary file. Free some space, then try again.")


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A PNG, and its size in pixels."""

    png: bytes
    width: int
    height: int


class UnreadablePictureError(ValueError):
    """There is no picture. The text says why, in a sentence for people."""


class PictureFile:
    """Add the pieces from top to bottom, then call `finish`, or `close` at any time.

    ``whole`` is False if the page is longer than the picture.
    """

    def __init__(self) -> None:
        self.whole = True
        self._file: BinaryIO | None = None  # the thread opens it
        self._thread = ThreadPoolExecutor(1, "page-picture")
        self._compressor = zlib.compressobj(_LEVEL)
        self._format: tuple[int, int] | None = None  # width, colour type
        self._height = 0
        self._failure: UnreadablePictureError | None = None
        self._is_closed = False

    def add(self, piece: str) -> Future[None]:
        """Append a piece, a PNG in Base64, in a thread. An error is kept for `finish`."""
        return self._thread.submit(self._add, piece)

    def finish(self, text_chunks: Mapping[str, str]) -> PagePicture:
        """The picture with `text_chunks` in it. Not on the GUI thread.

        Raises UnreadablePictureError.
        """
        try:
            return self._thread.submit(self._finish, text_chunks).result()
        finally:
            self.close()

    def close(self) -> None:
        """Delete the file. Idempotent."""
        if not self._is_closed:
            self._is_closed = True
            self._thread.submit(self._close)
            self._thread.shutdown(wait=False)

    # In the thread -----------------------------------------------------------------------------

    def _add(self, piece: str) -> None:
        if self._failure is not None:
            return
        try:
            self._append(base64.b64decode(piece, validate=True))
        except UnreadablePictureError as failure:
            self._failure = failure
        except (binascii.Error, struct.error, zlib.error, KeyError):
            self._failure = UnreadablePictureError(_("A piece of the page is no picture."))
        except OSError:
            self._failure = UnreadablePictureError(_NO_ROOM)

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _append(self, piece: bytes) -> None:
        chunks = list(_chunks(piece))
        width, height, depth, color, _unused, _unused, interlace = _HEADER.unpack(
            dict(chunks)[b"IHDR"]
        )
        if self._format is None or self._file is None:
            self._format = width, color
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - `_close` closes it
            self._file.write(_SIGNATURE + _chunk(b"IHDR", bytes(_HEADER.size)))
        if (width, color) != self._format or depth != 8 or interlace:
            raise UnreadablePictureError(_("The pieces of the page don’t fit together."))
        length = (1 + width * _CHANNELS[color]) * height
        if length > _MOST_PIECE_BYTES:
            raise UnreadablePictureError(_("The page is too wide for a picture."))
        data = b"".join(data for name, data in chunks if name == b"IDAT")
        lines = bytearray(zlib.decompressobj().decompress(data, length))
        if len(lines) != length:
            raise UnreadablePictureError(_("A piece of the page is no picture."))
        _make_independent(lines, width, _CHANNELS[color])
        self._height += height
        _write_data(self._file, self._compressor.compress(lines))

    def _finish(self, text_chunks: Mapping[str, str]) -> PagePicture:
        if self._failure is not None:
            raise self._failure
        if self._format is None or self._file is None:
            raise UnreadablePictureError(_("The page has no picture."))
        try:
            return self._complete(self._file, self._format, text_chunks)
        except OSError:
            raise UnreadablePictureError(_NO_ROOM) from None

    def _complete(
        self, file: BinaryIO, image_format: tuple[int, int], text_chunks: Mapping[str, str]
    ) -> PagePicture:
        width, color = image_format
        _write_data(file, self._compressor.flush())
        for key, text in text_chunks.items():
            body = key.encode("latin-1") + b"\0\0\0\0\0" + text.encode()
            file.write(_chunk(b"iTXt", body))
        file.write(_chunk(b"IEND", b""))
        file.seek(len(_SIGNATURE))
        file.write(_chunk(b"IHDR", _HEADER.pack(width, self._height, 8, color, 0, 0, 0)))
        file.seek(0)
        return PagePicture(file.read(), width, self._height)


def _write_data(file: BinaryIO, data: bytes) -> None:
    if data:
        file.write(_chunk(b"IDAT", data))
    if file.tell() > _MOST_BYTES:
        raise UnreadablePictureError(
            _(
                "The picture would be larger than {most_bytes} MB. "
                "Choose a smaller device for the preview, or save the page as a PDF."
            ).format(most_bytes=_MOST_BYTES >> 20)
        )


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The names and contents of the parts of a PNG."""
    if not png.startswith(_SIGNATURE):
        raise UnreadablePictureError(_("A piece of the page is no picture."))
    at = len(_SIGNATURE)
    while at < len(png):
        length, name = struct.unpack_from(">I4s", png, at)
        yield name, png[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _make_independent(lines: bytearray, width: int, channels: int) -> None:
    """Write the first line so that it doesn't depend on the line above.

    In its own piece there was none, which counts as zeros. In the whole there is one.
    """
    kind = lines[0]
    if kind == _UP:
        lines[0] = _NONE
    elif kind == _PAETH:
        lines[0] = _SUB
    elif kind == _AVERAGE:
        lines[0] = _NONE
        for at in range(1 + channels, 1 + width * channels):
            lines[at] = (lines[at] + lines[at - channels] // 2) & 0xFF
