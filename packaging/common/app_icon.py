"""The application's icon for Windows (.ico) and macOS (.icns), made from its PNG pictures.

Both formats can contain PNG pictures: Windows since Vista, macOS since 10.7.
"""

from __future__ import annotations

import struct
from pathlib import Path

from common.project import ROOT

_PICTURES = ROOT / "resources" / "app-icon"

_WINDOWS_SIZES = (16, 24, 32, 48, 64, 128, 256)
# Apple's name for a picture -> its width in pixels. One picture is both the plain picture of its
# size and the "@2x" picture of half that size.
_APPLE_TYPES = {
    "icp4": 16,
    "icp5": 32,
    "ic11": 32,
    "ic12": 64,
    "ic07": 128,
    "ic13": 256,
    "ic08": 256,
    "ic14": 512,
    "ic09": 512,
}
_WHOLE_BYTE = 256


def write_ico(target: Path) -> Path:
    """Windows' icon with the sizes for Explorer, the task bar and 400 % screens."""
    pictures = [(size, _picture(size)) for size in _WINDOWS_SIZES]
    offset = 6 + 16 * len(pictures)
    entries, bodies = [], []
    for size, body in pictures:
        side = size % _WHOLE_BYTE  # 0 stands for 256
        entries.append(struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(body), offset))
        bodies.append(body)
        offset += len(body)
    head = struct.pack("<HHH", 0, 1, len(pictures))
    return _write(target, b"".join([head, *entries, *bodies]))


def write_icns(target: Path) -> Path:
    """macOS's icon, up to 512 pixels."""
    parts = []
    for kind, size in _APPLE_TYPES.items():
        body = _picture(size)
        parts.append(kind.encode() + struct.pack(">I", 8 + len(body)) + body)
    whole = b"".join(parts)
    return _write(target, b"icns" + struct.pack(">I", 8 + len(whole)) + whole)


def _picture(size: int) -> bytes:
    return (_PICTURES / f"{size}.png").read_bytes()


def _write(target: Path, content: bytes) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return target
