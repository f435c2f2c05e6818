"""Files that are replaced whole or not at all, and why a disk refuses. Standard library only."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from enum import Enum, auto
from pathlib import Path
from typing import BinaryIO


class DiskFault(Enum):
    """What an OSError of a file means for people."""

    FULL = auto()
    QUOTA = auto()
    READ_ONLY = auto()
    NOT_ALLOWED = auto()
    NO_FOLDER = auto()
    BROKEN = auto()
    OTHER = auto()


_FAULTS = {
    errno.ENOSPC: DiskFault.FULL,
    errno.EDQUOT: DiskFault.QUOTA,
    errno.EROFS: DiskFault.READ_ONLY,
    errno.EACCES: DiskFault.NOT_ALLOWED,
    errno.EPERM: DiskFault.NOT_ALLOWED,
    errno.ENOTDIR: DiskFault.NO_FOLDER,
    errno.EEXIST: DiskFault.NO_FOLDER,
    errno.EISDIR: DiskFault.NO_FOLDER,
    errno.ENOENT: DiskFault.NO_FOLDER,
    errno.EIO: DiskFault.BROKEN,
}


def disk_fault(error: OSError) -> DiskFault:
    return _FAULTS.get(error.errno or 0, DiskFault.OTHER)


def write_error(folder: Path, size: int) -> OSError | None:
    """Why `size` bytes can't be written in `folder` now, or None if they can. Blocking."""
    import tempfile

    try:
        with tempfile.TemporaryFile(prefix=".", suffix=".part", dir=folder) as file:
            file.write(bytes(size))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error
    return None


def technical_text(error: OSError) -> str:
    """The error's class and code, such as ``PermissionError (EACCES)``; no path."""
    return f"{type(error).__name__} ({errno.errorcode.get(error.errno or 0, 'unknown')})"


def read_start(path: Path, most: int) -> bytes:
    """The file's first bytes, `most` at the most. Blocking. Raises OSError, also for no file."""
    if path.exists() and not path.is_file():
        # Opening a named pipe would never return.
        raise OSError(errno.EISDIR, "This is no file.")
    with path.open("rb") as file:
        return file.read(most)


def replace_file(path: Path, content: bytes) -> None:
    """Write `content` through to the disk, in a file that only its owner can read. Blocking.

    Raises OSError; what was at `path` before is untouched then.
    """
    with replacement_of(path) as file:
        file.write(content)


@contextlib.contextmanager
def replacement_of(path: Path) -> Iterator[BinaryIO]:
    """A file that only its owner can read. It replaces `path` after the block. Blocking.

    Raises OSError. After any exception, what was at `path` before is untouched.
    """
    import tempfile  # nothing is written before there is a window

    # In the same folder, or the rename would not be atomic.
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
