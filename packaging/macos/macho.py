"""Read the headers of macOS's programs and libraries.

Source of the numbers: <mach-o/loader.h> and <mach-o/fat.h>.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from common.project import BuildError

_THIN = 0xFEEDFACF  # 64 bits, little-endian
_FAT = 0xCAFEBABE  # several programs in one file; big-endian
_HEADER_SIZE = 32
_LC_VERSION_MIN_MACOSX, _LC_BUILD_VERSION = 0x24, 0x32


def is_macho(path: Path) -> bool:
    """Whether it is a program or a library, which needs its own signature."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) in {struct.pack("<I", _THIN), struct.pack(">I", _FAT)}


def minimum_system(tree: Path) -> tuple[int, int]:
    """The oldest macOS on which all programs and libraries under `tree` run.

    PySide6's wheels need a newer macOS than their tags name: 6.11.3 is tagged macosx_13_0, but its
    modules are built for 15.0.
    """
    needed = [version for path in tree.rglob("*") if is_macho(path) for version in _needs(path)]
    if not needed:
        raise BuildError(f"{tree.name} has no program for macOS.")
    return max(needed)


def _needs(path: Path) -> Iterator[tuple[int, int]]:
    """The oldest macOS of each program in the file; nothing if the file doesn't have it."""
    with path.open("rb") as file:
        magic, count = struct.unpack(">2I", file.read(8))
        starts = [0]
        if magic == _FAT:
            table = struct.iter_unpack(">5I", file.read(20 * count))
            starts = [start for _cpu, _subtype, start, _size, _align in table]
        for start in starts:
            file.seek(start)
            _, _, _, _, commands, size, _, _ = struct.unpack("<8I", file.read(_HEADER_SIZE))
            yield from _versions(file.read(size), commands)


def _versions(commands: bytes, count: int) -> Iterator[tuple[int, int]]:
    offset = 0
    for _ in range(count):
        kind, size, first, second = struct.unpack_from("<4I", commands.ljust(offset + 16), offset)
        if kind in {_LC_BUILD_VERSION, _LC_VERSION_MIN_MACOSX}:
            version = second if kind == _LC_BUILD_VERSION else first
            yield version >> 16, version >> 8 & 0xFF
        offset += size
