"""What stands in the heads of macOS's programs and libraries.

Source of the numbers: <mach-o/loader.h> and <mach-o/fat.h>.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from common.project import BuildError

_THIN = 0xFEEDFACF  # 64 bits, little-endian
_FAT = 0xCAFEBABE  # several of them in one file; big-endian
_HEAD_SIZE = 32
_LC_VERSION_MIN_MACOSX, _LC_BUILD_VERSION = 0x24, 0x32


def is_macho(path: Path) -> bool:
    """Whether it is a program or a library: what has to be signed by itself."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) in {struct.pack("<I", _THIN), struct.pack(">I", _FAT)}


def minimum_system(tree: Path) -> tuple[int, int]:
    """The oldest macOS that all programs and libraries under `tree` were made for.

    PySide6's wheels need more than their tags say: 6.11.3 is tagged macosx_13_0, and its modules
    are built for 15.0.
    """
    needed = [version for path in tree.rglob("*") if is_macho(path) for version in _needs(path)]
    if not needed:
        raise BuildError(f"{tree.name} holds no program for macOS.")
    return max(needed)


def _needs(path: Path) -> Iterator[tuple[int, int]]:
    """What each of the programs in the file was made for; nothing where it doesn't say."""
    with path.open("rb") as file:
        magic, count = struct.unpack(">2I", file.read(8))
        starts = [0]
        if magic == _FAT:
            table = struct.iter_unpack(">5I", file.read(20 * count))
            starts = [start for _cpu, _subtype, start, _size, _align in table]
        for start in starts:
            file.seek(start)
            _, _, _, _, commands, size, _, _ = struct.unpack("<8I", file.read(_HEAD_SIZE))
            yield from _versions(file.read(size), commands)


def _versions(commands: bytes, count: int) -> Iterator[tuple[int, int]]:
    place = 0
    for _ in range(count):
        kind, size, first, second = struct.unpack_from("<4I", commands.ljust(place + 16), place)
        if kind in {_LC_BUILD_VERSION, _LC_VERSION_MIN_MACOSX}:
            version = second if kind == _LC_BUILD_VERSION else first
            yield version >> 16, version >> 8 & 0xFF
        place += size
